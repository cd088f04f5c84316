/// A COCO results file: detected objects, column by column in the order of the file.
public struct COCOResults: Sendable {
  public var path: String
  public var imageIDs: [Int] = []
  public var categoryIDs: [Int] = []
  public var scores: [Double] = []
  /// Four a detection: left, top, width, height in pixels.
  public var boxes: [Double] = []
  /// Square pixels, of the box.
  public var areas: [Double] = []
  /// 2K a detection: all x, then all y in pixels; empty if keypoints were not asked for.
  public var keypoints: [Double] = []
  /// The file has no boxes; they were drawn around the keypoints.
  public var boxesAreFromKeypoints = false

  public init(path: String) { self.path = path }

  public var count: Int { scores.count }
}
