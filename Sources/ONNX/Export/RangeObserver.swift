public import Tensor

/// An engine that computes as another does, and notes the least and largest numbers that go into each convolution and
/// come out of it.
///
/// Convolutions are told apart by their order in a pass, which must be the same in all.
public final class RangeObserver: CPUEngine {
  public let name = "observing"
  private let base: any Engine
  public private(set) var ranges: [ConvolutionRange] = []
  private var next = 0

  public init(_ base: any Engine) { self.base = base }

  /// To be called before each pass.
  public func beginPass() { next = 0 }

  public func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?
  ) {
    base.convolution(
      geometry, input: input, weight: weight, bias: bias, activation: .identity, to: output,
      weightVersion: weightVersion)
    let seen = ConvolutionRange(input: Self.range(input), output: Self.range(output))
    if next < ranges.count {
      ranges[next].widen(by: seen)
    } else {
      ranges.append(seen)
    }
    next += 1
    if activation != .identity { unary(activation, output, to: output) }
  }

  private static func range(_ tensor: Tensor) -> ClosedRange<Float> {
    let values = tensor.dense()
    return values.withHostValues { numbers in
      var (low, high) = (Float(0), Float(0))
      for number in numbers where number.isFinite {
        low = min(low, number)
        high = max(high, number)
      }
      return low...high
    }
  }

  public func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor
  ) {
    base.convolutionInputGradient(geometry, gradient: gradient, weight: weight, to: inputGradient)
  }

  public func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor
  ) {
    base.convolutionWeightGradient(geometry, input: input, gradient: gradient, to: weightGradient)
  }
}

extension ConvolutionRange {
  fileprivate mutating func widen(by other: ConvolutionRange) {
    func union(_ a: ClosedRange<Float>, _ b: ClosedRange<Float>) -> ClosedRange<Float> {
      min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    }
    input = union(input, other.input)
    output = union(output, other.output)
  }
}
