import Tensor
import Testing

@Suite struct `Joining channels` {
  /// A map and its pooled, enlarged and convolved forms, side by side; with gradients of all that goes in.
  private func run(_ kind: TestDevice, _ precision: Precision, join: ChannelJoin?) -> (
    values: [[Float]], peak: Int
  ) {
    let device = kind.make()
    let shapes = [[2, 6, 8, 5], [2, 3, 4, 3], [7, 5, 3, 3], [7]]
    let buffers = shapes.map { GradientBuffer(Tensor(zeros: $0, on: device)) }
    let inputs = shapes.indices.map { index in
      Tensor(
        numbers(shapes[index].reduce(1, *), seed: index + 1).map(Float.init), shape: shapes[index], on: device
      )
      .asLeaf(buffers[index])
    }
    let (map, small) = (inputs[0].converted(to: precision), inputs[1].converted(to: precision))
    let convolved = map.convolution(
      weight: inputs[2], bias: inputs[3], ConvolutionOptions(padding: 1), at: join?.place(2))
    let parts = [
      map.maxPooled(kernel: 3, padding: 1, at: join?.place(0)),
      small.upsampledNearest(factor: 2, at: join?.place(1)),
      convolved,
      map.adding(map, at: join?.place(3)),
    ]
    let joined = Tensor.concatenated(parts, in: join)
    // A part goes on to be used by itself.
    let result = joined.slice(channels: 3..<10) + convolved
    result.backward(
      seed: Tensor(numbers(result.count, seed: 9).map(Float.init), shape: result.shape, on: device)
        .converted(to: precision))
    return ([joined.copyToHost()] + buffers.map { $0.tensor.copyToHost() }, device.pool.peakBytes)
  }

  @Test(arguments: TestDevice.allCases, [Precision.float32, .bfloat16])
  func `in place gives the bits that copying gives`(kind: TestDevice, precision: Precision) {
    let plain = run(kind, precision, join: nil)
    let placed = run(kind, precision, join: ChannelJoin(widths: [5, 3, 7, 5]))
    #expect(placed.values == plain.values)
    #expect(placed.peak < plain.peak)
  }

  @Test func `copies what lies elsewhere or has another size or precision`() {
    let device = Device.openBLAS()
    let (a, b) = (
      Tensor(numbers(24, seed: 1).map(Float.init), shape: [1, 2, 4, 3], on: device),
      Tensor(numbers(16, seed: 2).map(Float.init), shape: [1, 2, 4, 2], on: device)
    )
    let expected = Tensor.concatenated([a, b]).copyToHost()
    let join = ChannelJoin(widths: [3, 2])
    #expect(Tensor.concatenated([a.adding(a, at: join.place(0)), b], in: join).copyToHost() != expected)
    #expect(Tensor.concatenated([a, b], in: join).copyToHost() == expected)

    // A place for three channels does not take two, and half precision does not go beside single.
    let other = ChannelJoin(widths: [3, 2])
    let sum = b.adding(b, at: other.place(0))
    #expect(sum.isDense)
    let half = a.converted(to: .bfloat16)
    let parts = [half.adding(half, at: other.place(0)), b.adding(b, at: other.place(1))]
    #expect(!parts[0].isDense && parts[1].isDense)
    let doubled = Tensor.concatenated([half.converted(to: .float32), b]).affine(scale: 2).copyToHost()
    #expect(Tensor.concatenated(parts, in: other).copyToHost() == doubled)
  }

  @Test func `gives a result that is several parts in one its whole place`() {
    let device = Device.openBLAS()
    let wide = Tensor(numbers(48, seed: 3).map(Float.init), shape: [1, 2, 4, 6], on: device)
    let join = ChannelJoin(widths: [3, 3, 3])
    let halves = wide.adding(wide, at: join.place(0..<2))
    let last = halves.slice(channels: 3..<6)
    let parts = [halves, last.adding(last, at: join.place(2))]
    let peak = device.pool.peakBytes
    let joined = Tensor.concatenated(parts, in: join)
    #expect(device.pool.peakBytes == peak)
    #expect(joined.copyToHost() == Tensor.concatenated([wide + wide, last + last]).copyToHost())
  }
}
