import Foundation
import Tensor
import Testing

@Suite struct `Memory of tensors` {
  @Test func `stays apart, whatever is taken and given back`() {
    let device = Device.openBLAS()
    var stream = RandomStream(seed: 5, purpose: .test)
    var held: [(tensor: Tensor, value: Float)] = []
    for step in 0..<400 {
      if held.count > 12 || (step > 300 && !held.isEmpty) {
        let (tensor, value) = held.remove(at: stream.integer(below: held.count))
        #expect(tensor.copyToHost().allSatisfy { $0 == value })
      }
      let count = 1 << stream.integer(below: 19)
      let tensor = Tensor(repeating: Float(step), shape: [count + stream.integer(below: 100)], on: device)
      held.append((tensor, Float(step)))
      if step % 97 == 0 { device.pool.trim() }
      if step % 41 == 0 { device.pool.enlargePages() }
    }
    #expect(held.allSatisfy { part in part.tensor.copyToHost().allSatisfy { $0 == part.value } })
  }

  @Test func `is used again when its neighbours are free too`() {
    let device = Device.openBLAS()
    var pieces = (0..<8).map { _ in Tensor(repeating: 7, shape: [1 << 18], on: device) }
    while !pieces.isEmpty { pieces.remove(at: pieces.count / 2) }
    let whole = Tensor(uninitialized: [8 << 18], on: device)
    #expect(whole.copyToHost().allSatisfy { $0 == 7 })
  }

  #if os(Linux)
  @Test func `goes back to the system when it is trimmed`() {
    let device = Device.openBLAS()
    let kept = Tensor(repeating: 3, shape: [1 << 20], on: device)
    do { _ = Tensor(repeating: 7, shape: [1 << 20], on: device) }
    device.pool.trim()
    let again = Tensor(uninitialized: [1 << 20], on: device)
    #expect(again.copyToHost().allSatisfy { $0 == 0 })
    #expect(kept.copyToHost().allSatisfy { $0 == 3 })
  }
  #endif

  @Test func `of large activations is not held until their gradients are due`() {
    // Results of 32 MiB, four in a row between small ones.
    let (size, channels) = (512, 32)
    let shapes = [[channels, 4, 1, 1]] + [[Int]](repeating: [channels, channels, 1, 1], count: 3)
    func run(asOne: Bool) -> (gradients: [[Float]], peak: Int) {
      let device = TestDevice.onednn.make()
      let buffers = shapes.map { GradientBuffer(Tensor(zeros: $0, on: device)) }
      let ones = Tensor(repeating: 1, shape: [channels], on: device)
      var map = Tensor(
        numbers(size * size * 4, seed: 1).map(Float.init), shape: [1, size, size, 4], on: device)
      for (index, buffer) in buffers.enumerated() {
        let values = numbers(shapes[index].reduce(1, *), seed: index + 2).map(Float.init)
        let weight = Tensor(values, shape: shapes[index], on: device).asLeaf(buffer)
        let norm = BatchNormalization(
          scale: ones, shift: ones, runningMean: nil, runningVariance: nil, momentum: 0.1, epsilon: 1e-3,
          activation: .silu)
        map =
          asOne
          ? map.convolutionNormalized(weight: weight, ConvolutionOptions(), normalization: norm)
          : map.convolution(weight: weight).batchNormalized(norm)
      }
      map.slice(channels: 0..<1).backward()
      return (buffers.map { $0.tensor.copyToHost() }, device.pool.peakBytes)
    }
    let (made, kept) = (run(asOne: true), run(asOne: false))
    #expect(made.gradients == kept.gradients)
    #expect(kept.peak - made.peak > 2 * size * size * channels * 4)
  }
}
