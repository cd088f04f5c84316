import Tensor

/// Layers one after the other; checkpoint names are their places: `0`, `1`, …
public final class Sequential: PlacingLayer {
  public let layers: [any UnaryLayer]

  public init(_ layers: [any UnaryLayer]) { self.layers = layers }

  public var members: [LayerMember] {
    layers.enumerated().map { .layer(String($0.offset), $0.element) }
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let inner = layers.dropLast().reduce(input) { $1($0, pass) }
    return layers.last.map { $0([inner], pass, at: place) } ?? inner
  }
}
