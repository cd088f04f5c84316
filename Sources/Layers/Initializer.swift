import Tensor

/// How a parameter's first numbers are drawn.
public enum Initializer: Sendable {
  case constant(Float)
  case values([Float])
  /// Uniform in ±bound.
  case uniform(bound: Float)
  case normal(deviation: Float)

  /// Uniform in ±1/√fanIn: what PyTorch gives convolutions and linear layers
  /// (Kaiming uniform with a = √5; He et al., arXiv:1502.01852).
  public static func fanIn(_ count: Int) -> Initializer {
    .uniform(bound: 1 / Float(max(1, count)).squareRoot())
  }

  func numbers(_ count: Int, _ stream: RandomStream) -> [Float] {
    var stream = stream
    switch self {
    case .constant(let value): return [Float](repeating: value, count: count)
    case .values(let values):
      precondition(values.count == count, "initializer: \(values.count) values for \(count)")
      return values
    case .uniform(let bound):
      return (0..<count).map { _ in Float(stream.uniform(-Double(bound), Double(bound))) }
    case .normal(let deviation): return (0..<count).map { _ in Float(stream.normal()) * deviation }
    }
  }
}
