/// Batches of pictures of like shape, each with its own input size, so that little is padded.
///
/// Follows the reference implementation's rectangular validation; ties keep their order, where it sorts
/// unstably.
public struct RectangularBatches: Sendable, Equatable {
  /// Indices of the pictures, by rising height / width.
  public let order: [Int]
  /// Batch of each position in `order`.
  public let batchOfPosition: [Int]
  /// Input size of each batch; sides are multiples of the stride.
  public let shapes: [ImageSize]

  /// - Parameters:
  ///   - sizes: of the original pictures.
  ///   - imageSize: what the long side becomes.
  ///   - padding: added to both sides, in strides: 0.5 for validation, 0 for training.
  public init(sizes: [ImageSize], imageSize: Int, batchSize: Int, stride: Int, padding: Double = 0.5) {
    precondition(batchSize > 0 && stride > 0 && imageSize > 0, "RectangularBatches: nothing to fill")
    let aspects = sizes.map { Double($0.height) / Double($0.width) }
    order = sizes.indices.sorted { (aspects[$0], $0) < (aspects[$1], $1) }
    batchOfPosition = sizes.indices.map { $0 / batchSize }
    var shapes: [ImageSize] = []
    for start in Swift.stride(from: 0, to: sizes.count, by: batchSize) {
      let lowest = aspects[order[start]]
      let highest = aspects[order[min(start + batchSize, sizes.count) - 1]]
      var (width, height) = (1.0, 1.0)
      if highest < 1 { height = highest } else if lowest > 1 { width = 1 / lowest }
      func side(_ share: Double) -> Int {
        Int((share * Double(imageSize) / Double(stride) + padding).rounded(.up)) * stride
      }
      shapes.append(ImageSize(width: side(width), height: side(height)))
    }
    self.shapes = shapes
  }
}
