import BuildingBlocks
import Config
import Heads
import Layers
import PoseCore
import Tensor
import Testing

private let fixture = try? BlockFixture.load()

@Suite struct `A building block` {
  let tolerance: Float = 5e-4

  @Test(arguments: fixture?.layers ?? [], TestEngine.allCases)
  func `computes what the reference's does, forwards and backwards`(
    record: BlockFixture.Layer, engine: TestEngine
  ) throws {
    let device = engine.device
    let (layer, store) = try build(record, device)
    let values = BlockFixture.tensor(record.input, phase: 50, on: device)

    let evaluated = layer([values], ForwardPass(.evaluation))
    try expect(evaluated, record, "evaluation")
    try expect(layer([values], ForwardPass(.inference)), record, "evaluation")

    let input = GradientBuffer(Tensor(zeros: record.input, on: device))
    let output = layer([values.asLeaf(input)], ForwardPass(.training))
    try expect(output, record, "training")
    store.clearGradients()
    output.backward(seed: BlockFixture.tensor(output.shape, phase: 51, on: device))
    try expect(input.tensor, record, "input")

    let norm = record.gradients.values.map { $0[1] }.max() ?? 0
    var checked = 0
    for state in store.states {
      guard case .parameter(let parameter) = state.kind else { continue }
      let gradient = try #require(parameter.storage).gradient.tensor.copyToHost()
      let product = zip(gradient, BlockFixture.wave(gradient.count, phase: 9)).reduce(0.0) {
        $0 + Double($1.0) * $1.1
      }
      let expected = try #require(record.gradients[state.path])
      #expect(abs(product - expected[0]) <= 1e-3 * expected[1] + 1e-5 * norm, "\(state.path)")
      checked += 1
    }
    #expect(checked == record.gradients.count)
  }

  private func build(_ record: BlockFixture.Layer, _ device: Device) throws -> (any Layer, ParameterStore) {
    let text = "\(record.repeats): [[-1, \(record.repeats), \(record.layer), \(record.arguments)]]"
    let node = try #require(Document(text: text, name: "layer").root[String(record.repeats)])
    let context = FeatureContext(
      inputs: [FeatureShape(channels: record.input[3], stride: 8)], layers: try Setup.registry().layers)
    let graph = try FeatureGraph(recipe: node.value, results: [0], context: context)
    guard case .layer(let layer) = graph.nodes[0].unit else { throw Missing() }
    let store = ParameterStore(layer, device: device, seed: 0)
    BlockFixture.fill(store)
    return (layer, store)
  }

  private func expect(_ tensor: Tensor, _ record: BlockFixture.Layer, _ name: String) throws {
    let sample = try #require(record.samples[name])
    let error = try BlockFixture.error(
      tensor.copyToHost(), shape: tensor.shape, "\(record.name)/\(name)", sample)
    #expect(error < tolerance, "\(name)")
  }

  private struct Missing: Error {}
}

@Suite struct `The pose head` {
  @Test(arguments: fixture?.heads ?? [])
  func `decodes any number of classes and keypoints like the reference`(record: BlockFixture.Head) throws {
    let device = Device.openBLAS()
    let (head, output) = try run(record, device)
    var values: [Float] = []
    for image in 0..<2 { values += head.decode(output, image: image, minimumScore: nil).values }

    // The reference gives two numbers a keypoint where it predicts no visibility; ours is then 1.
    let rowLength = 4 + record.classes + 3 * record.keypoints[0]
    var kept: [Float] = []
    for row in stride(from: 0, to: values.count, by: rowLength) {
      for column in 0..<rowLength {
        let isVisibility = column >= 4 + record.classes && (column - 4 - record.classes) % 3 == 2
        if isVisibility && record.keypoints[1] == 2 {
          #expect(values[row + column] == 1)
        } else {
          kept.append(values[row + column])
        }
      }
    }
    let sample = try #require(record.samples["decoded"])
    #expect(try BlockFixture.error(kept, shape: sample.shape, "head/\(record.name)", sample) < 5e-4)
    #expect(kept.count == sample.shape.reduce(1, *))
  }

  @Test(arguments: fixture?.heads ?? [])
  func `leaves out low scores when it is asked to`(record: BlockFixture.Head) throws {
    let (head, output) = try run(record, Device.openBLAS())
    let all = head.decode(output, image: 1, minimumScore: nil)
    func rows(_ decoded: DecodedOutput) -> [Int32: [Float]] {
      Dictionary(
        uniqueKeysWithValues: decoded.anchors.enumerated().map { index, anchor in
          (anchor, Array(decoded.values[(index * decoded.rowLength)..<((index + 1) * decoded.rowLength)]))
        })
    }
    let everything = rows(all)
    for threshold: Float in [0, 0.25, 0.6, 0.95, 1] {
      let some = rows(head.decode(output, image: 1, minimumScore: threshold))
      for (anchor, row) in everything {
        let best = row[4..<(4 + record.classes)].max() ?? 0
        if best > threshold { #expect(some[anchor] == row) }
        if best < threshold - 0.01 { #expect(some[anchor] == nil) }
      }
    }
  }

  @Test func `starts with biases that expect few objects`() throws {
    let head = YOLOPoseHead(
      inputs: [8, 16, 32].map { FeatureShape(channels: 8, stride: $0) },
      layout: HeadLayout(classCount: 1, keypointCount: 17, keypointDimensions: 3, regMax: 16, strides: []))
    let store = ParameterStore(head, device: .openBLAS(), seed: 1)
    let states = Dictionary(uniqueKeysWithValues: store.states.map { ($0.path, $0.value.copyToHost()) })
    for (level, bias) in [Float(-7.154_615_4), -5.768_321, -4.382_026_7].enumerated() {
      #expect(states["cv2.\(level).2.bias"] == [Float](repeating: 2, count: 64))
      #expect(abs(try #require(states["cv3.\(level).2.bias"])[0] - bias) < 1e-5)
    }
    #expect(states["dfl.conv.weight"] == (0..<16).map { Float($0) })
  }

  private func run(_ record: BlockFixture.Head, _ device: Device) throws -> (YOLOPoseHead, HeadOutput) {
    let strides = [8, 16, 32]
    let head = YOLOPoseHead(
      inputs: zip(record.channels, strides).map { FeatureShape(channels: $0, stride: $1) },
      layout: HeadLayout(
        classCount: record.classes, keypointCount: record.keypoints[0],
        keypointDimensions: record.keypoints[1], regMax: 16, strides: []),
      usesDepthwiseClasses: !record.legacy)
    let store = ParameterStore(head, device: device, seed: 0)
    BlockFixture.fill(store)
    let sizes = [(8, 12), (4, 6), (2, 3)]
    let features = zip(sizes, record.channels).enumerated().map { index, level in
      BlockFixture.tensor([2, level.0.0, level.0.1, level.1], phase: 60 + index, on: device)
    }
    return (head, withExtendedLifetime(store) { head(features, ForwardPass(.evaluation)) })
  }
}
