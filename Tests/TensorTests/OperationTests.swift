import Foundation
import Tensor
import Testing

@Suite struct `Differentiable operations` {
  let device = TestDevice.openblas.make()

  @Test(arguments: Activation.allCases)
  func `of one number agree with plain versions`(activation: Activation) {
    // Logarithm and root are taken of positive numbers.
    let needsPositive = activation == .log || activation == .sqrt
    checkGradients([[3, 5, 7]], on: device) {
      (needsPositive ? $0[0].affine(scale: 0.5, offset: 1) : $0[0].affine(scale: 3)).applying(activation)
    } plain: {
      $0[0].map { activation.plain(needsPositive ? 0.5 * $0 + 1 : 3 * $0) }
    }
  }

  @Test func `add, subtract, multiply and divide with broadcasting`() {
    checkGradients([[2, 3, 4], [3, 1]], on: device) {
      ($0[0] + $0[1]) * $0[0]
    } plain: { v in
      v[0].enumerated().map { i, x in (x + v[1][i / 4 % 3]) * x }
    }
    checkGradients([[2, 1, 4], [2, 3, 1]], on: device) {
      $0[0] * $0[1] - $0[1]
    } plain: { v in
      (0..<24).map { i in
        let (b, r, c) = (i / 12, i / 4 % 3, i % 4)
        return v[0][b * 4 + c] * v[1][b * 3 + r] - v[1][b * 3 + r]
      }
    }
    checkGradients([[5], [4, 5]], on: device) {
      $0[0] / ($0[1] + 2)
    } plain: { v in
      v[1].enumerated().map { i, x in v[0][i % 5] / (x + 2) }
    }
  }

  @Test func `take the larger and the smaller of two`() {
    checkGradients([[3, 4], [3, 4]], on: device) {
      Tensor.maximum($0[0], $0[1]) - Tensor.minimum($0[0], $0[1]) * 2
    } plain: { v in
      zip(v[0], v[1]).map { max($0, $1) - 2 * min($0, $1) }
    }
  }

  @Test(arguments: 0..<3) func `sum over any axis`(axis: Int) {
    let shape = [3, 4, 5]
    checkGradients([shape], on: device) {
      $0[0].sum(axis: axis)
    } plain: { v in
      let inner = shape[(axis + 1)...].reduce(1, *)
      let outer = shape[..<axis].reduce(1, *)
      return (0..<(outer * inner)).map { i -> Double in
        let first = i / inner * shape[axis] * inner + i % inner
        var sum = 0.0
        for step in 0..<shape[axis] { sum += v[0][first + step * inner] }
        return sum
      }
    }
  }

  @Test func `average over positions`() {
    checkGradients([[2, 3, 5, 4]], on: device) {
      $0[0].spatialMean()
    } plain: { v in
      (0..<8).map { i -> Double in
        let first = i / 4 * 60 + i % 4
        var sum = 0.0
        for step in 0..<15 { sum += v[0][first + step * 4] }
        return sum / 15
      }
    }
  }

  @Test func `take the largest of each row, a tie to the first`() {
    checkGradients([[2, 3, 4, 9]], on: device) {
      $0[0].slice(channels: 1..<8).channelMaximum()
    } plain: { v in
      (0..<24).map { row in v[0][(row * 9 + 1)..<(row * 9 + 8)].max() ?? 0 }
    }
    let buffer = GradientBuffer(Tensor(zeros: [2, 3], on: device))
    let tied = Tensor([1, 4, 4, -2, -2, -2], shape: [2, 3], on: device).asLeaf(buffer)
    tied.channelMaximum().backward(seed: Tensor([5, 7], shape: [2, 1], on: device))
    #expect(buffer.tensor.copyToHost() == [0, 5, 0, 7, 0, 0])
  }

  @Test func `reorder and reshape`() {
    checkGradients([[2, 3, 4]], on: device) {
      $0[0].permuted([2, 0, 1]).reshaped([4, 6]) * 2
    } plain: { v in
      (0..<24).map { i -> Double in
        let (channel, row) = (i / 6, i / 3 % 2 * 3 + i % 3)
        return 2 * v[0][row * 4 + channel]
      }
    }
  }

  @Test func `share gradients between slices, wholes and repeated uses`() {
    // The whole is used beside its slices, one slice twice, another never.
    checkGradients([[2, 3, 6]], on: device) { inputs in
      let x = inputs[0].affine(scale: 1.5)
      let parts = x.split([2, 3, 1])
      let joined = Tensor.concatenated([parts[0], parts[0], x, parts[1].applying(.silu)])
      return joined + joined.applying(.sigmoid)
    } plain: { v in
      (0..<6).flatMap { row in
        let x = v[0][(row * 6)..<(row * 6 + 6)].map { $0 * 1.5 }
        let all = x[0..<2] + x[0..<2] + x + x[2..<5].map { $0 * Plain.sigmoid($0) }
        return all.map { $0 + Plain.sigmoid($0) }
      }
    }
  }

  @Test func `turn rows into shares by softmax`() {
    checkGradients([[3, 4, 11]], on: device) {
      $0[0].affine(scale: 3).softmax()
    } plain: { v in
      Plain.softmax(v[0].map { $0 * 3 }, length: 11)
    }
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func `multiply matrices, either side transposed`(left: Bool, right: Bool) {
    checkGradients([left ? [2, 4, 3] : [2, 3, 4], right ? [2, 5, 4] : [2, 4, 5]], on: device) {
      $0[0].matrixProduct($0[1], transposeLeft: left, transposeRight: right, scale: 0.7)
    } plain: { v in
      let a = left ? Plain.transposed(v[0], batch: 2, rows: 4, columns: 3) : v[0]
      let b = right ? Plain.transposed(v[1], batch: 2, rows: 5, columns: 4) : v[1]
      return Plain.product(a, b, batch: 2, rows: 3, inner: 4, columns: 5).map { $0 * 0.7 }
    }
  }

  @Test func `multiply many matrices by one`() {
    checkGradients([[3, 2, 4], [4, 5]], on: device) {
      $0[0].matrixProduct($0[1])
    } plain: { v in
      Plain.product(v[0], v[1], batch: 3, rows: 2, inner: 4, columns: 5, shared: true)
    }
  }

  @Test(arguments: [(5, 1, 2), (3, 2, 1), (2, 2, 0)])
  func `pool by maximum`(kernel: Int, stride: Int, padding: Int) {
    checkGradients([[2, 6, 7, 3]], on: device) {
      $0[0].maxPooled(kernel: kernel, stride: stride, padding: padding)
    } plain: {
      Plain.maxPool($0[0], [2, 6, 7, 3], kernel: kernel, stride: stride, padding: padding)
    }
  }

  @Test func `upsample by repetition`() {
    checkGradients([[2, 3, 2, 5]], on: device) {
      $0[0].upsampledNearest(factor: 2)
    } plain: { v in
      (0..<(2 * 6 * 4 * 5)).map { i in
        let (b, y, x, c) = (i / 120, i / 20 % 6, i / 5 % 4, i % 5)
        return v[0][((b * 3 + y / 2) * 2 + x / 2) * 5 + c]
      }
    }
  }

  @Test func `attend over positions with several heads`() {
    checkGradients([[2, 3, 4, 2 * (2 * 3 + 5)]], on: device) {
      $0[0].affine(scale: 2).attention(heads: 2, keyChannels: 3, valueChannels: 5)
    } plain: { v in
      Plain.attention(v[0].map { $0 * 2 }, batch: 2, positions: 12, heads: 2, key: 3, value: 5)
    }
  }

  @Test func `normalise by batch statistics over any shape`() {
    checkGradients([[4, 3, 5], [5], [5]], on: device, tolerance: 1e-3) { inputs in
      inputs[0].batchNormalized(
        BatchNormalization(
          scale: inputs[1], shift: inputs[2], runningMean: nil, runningVariance: nil, momentum: 0.1,
          epsilon: 1e-5,
          activation: .gelu))
    } plain: { v in
      Plain.batchNorm(
        v[0], channels: 5, scale: v[1], shift: v[2], epsilon: 1e-5, activation: Activation.gelu.plain)
    }
  }

  @Test func `take values and gradients from the host`() {
    checkGradients([[3], [4]], on: device) { inputs in
      Tensor.hostScalar(of: inputs) { values in
        let (a, b) = (values[0], values[1])
        return (
          a.reduce(0, +) * b.reduce(0) { $0 + $1 * $1 },
          [
            a.map { _ in b.reduce(0) { $0 + $1 * $1 } }, b.map { 2 * $0 * a.reduce(0, +) },
          ]
        )
      }.affine(scale: 3)
    } plain: { v in
      [3 * v[0].reduce(0, +) * v[1].reduce(0) { $0 + $1 * $1 }]
    }
  }

  @Test func `add up over backward passes until cleared`() {
    let buffer = GradientBuffer(Tensor(zeros: [2], on: device))
    let x = Tensor([1, 2], shape: [2], on: device)
    for _ in 0..<3 { (x.asLeaf(buffer) * x.asLeaf(buffer)).backward() }
    #expect(buffer.tensor.copyToHost() == [6, 12])
  }
}

@Suite struct `Batch statistics` {
  @Test func `stay exact far from zero and move running averages without bias`() {
    let device = TestDevice.openblas.make()
    let values = numbers(4000, seed: 8).map { Float(1000 + $0) }
    let (mean, variance) = (Tensor(zeros: [4], on: device), Tensor(repeating: 1, shape: [4], on: device))
    let one = Tensor(repeating: 1, shape: [4], on: device)
    _ = Tensor(values, shape: [10, 10, 10, 4], on: device).batchNormalized(
      BatchNormalization(
        scale: one, shift: one, runningMean: mean, runningVariance: variance, momentum: 0.25, epsilon: 1e-3,
        activation: .identity))
    for c in 0..<4 {
      let channel = (0..<1000).map { Double(values[$0 * 4 + c]) }
      let average = channel.reduce(0, +) / 1000
      let spread = channel.reduce(0) { $0 + pow($1 - average, 2) } / 999
      #expect(abs(Double(mean.copyToHost()[c]) - 0.25 * average) < 1e-4)
      #expect(abs(Double(variance.copyToHost()[c]) - (0.75 + 0.25 * spread)) < 1e-5)
    }
  }
}
