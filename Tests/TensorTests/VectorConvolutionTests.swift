import Foundation
import OneDNN
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
    var groups = 1

    static func depthwise(_ shape: [Int], kernel: Int = 3, stride: Int = 1, padding: Int = 1) -> Case {
      Case(shape: shape, out: shape[3], kernel: kernel, stride: stride, padding: padding, groups: shape[3])
    }

    var weightShape: [Int] { [out, shape[3] / groups, kernel, kernel] }
    var options: ConvolutionOptions { ConvolutionOptions(stride: stride, padding: padding, groups: groups) }
    var testDescription: String {
      "\(shape) to \(out), kernel \(kernel), stride \(stride), padding \(padding), \(groups) groups"
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
    // few channels
    Case(shape: [1, 61, 75, 3], out: 16, stride: 2),
    Case(shape: [2, 9, 70, 4], out: 70, kernel: 5, padding: 2),
    Case(shape: [1, 20, 31, 1], out: 40, kernel: 7, stride: 2, padding: 3),
    Case(shape: [3, 5, 6, 2], out: 49, padding: 0),
    Case(shape: [1, 2, 3, 3], out: 17, kernel: 5, padding: 4),
    // depthwise
    .depthwise([1, 13, 18, 64]), .depthwise([2, 9, 7, 70]), .depthwise([1, 6, 11, 3], padding: 2),
    .depthwise([3, 8, 9, 33], padding: 0), .depthwise([1, 2, 1, 19]), .depthwise([2, 15, 10, 40], stride: 2),
    .depthwise([1, 12, 17, 48], kernel: 5, padding: 2), .depthwise([2, 11, 14, 21], kernel: 5, stride: 2),
    .depthwise([1, 3, 9, 30], kernel: 7, padding: 3), .depthwise([1, 19, 16, 17], kernel: 7, stride: 2),
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
    let (weightShape, options) = (c.weightShape, c.options)
    func tensor(_ shape: [Int], seed: Int) -> Tensor {
      Tensor(numbers(shape.reduce(1, *), seed: seed).map(Float.init), shape: shape, on: device)
    }
    let (x, w) = (
      GradientBuffer(Tensor(zeros: wide, on: device)), GradientBuffer(Tensor(zeros: weightShape, on: device))
    )
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
      // Of kernels larger than 3 × 3 some gradients are oneDNN's, and it may divide their sums among threads.
      for (what, pair) in zip(Self.results, zip(run(c, .onednn, threads: threads), expected))
      where c.kernel <= 3 || (c.kernel == 5 && what == "weight gradient") {
        let isSame = pair.0 == pair.1
        #expect(isSame, "\(what) with \(threads) threads")
      }
    }
  }

  @Test(arguments: cases, Precision.allCases)
  func `writes into channels of a wider map`(c: Case, precision: Precision) {
    func convolve(_ engine: any Engine) -> Tensor {
      let device = Device(engine: engine)
      func tensor(_ shape: [Int], seed: Int) -> Tensor {
        Tensor(numbers(shape.reduce(1, *), seed: seed).map(Float.init), shape: shape, on: device)
      }
      let geometry = ConvolutionGeometry(
        batch: c.shape[0], height: c.shape[1], width: c.shape[2], inChannels: c.shape[3], outChannels: c.out,
        kernelHeight: c.kernel, kernelWidth: c.kernel, stride: c.stride, padding: c.padding, groups: c.groups)
      var wide = geometry.outputShape
      wide[3] += 9
      let result = tensor(wide, seed: 4).converted(to: precision)
      engine.convolution(
        geometry, input: tensor(c.shape, seed: 1).converted(to: precision),
        weight: tensor(c.weightShape, seed: 2), bias: tensor([c.out], seed: 3), activation: .silu,
        to: result.slice(channels: 5..<(5 + c.out)), weightVersion: nil)
      return result
    }
    let found = convolve(OneDNNEngine())
    let expected = convolve(OpenBLASEngine())
    let tolerance = precision == .float32 ? 6e-5 : 0.024
    #expect(relativeError(found.copyToHost(), expected.copyToHost().map(Double.init)) < tolerance)
    for beside in [0..<5, (5 + c.out)..<(9 + c.out)] {
      let isSame =
        found.slice(channels: beside).copyToHost() == expected.slice(channels: beside).copyToHost()
      #expect(isSame, "channels beside")
    }
  }

  @Test func `SiLU is good to six digits, and at the ends`() {
    let device = TestDevice.onednn.make()
    var given = (-4000...4000).map { Float($0) * 0.02 }
    given += [-3e38, 3e38, .infinity, 1e-30, -100, .nan, 0]
    while given.count % 16 != 0 { given.append(0.5) }
    // maps of one position, so that only the kernels' centres see it
    var weight = [Float](repeating: 0, count: 16 * 9)
    for channel in 0..<16 { weight[channel * 9 + 4] = 1 }
    let found = Tensor(given, shape: [given.count / 16, 1, 1, 16], on: device).convolution(
      weight: Tensor(weight, shape: [16, 1, 3, 3], on: device), bias: nil,
      ConvolutionOptions(padding: 1, groups: 16), activation: .silu
    ).copyToHost()
    for (x, y) in zip(given, found) where x.isFinite {
      let expected = Double(x) / (1 + Foundation.exp(-Double(x)))
      #expect(abs(Double(y) - expected) <= 4e-6 * abs(expected) + 1e-36, "\(x)")
    }
    let isFinite = zip(given, found).allSatisfy {
      $0.isFinite ? $1.isFinite : $1 == $0 || $1.isNaN && $0.isNaN
    }
    #expect(isFinite)
  }
}
