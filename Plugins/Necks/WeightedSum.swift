internal import Layers
internal import Tensor

/// Sum of maps with learned weights that are not negative and add up to 1.
///
/// Source: Tan et al., EfficientDet, arXiv:1911.09070, section 3.3 (fast normalised fusion).
///
/// Equal shapes in, the same out; its number is one parameter `[maps]`.
final class WeightedSum {
  let weights: Parameter

  init(_ count: Int) {
    // A scale, so it does not decay.
    weights = Parameter([count], role: .normalization, initializer: .constant(1))
  }

  func callAsFunction(_ maps: [Tensor], _ pass: ForwardPass) -> Tensor {
    let positive = weights(pass).applying(.relu)
    let shares = positive / (positive.sum() + 1e-4)
    let weighed = maps.enumerated().map { $0.element * shares.slice(channels: $0.offset..<($0.offset + 1)) }
    return weighed.dropFirst().reduce(weighed[0]) { $0 + $1 }
  }
}
