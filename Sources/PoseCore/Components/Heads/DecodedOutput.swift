/// Decoded predictions of one image, a row each.
public struct DecodedOutput: Sendable {
  /// Row-major `[count, rowLength]`: centre x, centre y, width, height in input pixels, class scores after the sigmoid,
  /// then x, y in input pixels and confidence (after the sigmoid; 1 where none is predicted) of each keypoint.
  public var values: [Float]
  /// Which anchor point each row comes from, counted over the levels.
  public var anchors: [Int32]
  public var classCount: Int
  public var keypointCount: Int

  public init(values: [Float], anchors: [Int32], classCount: Int, keypointCount: Int) {
    self.values = values
    self.anchors = anchors
    self.classCount = classCount
    self.keypointCount = keypointCount
  }

  public var count: Int { anchors.count }
  public var rowLength: Int { 4 + classCount + 3 * keypointCount }
}
