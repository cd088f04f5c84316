/// The labels and detections of one evaluation, column by column, in double precision.
///
/// Files are read straight into this form and metrics work on it; no object is a value of its own.
public struct EvaluationSet: Sendable {
  /// Every image that counts, ascending; also those without labels or detections. May hold an id more than once
  /// if images without ids of their own were given.
  public var imageIDs: [Int]
  /// The images, as indices into `imageIDs`, in the order of the data set.
  public var imageOrder: [Int]
  /// Ascending.
  public var categoryIDs: [Int]
  /// One for each category; empty where unknown.
  public var categoryNames: [String]
  /// Keypoints an object has; 0 if the set holds boxes alone.
  public var keypointCount: Int
  public var groundTruths: GroundTruthColumns
  public var detections: DetectionColumns

  /// - Parameter imageOrder: nil if it is that of the ids.
  public init(
    imageIDs: [Int], imageOrder: [Int]? = nil, categoryIDs: [Int], categoryNames: [String],
    keypointCount: Int,
    groundTruths: GroundTruthColumns = GroundTruthColumns(), detections: DetectionColumns = DetectionColumns()
  ) {
    self.imageIDs = imageIDs
    self.imageOrder = imageOrder ?? Array(imageIDs.indices)
    self.categoryIDs = categoryIDs
    self.categoryNames = categoryNames
    self.keypointCount = keypointCount
    self.groundTruths = groundTruths
    self.detections = detections
  }
}

/// Labelled objects: entry `i` of every column (or the `i`-th group of entries) belongs to object `i`.
///
/// Objects of one image keep their order, which decides between equal similarities.
public struct GroundTruthColumns: Sendable {
  /// Index into `EvaluationSet.imageIDs`.
  public var images: [Int32] = []
  /// Index into `EvaluationSet.categoryIDs`.
  public var categories: [Int32] = []
  public var ids: [Int] = []
  /// Square pixels.
  public var areas: [Double] = []
  public var isCrowd: [Bool] = []
  /// The object has no labelled keypoint.
  public var isUnlabelled: [Bool] = []
  /// Four an object: left, top, width, height in pixels.
  public var boxes: [Double] = []
  /// 3K an object: all x, then all y in pixels, then all visibilities (above 0 = labelled).
  public var keypoints: [Double] = []

  public init() {}

  public var count: Int { images.count }
}

/// Detected objects: entry `i` of every column (or the `i`-th group of entries) belongs to object `i`.
///
/// Objects of one image keep their order, which decides between equal scores.
public struct DetectionColumns: Sendable {
  /// Index into `EvaluationSet.imageIDs`.
  public var images: [Int32] = []
  /// Index into `EvaluationSet.categoryIDs`.
  public var categories: [Int32] = []
  public var scores: [Double] = []
  /// Square pixels; decides about area ranges.
  public var areas: [Double] = []
  /// Four an object: left, top, width, height in pixels.
  public var boxes: [Double] = []
  /// 2K an object: all x, then all y in pixels.
  public var keypoints: [Double] = []

  public init() {}

  public var count: Int { images.count }
}
