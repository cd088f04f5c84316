import Layers
import Tensor
import Testing

/// A convolution block and a plain convolution, one behind the other.
final class TwoLayers: UnaryLayer {
  let block = ConvolutionBlock(inChannels: 3, outChannels: 8, kernel: 3)
  let end = Convolution2D(inChannels: 8, outChannels: 2)

  var members: [LayerMember] { [.layer("block", block), .layer("end", end)] }

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor { end(block(input, pass), pass) }
}

final class ManyNumbers: ParameterOwner {
  let uniform = Parameter([257, 513], role: .weight, initializer: .uniform(bound: 0.2))
  let normal = Parameter([129, 1027], role: .weight, initializer: .normal(deviation: 0.5))
  let values = Parameter([3], role: .bias, initializer: .values([3, 1, 2]))
  lazy var copy = Parameter(normal.shape, role: .weight, initializer: .copy(of: normal))

  var members: [LayerMember] {
    [
      .parameter("uniform", uniform), .parameter("normal", normal), .parameter("values", values),
      .parameter("copy", copy),
    ]
  }
}

@Suite struct `A parameter store` {
  let device = Device.openBLAS()

  @Test func `names everything as checkpoints do`() {
    #expect(
      TwoLayers().namedState().map(\.path) == [
        "block.conv.weight", "block.bn.weight", "block.bn.bias", "block.bn.running_mean",
        "block.bn.running_var",
        "end.weight", "end.bias",
      ])
    #expect(TwoLayers().parameterCount == 216 + 16 + 18)
  }

  @Test func `keeps each role in one run`() {
    let model = TwoLayers()
    let store = ParameterStore(model, device: device, seed: 0)
    #expect(store.ranges[.weight] == 0..<232)
    #expect(store.ranges[.normalization] == 232..<240)
    #expect(store.ranges[.bias] == 240..<250)
    #expect(store.parameterCount == 250)
    #expect(store.values.count == 266)
    #expect(store.trainedRanges(of: .weight) == [0..<232])
    model.block.convolution.weight.isFrozen = true
    #expect(store.trainedRanges(of: .weight) == [216..<232])
  }

  @Test func `draws first numbers from the seed and within PyTorch's bounds`() {
    let (a, b, c) = (TwoLayers(), TwoLayers(), TwoLayers())
    let stores = [
      ParameterStore(a, device: device, seed: 5), ParameterStore(b, device: device, seed: 5),
      ParameterStore(c, device: device, seed: 6),
    ]
    #expect(stores[0].values.copyToHost() == stores[1].values.copyToHost())
    #expect(stores[0].values.copyToHost() != stores[2].values.copyToHost())
    let weight = a.block.convolution.weight.value.copyToHost()
    let bound = 1 / Float(27).squareRoot()
    #expect(weight.allSatisfy { abs($0) <= bound } && weight.contains { abs($0) > 0.8 * bound })
    #expect(a.block.norm.weight.value.copyToHost() == [Float](repeating: 1, count: 8))
  }

  /// As large as several of the blocks in which threads draw.
  @Test func `draws each parameter from a stream of its own, for any number of threads`() {
    let model = ManyNumbers()
    let threads = Device.threads
    defer { Device.setThreads(threads) }
    for count in [1, 3] {
      Device.setThreads(count)
      _ = ParameterStore(model, device: device, seed: 9)
      for (index, parameter) in [model.uniform, model.normal].enumerated() {
        var stream = RandomStream(seed: 9, purpose: .initialization, index: index)
        let wanted = (0..<parameter.count).map { _ in
          index == 0
            ? Float(stream.uniform(-Double(Float(0.2)), Double(Float(0.2)))) : Float(stream.normal()) * 0.5
        }
        #expect(parameter.value.copyToHost() == wanted)
      }
      #expect(model.copy.value.copyToHost() == model.normal.value.copyToHost())
      #expect(model.values.value.copyToHost() == [3, 1, 2])
    }
  }

  @Test func `gathers gradients over passes and forgets them`() {
    let model = TwoLayers()
    let store = ParameterStore(model, device: device, seed: 1)
    let input = Tensor(repeating: 0.5, shape: [1, 4, 4, 3], on: device)
    let pass = ForwardPass(.training)
    model(input, pass).sum().backward()
    let once = store.gradients.copyToHost()
    #expect(once.contains { $0 != 0 })
    model(input, pass).sum().backward()
    #expect(zip(store.gradients.copyToHost(), once).allSatisfy { abs($0 - 2 * $1) <= 1e-4 * abs($1) + 1e-5 })
    store.clearGradients()
    #expect(store.gradients.copyToHost().allSatisfy { $0 == 0 })
  }

  @Test func `leaves frozen parameters without gradient`() {
    let model = TwoLayers()
    let store = ParameterStore(model, device: device, seed: 1)
    model.block.convolution.weight.isFrozen = true
    model(Tensor(repeating: 0.5, shape: [1, 4, 4, 3], on: device), ForwardPass(.training)).sum().backward()
    #expect(store.gradients.copyToHost()[0..<216].allSatisfy { $0 == 0 })
    #expect(store.gradients.copyToHost()[216..<232].contains { $0 != 0 })
  }
}

@Suite struct `A convolution block` {
  @Test(arguments: [Activation.silu, .relu, .hardSwish])
  func `is the same folded and as it is, also after its numbers changed`(activation: Activation) {
    let device = Device.openBLAS()
    let block = ConvolutionBlock(inChannels: 3, outChannels: 8, kernel: 3, stride: 2, activation: activation)
    let store = ParameterStore(block, device: device, seed: 2)
    var stream = RandomStream(seed: 1, purpose: .test)
    let input = Tensor(
      (0..<(2 * 5 * 7 * 3)).map { _ in Float(stream.normal()) }, shape: [2, 5, 7, 3], on: device)
    for _ in 0..<2 {
      let numbers = (0..<store.values.count).map { _ in Float(stream.uniform(0.5, 1.5)) }
      numbers.withUnsafeBufferPointer { store.values.copyFromHost($0) }
      store.markChanged()
      let plain = block(input, ForwardPass(.evaluation)).copyToHost()
      let folded = block(input, ForwardPass(.inference)).copyToHost()
      #expect(plain.count == 2 * 3 * 4 * 8)
      #expect(zip(plain, folded).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($0)) })
    }
  }

  @Test func `pads so that a kernel of any size and dilation keeps the extent`() {
    let device = Device.openBLAS()
    for (kernel, dilation) in [(1, 1), (3, 1), (5, 1), (3, 2)] {
      let block = ConvolutionBlock(inChannels: 2, outChannels: 4, kernel: kernel, dilation: dilation)
      let store = ParameterStore(block, device: device, seed: 0)
      let output = block(Tensor(zeros: [1, 9, 6, 2], on: device), ForwardPass(.training))
      #expect(output.shape == [1, 9, 6, 4])
      #expect(store.values.count > 0)
    }
  }
}
