/// A model's table for images of one size.
public struct ModelSummary: Sendable {
  /// Of the images, in pixels.
  public var height: Int
  public var width: Int
  /// The head is the last one.
  public var nodes: [ModelNodeSummary]
  public var layout: HeadLayout
  /// Predictions made for an image.
  public var anchorCount: Int

  public init(
    height: Int, width: Int, nodes: [ModelNodeSummary], layout: HeadLayout, anchorCount: Int
  ) {
    self.height = height
    self.width = width
    self.nodes = nodes
    self.layout = layout
    self.anchorCount = anchorCount
  }

  public var parameterCount: Int { nodes.reduce(0) { $0 + $1.parameterCount } }
  public var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.multiplyAdds } }

  /// Floating-point operations for one image, as the field's profilers count them: two for a multiply-add, the
  /// expected side distances of every anchor included, and eight for each number that is normalised.
  ///
  /// - Parameter isFolded: whether normalisation is part of the convolutions' weights.
  public func operations(isFolded: Bool = false) -> Int {
    let distances = layout.regMax > 1 ? anchorCount * 4 * layout.regMax : 0
    let normalized = isFolded ? 0 : nodes.reduce(0) { $0 + $1.normalizedNumbers }
    return 2 * (multiplyAdds + distances) + 8 * normalized
  }
}
