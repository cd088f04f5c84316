/// A view of one image's decoded head output: for each predicted box its centre, size and class scores.
///
/// Entry (column, channel) is at `column * columnStride + channel * channelStride`, so both orders fit: boxes
/// along the rows or along the columns. Channels: centre x, centre y, width, height in pixels of the network's
/// input, then one score a class. What follows (keypoints) belongs to the caller.
public struct DecodedPredictions {
  private let values: UnsafeBufferPointer<Float>
  private let columnStride: Int
  private let channelStride: Int
  /// Predicted boxes.
  public let count: Int
  public let classCount: Int

  /// - Precondition: the strides stay within `values`, which must outlive the view; there is at least one class.
  public init(
    _ values: UnsafeBufferPointer<Float>, count: Int, classCount: Int, columnStride: Int, channelStride: Int
  ) {
    precondition(classCount > 0, "DecodedPredictions: needs a class")
    let last = max(0, count - 1) * columnStride + (3 + classCount) * channelStride
    precondition(count == 0 || last < values.count, "DecodedPredictions: strides lead past the values")
    self.values = values
    self.count = count
    self.classCount = classCount
    self.columnStride = columnStride
    self.channelStride = channelStride
  }

  @inline(__always)
  public func score(_ column: Int, class index: Int) -> Float {
    values[column * columnStride + (4 + index) * channelStride]
  }

  /// The box by its corners.
  @inline(__always)
  public func box(_ column: Int) -> Box {
    let base = column * columnStride
    let x = values[base]
    let y = values[base + channelStride]
    let halfWidth = values[base + 2 * channelStride] / 2
    let halfHeight = values[base + 3 * channelStride] / 2
    return Box(x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight)
  }
}
