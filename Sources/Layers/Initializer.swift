import Tensor

/// How a parameter's first numbers are drawn.
public enum Initializer {
  case constant(Float)
  case values([Float])
  /// Uniform in ±bound.
  case uniform(bound: Float)
  case normal(deviation: Float)
  /// The first numbers of another parameter, which must come before this one in its model.
  case copy(of: Parameter)

  /// Uniform in ±1/√fanIn: what PyTorch gives convolutions and linear layers
  /// (Kaiming uniform with a = √5; He et al., arXiv:1502.01852).
  public static func fanIn(_ count: Int) -> Initializer {
    .uniform(bound: 1 / Float(max(1, count)).squareRoot())
  }

  /// Uniform in ±gain · √(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010).
  public static func glorot(fanIn: Int, fanOut: Int, gain: Float = 1) -> Initializer {
    .uniform(bound: gain * (6 / Float(max(1, fanIn + fanOut))).squareRoot())
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
    case .copy(let other): return other.value.copyToHost()
    case .normal(let deviation): return (0..<count).map { _ in Float(stream.normal()) * deviation }
    }
  }
}
