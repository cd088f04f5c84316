/// The numbers that go into a convolution and come out of it, before its activation, over pictures like those it will
/// see.
public struct ConvolutionRange: Sendable, Equatable {
  public var input: ClosedRange<Float>
  public var output: ClosedRange<Float>

  public init(input: ClosedRange<Float>, output: ClosedRange<Float>) {
    self.input = input
    self.output = output
  }
}
