import Foundation
import Tensor
import Testing

/// Convolutions of the fast engine that its own kernels do where the processor has 512-bit vectors.
@Suite struct `Fast convolution` {
  /// Input, outputs, kernel, stride, padding: odd sizes, channels beside the vectors' 16, many tiles and few.
  struct Case: CustomTestStringConvertible, Sendable {
    var shape: [Int]
    var out: Int
    var kernel = 3
    var stride = 1
    var padding = 1

    var testDescription: String {
      "\(shape) to \(out), kernel \(kernel), stride \(stride), padding \(padding)"
    }
  }

  static let cases = [
    Case(shape: [1, 14, 19, 17], out: 33), Case(shape: [2, 33, 40, 51], out: 24),
    Case(shape: [3, 25, 37, 8], out: 50, padding: 0), Case(shape: [1, 21, 23, 40], out: 12, padding: 2),
    Case(shape: [2, 17, 11, 24], out: 35, stride: 2), Case(shape: [2, 41, 38, 25], out: 50, stride: 2),
    Case(shape: [1, 64, 31, 40], out: 12, stride: 2, padding: 0),
    Case(shape: [2, 19, 23, 44], out: 41, kernel: 1, padding: 0),
    Case(shape: [1, 9, 7, 270], out: 20, kernel: 5, padding: 2),
    Case(shape: [2, 64, 96, 3], out: 8, stride: 2),
    Case(shape: [1, 16, 12, 6], out: 1, kernel: 1, padding: 0),
    Case(shape: [3, 13, 9, 7], out: 20, kernel: 1, padding: 0), Case(shape: [1, 22, 27, 37], out: 34),
  ]

  static let results = ["output", "input gradient", "weight gradient", "folded"]

  /// The middle channels of a wider map are convolved; results, and gradients of map and weight.
  private func run(_ c: Case, _ kind: TestDevice, threads: Int, activation: Activation = .identity)
    -> [[Float]]
  {
    let before = Device.threads
    defer { Device.setThreads(before) }
    Device.setThreads(threads)
    let device = kind.make()
    let channels = c.shape[3]
    let wide = Array(c.shape.dropLast()) + [channels + 11]
    let weightShape = [c.out, channels, c.kernel, c.kernel]
    func tensor(_ shape: [Int], seed: Int) -> Tensor {
      Tensor(numbers(shape.reduce(1, *), seed: seed).map(Float.init), shape: shape, on: device)
    }
    let (x, w) = (
      GradientBuffer(Tensor(zeros: wide, on: device)), GradientBuffer(Tensor(zeros: weightShape, on: device))
    )
    let options = ConvolutionOptions(stride: c.stride, padding: c.padding)
    let slice = tensor(wide, seed: 1).asLeaf(x).slice(channels: 5..<(5 + channels))
    let output = slice.convolution(weight: tensor(weightShape, seed: 2).asLeaf(w), options)
    output.backward(seed: tensor(output.shape, seed: 3))
    let folded = slice.detached.convolution(
      weight: tensor(weightShape, seed: 2), bias: tensor([c.out], seed: 4), options, activation: activation,
      weightVersion: WeightVersion(identity: 1, version: 1))
    return [output.copyToHost(), x.tensor.copyToHost(), w.tensor.copyToHost(), folded.copyToHost()]
  }

  @Test(arguments: cases, [Activation.silu, .relu, .sigmoid])
  func `agrees with the portable engine`(c: Case, activation: Activation) {
    let expected = run(c, .openblas, threads: 2, activation: activation)
    let found = run(c, .onednn, threads: 2, activation: activation)
    for (what, pair) in zip(Self.results, zip(found, expected)) {
      // A sigmoid's outputs are small beside the sums it is taken of.
      let tolerance = what == "folded" ? 6e-5 : 2e-5
      #expect(relativeError(pair.0, pair.1.map(Double.init)) < tolerance, "\(what)")
    }
  }

  @Test(arguments: cases)
  func `gives the same bits for any number of threads`(c: Case) {
    let expected = run(c, .onednn, threads: 1)
    for threads in [2, 3, 5] {
      // Kernels of 5 × 5 are oneDNN's but for the weight's gradient, and it may divide their sums among threads.
      for (what, pair) in zip(Self.results, zip(run(c, .onednn, threads: threads), expected))
      where c.kernel != 5 || what == "weight gradient" {
        let isSame = pair.0 == pair.1
        #expect(isSame, "\(what) with \(threads) threads")
      }
    }
  }
}
