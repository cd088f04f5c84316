/// A COCO annotation file: images, categories and labelled objects.
///
/// Annotations are columns: entry `i` of each (or the `i`-th group of entries) belongs to annotation `i`, in the
/// order of the file.
public struct COCOAnnotations: Sendable {
  public var path: String
  public var images: [COCOImage] = []
  public var categories: [COCOCategory] = []

  public var ids: [Int] = []
  public var imageIDs: [Int] = []
  public var categoryIDs: [Int] = []
  /// Square pixels.
  public var areas: [Double] = []
  /// Four an annotation: left, top, width, height in pixels.
  public var boxes: [Double] = []
  public var isCrowd: [Bool] = []
  /// `num_keypoints` as the file states it; -1 where it does not.
  public var statedKeypointCounts: [Int32] = []
  /// Where the numbers of annotation `i` lie in `keypoints`: from entry `i` to entry `i + 1`; the range is empty
  /// for annotations without keypoints.
  public var keypointRanges: [Int] = [0]
  /// x, y in pixels and visibility (0, 1 or 2) in turn.
  public var keypoints: [Double] = []
  /// Annotations without the field `iscrowd`, which count as single objects.
  public var missingCrowdFlags = 0

  public init(path: String) { self.path = path }

  public var count: Int { ids.count }

  /// The numbers of one annotation's keypoints.
  public func keypoints(of annotation: Int) -> ArraySlice<Double> {
    keypoints[keypointRanges[annotation]..<keypointRanges[annotation + 1]]
  }

  /// How many keypoints each object has: those of the first annotation with any, else those the categories name.
  public var keypointCount: Int {
    for index in ids.indices where keypointRanges[index + 1] > keypointRanges[index] {
      return (keypointRanges[index + 1] - keypointRanges[index]) / 3
    }
    return categories.map(\.keypointNames.count).max() ?? 0
  }
}

/// An entry of `images`.
public struct COCOImage: Sendable, Equatable {
  public var id: Int
  /// Pixels; 0 if the file does not tell.
  public var width: Int
  public var height: Int
  /// Empty if the file does not tell.
  public var fileName: String

  public init(id: Int, width: Int, height: Int, fileName: String) {
    self.id = id
    self.width = width
    self.height = height
    self.fileName = fileName
  }
}

/// An entry of `categories`.
public struct COCOCategory: Sendable, Equatable {
  public var id: Int
  public var name: String
  /// Empty for categories without keypoints.
  public var keypointNames: [String]
  /// Pairs of keypoint indices, from 0, two by two.
  public var limbs: [Int]

  public init(id: Int, name: String, keypointNames: [String], limbs: [Int]) {
    self.id = id
    self.name = name
    self.keypointNames = keypointNames
    self.limbs = limbs
  }
}
