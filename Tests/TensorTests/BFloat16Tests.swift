import Foundation
import Tensor
import Testing

@Suite struct `bfloat16` {
  /// Results carry 8 bits, and sums are of numbers that do.
  static let tolerance = 0.012

  private func tensor(_ shape: [Int], seed: Int, on device: Device) -> Tensor {
    Tensor(numbers(shape.reduce(1, *), seed: seed).map(Float.init), shape: shape, on: device)
  }

  /// A result, and the gradients of its weighted sum by the inputs; rounded inputs in 32 bits or as they are.
  private func run(
    _ shapes: [[Int]], _ kind: TestDevice, _ precision: Precision, threads: Int = 2,
    _ function: ([Tensor]) -> Tensor
  ) -> [[Float]] {
    let before = Device.threads
    defer { Device.setThreads(before) }
    Device.setThreads(threads)
    let device = kind.make()
    let buffers = shapes.map { GradientBuffer(Tensor(zeros: $0, on: device)) }
    let inputs = shapes.indices.map { index in
      let rounded = tensor(shapes[index], seed: index + 1, on: device).converted(to: .bfloat16)
      return rounded.converted(to: .float32).asLeaf(buffers[index]).converted(to: precision)
    }
    let result = function(inputs)
    result.backward(seed: tensor(result.shape, seed: 9, on: device).converted(to: precision))
    return [result.copyToHost()] + buffers.map { $0.tensor.copyToHost() }
  }

  @Test func `rounds to the nearest, ties to even`() {
    let device = Device.openBLAS()
    let ulp = Float(sign: .plus, exponent: -7, significand: 1)
    let given: [Float] = [
      1, 1 + ulp / 2, 1 + ulp * 0.5001, 1 + ulp * 1.5, -1 - ulp * 0.75, 3.4e38,
      Float(bitPattern: 0x0001_1234), 0, -0, .infinity,
      -.infinity, .nan, Float(bitPattern: 0x7FFF_FFFF), Float(bitPattern: 0x7F80_0001),
    ]
    let expected: [Float] = [
      1, 1, 1 + ulp, 1 + 2 * ulp, -1 - ulp, .infinity, Float(bitPattern: 0x0001_0000), 0, -0, .infinity,
      -.infinity, .nan, .nan, .nan,
    ]
    let found = Tensor(given, shape: [14], on: device).converted(to: .bfloat16).copyToHost()
    for (found, expected) in zip(found, expected) {
      #expect(found.isNaN ? expected.isNaN : found.bitPattern == expected.bitPattern, "\(expected)")
    }
  }

  @Test(arguments: TestDevice.allCases, `Fast convolution`.cases)
  func `convolutions agree with those of 32 bits`(kind: TestDevice, c: `Fast convolution`.Case) {
    let options = c.options
    let shapes = [c.shape, c.weightShape, [c.out]]
    func convolve(_ inputs: [Tensor]) -> Tensor {
      inputs[0].convolution(
        weight: inputs[1].converted(to: .float32), bias: inputs[2].converted(to: .float32), options)
    }
    let expected = run(shapes, .openblas, .float32, convolve)
    for (what, pair) in zip(
      ["output", "input", "weight", "bias"], zip(run(shapes, kind, .bfloat16, convolve), expected))
    {
      #expect(relativeError(pair.0, pair.1.map(Double.init)) < Self.tolerance, "\(what)")
    }
  }

  @Test(arguments: TestDevice.allCases, `Fast convolution`.cases)
  func `folded convolutions with activations agree with those of 32 bits`(
    kind: TestDevice, c: `Fast convolution`.Case
  ) {
    let options = c.options
    for activation in [Activation.silu, .relu, .sigmoid] {
      func fold(_ kind: TestDevice, _ precision: Precision, result: Precision) -> [Float] {
        let device = kind.make()
        return tensor(c.shape, seed: 1, on: device).converted(to: .bfloat16).converted(to: precision)
          .convolution(
            weight: tensor(c.weightShape, seed: 2, on: device),
            bias: tensor([c.out], seed: 3, on: device), options, activation: activation,
            weightVersion: WeightVersion(identity: 1, version: 1), precision: result
          ).copyToHost()
      }
      let expected = fold(.openblas, .float32, result: .float32).map(Double.init)
      for result in Precision.allCases {
        let found = fold(kind, .bfloat16, result: result)
        // A sigmoid's outputs are small beside the sums it is taken of.
        #expect(relativeError(found, expected) < 2 * Self.tolerance, "\(activation) to \(result)")
      }
    }
  }

  @Test(arguments: `Fast convolution`.cases.filter { $0.kernel != 5 })
  func `folded convolutions give the same bits for any number of threads`(c: `Fast convolution`.Case) {
    func fold(threads: Int) -> [Float] {
      let before = Device.threads
      defer { Device.setThreads(before) }
      Device.setThreads(threads)
      let device = TestDevice.onednn.make()
      return tensor(c.shape, seed: 1, on: device).converted(to: .bfloat16)
        .convolution(
          weight: tensor([c.out, c.shape[3], c.kernel, c.kernel], seed: 2, on: device),
          ConvolutionOptions(stride: c.stride, padding: c.padding),
          weightVersion: WeightVersion(identity: 1, version: 1)
        ).copyToHost()
    }
    let expected = fold(threads: 1)
    for threads in [2, 3, 5] {
      let isSame = fold(threads: threads) == expected
      #expect(isSame, "\(threads) threads")
    }
  }

  @Test(arguments: [3, 8, 51, 64, 130], [Activation.silu, .relu, .identity, .hardSwish])
  func `batch normalisation agrees with that of 32 bits`(channels: Int, activation: Activation) {
    let shapes = [[2, 7, 9, channels], [channels], [channels]]
    func normalize(_ inputs: [Tensor]) -> Tensor {
      inputs[0].batchNormalized(
        BatchNormalization(
          scale: inputs[1].converted(to: .float32), shift: inputs[2].converted(to: .float32),
          runningMean: nil,
          runningVariance: nil, momentum: 0.03, epsilon: 1e-3, activation: activation))
    }
    let expected = run(shapes, .openblas, .float32, normalize)
    let found = run(shapes, .openblas, .bfloat16, normalize)
    for (what, pair) in zip(["output", "input", "scale", "shift"], zip(found, expected)) {
      #expect(relativeError(pair.0, pair.1.map(Double.init)) < Self.tolerance, "\(what)")
    }
  }

  static let operations: [(name: String, function: @Sendable ([Tensor]) -> Tensor)] = [
    ("pool", { $0[0].maxPooled(kernel: 5, padding: 2) }), ("upsample", { $0[0].upsampledNearest(factor: 2) }),
    ("add", { $0[0] + $0[1] }), ("join", { Tensor.concatenated([$0[0], $0[1], $0[0]]) }),
    ("slice", { $0[0].slice(channels: 3..<17) + $0[1].slice(channels: 5..<19) }),
    ("silu", { $0[0].applying(.silu) }), ("reshape", { $0[0].slice(channels: 0..<7).reshaped([2, 42, 7]) }),
    ("attention", { $0[0].attention(heads: 2, keyChannels: 2, valueChannels: 6) }),
    ("multiply", { $0[0] * $0[1] }), ("divide", { $0[0] / ($0[1] + 3) }), ("mean", { $0[0].spatialMean() }),
    ("softmax", { $0[0].softmax() }), ("permute", { $0[0].permuted([0, 3, 1, 2]) }),
    ("broadcast", { $0[0] + $0[1].spatialMean() }), ("most", { Tensor.maximum($0[0], $0[1]) }),
    ("product", { $0[0].matrixProduct($0[1], transposeRight: true) }),
  ]

  @Test(arguments: operations.map(\.name))
  func `operations agree with those of 32 bits`(name: String) throws {
    let operation = try #require(Self.operations.first { $0.name == name })
    let shapes = [[2, 6, 7, 20], [2, 6, 7, 20]]
    let expected = run(shapes, .openblas, .float32, operation.function)
    let found = run(shapes, .openblas, .bfloat16, operation.function)
    for (what, pair) in zip(["result", "first", "second"], zip(found, expected)) {
      #expect(relativeError(pair.0, pair.1.map(Double.init)) < Self.tolerance, "\(what)")
    }
  }

  @Test func `operations that lose digits give 32 bits, the others keep the format`() {
    let device = Device.openBLAS()
    let a = tensor([1, 4, 4, 8], seed: 1, on: device).converted(to: .bfloat16)
    let b = tensor([1, 4, 4, 8], seed: 2, on: device)
    #expect((a + a).precision == .bfloat16 && Tensor.concatenated([a, a]).precision == .bfloat16)
    #expect((a + b).precision == .float32 && Tensor.concatenated([a, b]).precision == .float32)
    #expect((a * a).precision == .float32 && a.softmax().precision == .float32)
    #expect(a.slice(channels: 2..<5).dense().precision == .bfloat16)
    #expect(a.converted(to: .float32).copyToHost() == a.copyToHost())
  }

  @Test(arguments: [64, 51])
  func `normalisation and fast convolutions give the same bits for any number of threads`(channels: Int) {
    let shapes = [[2, 26, 27, channels], [channels, channels, 3, 3], [channels], [channels]]
    func block(_ inputs: [Tensor]) -> Tensor {
      inputs[0].convolutionNormalized(
        weight: inputs[1].converted(to: .float32), ConvolutionOptions(padding: 1),
        normalization: BatchNormalization(
          scale: inputs[2].converted(to: .float32), shift: inputs[3].converted(to: .float32),
          runningMean: nil,
          runningVariance: nil, momentum: 0.03, epsilon: 1e-3, activation: .silu))
    }
    let expected = run(shapes, .onednn, .bfloat16, threads: 1, block)
    for threads in [2, 3] {
      let isSame = run(shapes, .onednn, .bfloat16, threads: threads, block) == expected
      #expect(isSame, "\(threads) threads")
    }
  }
}
