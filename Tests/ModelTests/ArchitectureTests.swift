import Config
import Layers
import PoseCore
import Tensor
import Testing

private let fixtures = (try? ArchitectureFixture.load()) ?? []

@Suite struct `A registered part` {
  @Test(arguments: fixtures)
  func `has as many parameters as elsewhere and computes the same, forwards and backwards`(
    record: ArchitectureFixture
  ) throws {
    let device = TestEngine.openBLAS.device
    let (owner, run) = try build(record)
    #expect(owner.parameterCount == record.parameters)
    let store = ParameterStore(owner, device: device, seed: nil)
    ArchitectureFixture.fill(store)

    let inputs = record.inputs.enumerated().map { index, shape in
      record.kind == .backbone
        ? ArchitectureFixture.tensor("image", shape, on: device).affine(scale: 0.5, offset: 0.5)
        : ArchitectureFixture.tensor("input.\(index)", shape, on: device)
    }
    expect(run(inputs, ForwardPass(.evaluation)), record.outputs, "evaluation")
    expect(run(inputs, ForwardPass(.inference)), record.outputs, "inference")
    if !record.gradients.isEmpty { try expectGradients(record, store, inputs, run) }
  }

  private typealias Run = ([Tensor], ForwardPass) -> [Tensor]

  private func build(_ record: ArchitectureFixture) throws -> (any ParameterOwner, Run) {
    let registry = try Setup.registry()
    let document = try #require(Document(text: "part: \(record.yaml)", name: "part").root["part"])
    var context = FeatureContext(
      inputs: record.inputs.enumerated().map { index, shape in
        FeatureShape(channels: shape[3], stride: 32 >> (record.inputs.count - 1 - index))
      }, layers: registry.layers)
    if record.kind == .layer {
      let graph = try FeatureGraph(recipe: .sequence([document]), results: [0], context: context)
      guard case .layer(let layer) = graph.nodes[0].unit else { throw Missing() }
      return (layer, { inputs, pass in [layer(inputs, pass)] })
    }
    if record.kind == .backbone { context.inputs = [FeatureShape(channels: 3, stride: 1)] }
    let table = record.kind == .backbone ? registry.backbones : registry.necks
    let part = try table.make(ComponentSpec(document, named: "part"), in: context)
    #expect(part.outputs.map(\.channels) == record.outputs.map { $0.shape[3] })
    if record.kind == .backbone {
      #expect(part.outputs.map { 96 / $0.stride } == record.outputs.map { $0.shape[1] })
    }
    return (part, { inputs, pass in part(inputs, pass) })
  }

  private func expect(_ maps: [Tensor], _ outputs: [ArchitectureFixture.Output], _ mode: String) {
    guard maps.map(\.shape) == outputs.map(\.shape) else {
      Issue.record("\(mode): shapes \(maps.map(\.shape))")
      return
    }
    for (map, output) in zip(maps, outputs) {
      let values = map.copyToHost()
      let samples = stride(from: 0, to: values.count, by: output.stride).map { Double(values[$0]) }
      // Of the mean magnitude; single numbers may be larger than that.
      let mean = output.size / Double(values.count)
      let largest = output.samples.reduce(mean) { max($0, abs($1)) }
      let error = zip(samples, output.samples).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
      #expect(samples.count == output.samples.count)
      #expect(error < 1e-3, "\(mode), shape \(output.shape)")
      let sum = values.reduce(0.0) { $0 + Double($1) }
      #expect(abs(sum - output.sum) < 1e-4 * output.size, "\(mode), shape \(output.shape)")
    }
  }

  private func expectGradients(
    _ record: ArchitectureFixture, _ store: ParameterStore, _ inputs: [Tensor], _ run: Run
  ) throws {
    let device = store.device
    let buffers = inputs.map { GradientBuffer(Tensor(zeros: $0.shape, on: device)) }
    let maps = run(zip(inputs, buffers).map { $0.asLeaf($1) }, ForwardPass(.training))
    let products = maps.enumerated().map { index, map in
      (map * ArchitectureFixture.tensor("seed.\(index)", map.shape, on: device)).sum()
    }
    products.dropFirst().reduce(products[0]) { $0 + $1 }.backward()

    var gradients: [String: Tensor] = [:]
    for (index, buffer) in buffers.enumerated() { gradients["input.\(index)"] = buffer.tensor }
    for state in store.states {
      guard case .parameter(let parameter) = state.kind else { continue }
      gradients[state.path] = parameter.storage?.gradient.tensor
    }
    #expect(gradients.keys.sorted() == record.gradients.keys.sorted())
    let largest = record.gradients.values.map { $0[1] }.max() ?? 0
    for (name, expected) in record.gradients {
      let gradient = try #require(gradients[name]).copyToHost()
      let noise = ArchitectureFixture.noise("probe", gradient.count)
      let product = zip(gradient, noise).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      #expect(abs(product - expected[0]) <= 1e-3 * expected[1] + 1e-5 * largest, "\(name)")
    }
  }

  private struct Missing: Error {}
}

@Suite struct `Preset names of components` {
  @Test(arguments: [
    ("resnet18", "{type: resnet, depth: 18}"), ("resnet101", "{type: resnet, depth: 101}"),
    ("cspnext_m", "{type: cspnext, variant: m}"),
    ("mobilenet_v3_small", "{type: mobilenet_v3, variant: small}"),
    ("hrnet_w18", "{type: hrnet, width: 18}"),
  ])
  func `stand for a component with an argument`(name: String, meaning: String) throws {
    func count(_ backbone: String) throws -> Int {
      try Setup.model("{nc: 1, kpt_shape: [17, 3], backbone: \(backbone), neck: fpn, head: yolo11_pose}")
        .parameterCount
    }
    let expected = try count(meaning)
    let named = try count(name)
    #expect(named == expected)
    let spelt = try count("{type: \(name), strides: [8, 16, 32]}")
    #expect(spelt == expected)
  }

  @Test func `settle that argument`() throws {
    let faults = try Setup.faults(
      "{nc: 1, kpt_shape: [17, 3], backbone: {type: resnet50, depth: 18}, head: yolo11_pose}")
    #expect(faults.contains("'depth' must be a whole number equal to 50"), "\(faults)")
  }

  @Test(arguments: [
    ("{type: resnet, depth: 20}", "has no depth 20; known: 18, 34, 50, 101"),
    ("{type: hrnet, strides: [8, 12]}", "but none of 12"),
    ("{type: cspnext, strides: [8, 8]}", "names a stride twice"),
    ("{type: mobilenet_v3, variant: huge}", "'variant'"),
  ])
  func `and other arguments are checked`(backbone: String, message: String) throws {
    let faults = try Setup.faults(
      "{nc: 1, kpt_shape: [17, 3], backbone: \(backbone), head: yolo11_pose}")
    #expect(faults.contains(message), "\(faults)")
  }

  @Test(arguments: ["resnet18", "cspnext_t", "mobilenet_v3_large", "hrnet_w18"])
  func `leave out what the wanted maps do not need`(backbone: String) throws {
    let coarse = try Setup.model(
      "{nc: 1, kpt_shape: [17, 3], backbone: {type: \(backbone), strides: [4, 16]}, neck: fpn, head: yolo11_pose}"
    )
    #expect(coarse.strides == [4, 16])
    let all = try Setup.model(
      "{nc: 1, kpt_shape: [17, 3], backbone: \(backbone), neck: fpn, head: yolo11_pose}")
    #expect(coarse.parameterCount < all.parameterCount)
  }
}
