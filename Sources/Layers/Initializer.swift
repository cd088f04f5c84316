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

  /// Draws some of a parameter's numbers; any part of them by itself gives what it is in the whole.
  ///
  /// - Parameters:
  ///   - first: where in the parameter they begin; even.
  ///   - stream: of the whole parameter.
  /// - Precondition: not `copy`, whose numbers are another's.
  func draw(_ output: UnsafeMutableBufferPointer<Float>, from first: Int, _ stream: RandomStream) {
    switch self {
    case .constant(let value): output.update(repeating: value)
    case .values(let values):
      precondition(values.count >= first + output.count, "initializer: only \(values.count) values")
      _ = output.update(fromContentsOf: values[first..<(first + output.count)])
    case .uniform(let bound): stream.uniform(-Double(bound), Double(bound), from: first, to: output)
    case .normal(let deviation):
      // Each takes two numbers of the stream.
      var stream = stream.beginning(after: first)
      for index in output.indices { output[index] = Float(stream.normal()) * deviation }
    case .copy: preconditionFailure("initializer: a copy is not drawn")
    }
  }
}
