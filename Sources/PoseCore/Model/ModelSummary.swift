/// A model's table for images of one size.
public struct ModelSummary: Sendable {
  /// Of the images, in pixels.
  public var height: Int
  public var width: Int
  /// The head is the last one.
  public var nodes: [ModelNodeSummary]
  public var layout: HeadLayout
  /// Multiply-adds of an image's inference, which leaves out what training alone needs.
  public var inferenceMultiplyAdds: Int
  /// Predictions made for an image.
  public var anchorCount: Int

  public init(
    height: Int, width: Int, nodes: [ModelNodeSummary], layout: HeadLayout, inferenceMultiplyAdds: Int,
    anchorCount: Int
  ) {
    self.height = height
    self.width = width
    self.nodes = nodes
    self.layout = layout
    self.inferenceMultiplyAdds = inferenceMultiplyAdds
    self.anchorCount = anchorCount
  }

  public var parameterCount: Int { nodes.reduce(0) { $0 + $1.parameterCount } }
  public var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.multiplyAdds } }

  /// Floating-point operations for one image, as the field's profilers count them: two for a multiply-add, the
  /// expected side distances of every anchor included, and eight for each number that is normalised.
  ///
  /// - Parameter isFolded: in inference, where normalisation is part of the convolutions' weights, and branches that
  ///   serve training alone are left out.
  public func operations(isFolded: Bool = false) -> Int {
    let distances = layout.regMax > 1 ? anchorCount * 4 * layout.regMax : 0
    if isFolded { return 2 * (inferenceMultiplyAdds + distances) }
    return 2 * (multiplyAdds + distances) + 8 * nodes.reduce(0) { $0 + $1.normalizedNumbers }
  }
}
