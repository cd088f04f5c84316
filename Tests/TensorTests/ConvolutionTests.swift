import Foundation
import OneDNN
import Tensor
import Testing

@Suite struct `Convolution` {
  struct Case: CustomTestStringConvertible, Sendable {
    var shape: [Int]
    var out: Int
    var kernel: Int
    var stride = 1
    var padding = 0
    var dilation = 1
    var groups = 1

    var testDescription: String {
      "\(shape) to \(out), kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation), \(groups) groups"
    }
  }

  static let cases = [
    Case(shape: [2, 5, 7, 3], out: 4, kernel: 1),
    Case(shape: [2, 5, 7, 3], out: 4, kernel: 3, padding: 1),
    Case(shape: [1, 7, 4, 8], out: 8, kernel: 3, stride: 2, padding: 1),
    Case(shape: [2, 6, 5, 16], out: 16, kernel: 3, padding: 1, groups: 16),
    Case(shape: [1, 7, 6, 16], out: 16, kernel: 3, stride: 2, padding: 1, groups: 16),
    Case(shape: [1, 6, 5, 8], out: 12, kernel: 3, padding: 1, groups: 4),
    Case(shape: [1, 9, 8, 4], out: 6, kernel: 3, padding: 2, dilation: 2),
    Case(shape: [1, 9, 6, 5], out: 3, kernel: 5, stride: 2, padding: 2),
    Case(shape: [1, 8, 6, 4], out: 6, kernel: 1, stride: 2),
  ]

  @Test(arguments: TestDevice.allCases, cases)
  func `agrees with a plain version, forward and in both gradients`(kind: TestDevice, c: Case) {
    let weight = [c.out, c.shape[3] / c.groups, c.kernel, c.kernel]
    let options = ConvolutionOptions(
      stride: c.stride, padding: c.padding, dilation: c.dilation, groups: c.groups)
    checkGradients([c.shape, weight, [c.out]], on: kind.make()) {
      $0[0].convolution(weight: $0[1], bias: $0[2], options)
    } plain: { values in
      Plain.convolution(
        values[0], c.shape, values[1], weight, stride: c.stride, padding: c.padding, dilation: c.dilation,
        groups: c.groups
      ).enumerated().map { $1 + values[2][$0 % c.out] }
    }
  }

  @Test(arguments: TestDevice.allCases, [Activation.silu, .relu, .identity, .hardSwish])
  func `with batch normalisation and activation agrees with a plain version`(
    kind: TestDevice, activation: Activation
  ) {
    let (shape, weight) = ([2, 5, 6, 3], [8, 3, 3, 3])
    checkGradients([shape, weight, [8], [8]], on: kind.make(), tolerance: 1e-3) { inputs in
      inputs[0].convolutionNormalized(
        weight: inputs[1], ConvolutionOptions(padding: 1),
        normalization: BatchNormalization(
          scale: inputs[2], shift: inputs[3], runningMean: nil, runningVariance: nil, momentum: 0.03,
          epsilon: 1e-3,
          activation: activation))
    } plain: { values in
      Plain.batchNorm(
        Plain.convolution(values[0], shape, values[1], weight, stride: 1, padding: 1), channels: 8,
        scale: values[2], shift: values[3], epsilon: 1e-3, activation: activation.plain)
    }
  }

  @Test(arguments: TestDevice.allCases)
  func `reads and writes slices of channels in place`(kind: TestDevice) {
    let (shape, weight) = ([1, 4, 5, 12], [6, 4, 3, 3])
    checkGradients([shape, weight], on: kind.make()) { inputs in
      let parts = inputs[0].split([3, 4, 5])
      let middle = parts[1].convolution(weight: inputs[1], ConvolutionOptions(padding: 1))
      return Tensor.concatenated([parts[2], middle, parts[1]])
    } plain: { values in
      let x = values[0]
      let middle = columns(x, width: 12, 3..<7)
      let out = Plain.convolution(middle, [1, 4, 5, 4], values[1], weight, stride: 1, padding: 1)
      let last = columns(x, width: 12, 7..<12)
      var result: [Double] = []
      for row in 0..<20 {
        result += last[(row * 5)..<(row * 5 + 5)]
        result += out[(row * 6)..<(row * 6 + 6)]
        result += middle[(row * 4)..<(row * 4 + 4)]
      }
      return result
    }
  }

  private func columns(_ values: [Double], width: Int, _ range: Range<Int>) -> [Double] {
    stride(from: 0, to: values.count, by: width).flatMap { start in range.map { values[start + $0] } }
  }

  /// Every convolution of YOLO11-pose n and x, as seen by an image of 96 × 160 (odd sizes at the coarsest level).
  static let models: [(String, [[Int]])] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/tensor/convolutions.json")
    guard let data = try? Data(contentsOf: file),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return [] }
    return ["n", "x"].map { ($0, object[$0] as? [[Int]] ?? []) }
  }()

  @Test func `covers the convolutions of YOLO11-pose n and x`() {
    #expect(Self.models.map(\.1.count) == [59, 52])
  }

  @Test(arguments: [0, 1])
  func `is the same on both engines for every shape of YOLO11`(model: Int) {
    let (portable, fast) = (TestDevice.openblas.make(), TestDevice.onednn.make())
    for row in Self.models[model].1 {
      let shape = [2, row[0], row[1], row[2]]
      let weightShape = [row[3], row[2] / row[7], row[4], row[4]]
      let options = ConvolutionOptions(stride: row[5], padding: row[6], groups: row[7])
      var results: [[[Float]]] = []
      for device in [portable, fast] {
        let (x, w) = (
          GradientBuffer(Tensor(zeros: shape, on: device)),
          GradientBuffer(Tensor(zeros: weightShape, on: device))
        )
        let input = Tensor(numbers(shape.reduce(1, *), seed: 3).map(Float.init), shape: shape, on: device)
        let weight = Tensor(
          numbers(weightShape.reduce(1, *), seed: 4).map(Float.init), shape: weightShape, on: device)
        let output = input.asLeaf(x).convolution(weight: weight.asLeaf(w), options)
        let seed = Tensor(numbers(output.count, seed: 5).map(Float.init), shape: output.shape, on: device)
        output.backward(seed: seed)
        results.append([output.copyToHost(), x.tensor.copyToHost(), w.tensor.copyToHost()])
      }
      for (what, pair) in zip(["output", "input gradient", "weight gradient"], zip(results[0], results[1])) {
        #expect(relativeError(pair.1, pair.0.map(Double.init)) < 2e-5, "\(what) of \(row)")
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func `gives the same bits for any number of threads on the portable engine`(threads: Int) {
    let before = Device.threads
    defer { Device.setThreads(before) }
    func run(_ count: Int) -> [[Float]] {
      Device.setThreads(count)
      let device = TestDevice.openblas.make()
      let (x, w) = (
        GradientBuffer(Tensor(zeros: [3, 33, 31, 8], on: device)),
        GradientBuffer(Tensor(zeros: [12, 8, 3, 3], on: device))
      )
      let gamma = Tensor(repeating: 1, shape: [12], on: device)
      let output = Tensor(
        numbers(3 * 33 * 31 * 8, seed: 1).map(Float.init), shape: [3, 33, 31, 8], on: device
      )
      .asLeaf(x).convolutionNormalized(
        weight: Tensor(numbers(864, seed: 2).map(Float.init), shape: [12, 8, 3, 3], on: device).asLeaf(w),
        ConvolutionOptions(padding: 1),
        normalization: BatchNormalization(
          scale: gamma, shift: gamma, runningMean: nil, runningVariance: nil, momentum: 0.03, epsilon: 1e-3,
          activation: .silu))
      output.backward()
      return [output.copyToHost(), x.tensor.copyToHost(), w.tensor.copyToHost()]
    }
    #expect(run(threads) == run(4))
  }
}

extension Activation {
  var plain: (Double) -> Double {
    switch self {
    case .silu: { $0 * Plain.sigmoid($0) }
    case .sigmoid: { Plain.sigmoid($0) }
    case .relu: { max(0, $0) }
    case .hardSwish: { $0 * min(6, max(0, $0 + 3)) / 6 }
    case .hardSigmoid: { min(6, max(0, $0 + 3)) / 6 }
    case .gelu: { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
    case .tanh: { Foundation.tanh($0) }
    case .exp: { Foundation.exp($0) }
    case .log: { Foundation.log($0) }
    case .sqrt: { $0.squareRoot() }
    case .square: { $0 * $0 }
    case .abs: { Swift.abs($0) }
    case .softplus: { log1p(Foundation.exp($0)) }
    case .leakyReLU: { $0 > 0 ? $0 : 0.01 * $0 }
    case .identity: { $0 }
    }
  }
}
