import Config
import Heads
import Layers
import PoseCore
import Tensor
import Testing

@Suite struct `YOLO26-pose` {
  let tolerance: Float = 5e-4

  @Test(arguments: TestEngine.allCases, [ForwardPass.Mode.evaluation, .inference, .training])
  func `gives the reference's outputs of both branches`(engine: TestEngine, mode: ForwardPass.Mode) throws {
    let network = try YOLO26Network(engine.device)
    let output = network.model(network.images, ForwardPass(mode, recordsGradients: false))
    let prefix = mode == .training ? "train" : "eval"
    let branches = [("one2many", output.levels), ("one2one", try #require(output.oneToOne))]
    for (branch, levels) in branches {
      for (index, level) in levels.enumerated() {
        let name = "\(prefix).\(branch).\(index)"
        #expect(network.error(of: level.boxes, from: "\(name).boxes") < tolerance, "\(name)")
        #expect(network.error(of: level.scores, from: "\(name).scores") < tolerance, "\(name)")
        #expect(network.error(of: level.keypoints, from: "\(name).kpts") < tolerance, "\(name)")
        #expect((level.sigmas != nil) == (mode == .training))
        if let sigmas = level.sigmas {
          #expect(network.error(of: sigmas, from: "\(name).kpts_sigma") < tolerance, "\(name)")
        }
      }
    }
    #expect((output.errorDensity != nil) == (mode == .training))
  }

  @Test func `decodes like the reference, from either branch`() throws {
    let network = try YOLO26Network(.openBLAS())
    let output = network.model(network.images, ForwardPass(.inference))
    var values: [Float] = []
    for image in 0..<2 {
      values += network.model.head.decode(output, image: image, minimumScore: nil).values
    }
    #expect(network.error(of: values, shape: [2, 420, 56], from: "eval.decoded") < tolerance)

    let second = try #require(output.oneToOneOutput)
    let select = TopScoreSelection(minimumScore: 0, maximumCount: 12)
    for (image, expected) in network.records.top.enumerated() {
      let decoded = network.model.head.decode(second, image: image, minimumScore: 0)
      let kept = decoded.values.withUnsafeBufferPointer {
        select(
          DecodedPredictions(
            $0, count: decoded.count, classCount: 1, columnStride: decoded.rowLength, channelStride: 1))
      }
      #expect(kept.count == 12)
      for (one, row) in zip(kept, expected) {
        let keypoint = one.column * decoded.rowLength + 5
        let found =
          [one.box.x1, one.box.y1, one.box.x2, one.box.y2, one.score, Float(one.classIndex)]
          + decoded.values[keypoint..<(keypoint + 3)]
        // In the second picture some places score the same to the last digits, so that their order is chance.
        let compared = image == 0 ? row.indices : 4..<6
        for (a, b) in zip(found, row).enumerated().filter({ compared.contains($0.offset) }).map(\.element) {
          #expect(abs(a - b) < 2e-3 * max(1, abs(b)), "\(found) \(row)")
        }
      }
    }
  }

  @Test func `runs in inference the branch that is read`() throws {
    let network = try YOLO26Network(.openBLAS())
    // A second set that nobody asks for is not computed: with numbers that would spoil it, nothing shows.
    let output = network.model(network.images, ForwardPass(.inference))
    let before = network.store.device.pool.peakBytes
    _ = output.levels
    _ = output.levels
    let first = network.store.device.pool.peakBytes
    #expect(first > before)
    _ = output.oneToOne
    #expect(network.store.device.pool.peakBytes > first)
  }

  @Test func `has a flow with the reference's density and slope`() throws {
    let network = try YOLO26Network(.openBLAS())
    let output = network.model(network.images, ForwardPass(.training, recordsGradients: false))
    let density = try #require(output.errorDensity)
    let flow = network.records.flow
    let gradient = GradientBuffer(Tensor(zeros: [9, 2], on: network.store.device))
    let points = Tensor(flow.points, shape: [9, 2], on: network.store.device).asLeaf(gradient)
    let found = density(points)
    #expect(found.shape == [9, 1])
    for (a, b) in zip(found.copyToHost(), flow.log) { #expect(abs(a - b) < 1e-4 * max(1, abs(b))) }
    found.backward()
    let largest = flow.gradient.map { abs($0) }.max() ?? 0
    for (a, b) in zip(gradient.tensor.copyToHost(), flow.gradient) { #expect(abs(a - b) < 1e-4 * largest) }
  }

  @Test(arguments: ["yolo_pose", "yolo26_pose"], [0, 3, 9])
  func `has the reference's loss in every epoch`(name: String, epoch: Int) throws {
    let network = try YOLO26Network(.openBLAS())
    let loss = try loss(name, of: network)
    loss.begin(epoch: epoch, of: 10)
    #expect(
      loss.itemNames == ["box_loss", "pose_loss", "kobj_loss", "cls_loss", "l1_loss", "rle_loss"])
    let output = network.model(network.images, ForwardPass(.training, recordsGradients: false))
    let value = loss(output, targets: network.targets, imageSize: (128, 160))
    let expected = try #require(network.records.losses["\(epoch)"])
    #expect(abs(value.total.scalar - expected.total) < 1e-4 * expected.total)
    for (name, item) in zip(loss.itemNames, value.items) {
      let wanted = try #require(expected.items[name])
      #expect(abs(item - wanted) < 1e-4 * wanted, "\(name)")
    }
  }

  @Test(arguments: TestEngine.allCases)
  func `has the reference's gradients`(engine: TestEngine) throws {
    let network = try YOLO26Network(engine.device)
    let loss = try loss("yolo26_pose", of: network)
    loss.begin(epoch: 3, of: 10)
    let output = network.model(network.images, ForwardPass(.training))
    loss(output, targets: network.targets, imageSize: (128, 160)).total.backward()
    var checked = 0
    for state in network.store.states {
      guard case .parameter(let parameter) = state.kind, parameter.isTrained else { continue }
      let expected = try #require(network.records.gradients[state.path], "\(state.path)")
      let gradient = try #require(parameter.storage).gradient.tensor.copyToHost().map { Double($0) }
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let wave = BlockFixture.wave(gradient.count, phase: 9)
      let product = zip(gradient, wave).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(norm - expected[1]) <= 5e-3 * expected[1] + 1e-3, "\(state.path)")
      #expect(abs(product - expected[0]) <= 5e-3 * expected[1] + 1e-3, "\(state.path)")
      checked += 1
    }
    #expect(checked == network.records.gradients.count)
  }

  @Test func `begins both branches with the same numbers, and the flow near the normal distribution`() throws
  {
    let head = try YOLO26Network(.openBLAS()).model.head
    let store = ParameterStore(head, device: .openBLAS(), seed: 4)
    let states = Dictionary(uniqueKeysWithValues: store.states.map { ($0.path, $0.value.copyToHost()) })
    let copies = states.keys.filter { $0.hasPrefix("one2one_") }
    #expect(copies.count == 144)
    for name in copies { #expect(states[name] == states[String(name.dropFirst(8))], "\(name)") }
    #expect(states["cv4_kpts.0.weight"] != states["cv4_kpts.1.weight"])
    #expect(states["flow_model.mask"] == [0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0])
    #expect(states["flow_model.cov"] == [1, 0, 0, 1])
    let largest = try #require(states["flow_model.s.0.2.weight"]?.map { abs($0) }.max())
    #expect(largest < 0.0022 && largest > 0.002)
  }

  @Test func `trains the backbone by the one-to-many branch alone`() throws {
    let network = try YOLO26Network(.openBLAS())
    let output = network.model(network.images, ForwardPass(.training))
    let levels = try #require(output.oneToOne)
    Tensor.backward(levels.map { ($0.scores, nil) })
    for state in network.store.states {
      guard case .parameter(let parameter) = state.kind, parameter.isTrained else { continue }
      let isTouched = !(parameter.storage?.gradient.isClear ?? true)
      #expect(isTouched == state.path.contains("one2one_cv3"), "\(state.path)")
    }
  }

  @Test func `learns keypoints from their likelihood alone where that is the keypoint loss`() throws {
    let network = try YOLO26Network(.openBLAS())
    let output = network.model(network.images, ForwardPass(.training, recordsGradients: false))
    let both = try loss("yolo26_pose", of: network)
    let alone = try loss("yolo26_pose", of: network, ["keypoint_loss": "rle"])
    #expect(alone.itemNames == both.itemNames)
    let (first, second) = (
      both(output, targets: network.targets, imageSize: (128, 160)).items,
      alone(output, targets: network.targets, imageSize: (128, 160)).items
    )
    #expect(first[1] > 0 && second[1] == 0)
    #expect(first.last == second.last && second.last != 0)
    #expect(first[0] == second[0] && first[2...4] == second[2...4])
  }

  @Test func `takes no other likelihood beside such a keypoint loss`() throws {
    let network = try YOLO26Network(.openBLAS())
    #expect(throws: Diagnostic.self) {
      try loss("yolo26_pose", of: network, ["keypoint_loss": "rle", "likelihood_loss": "none"])
    }
  }

  private func loss(
    _ name: String, of network: YOLO26Network, _ arguments: [String: String] = [:]
  ) throws -> any PoseLoss {
    let registry = try Setup.registry()
    let component = try registry.losses.find(name, at: nil)
    let entries = arguments.map { Node.Entry(key: $0.key, value: Node(.string($0.value))) }
    return try component.make(
      component.arguments(Node(.mapping(entries))),
      LossContext(
        skeleton: .cocoPerson, classCount: 1, layout: network.model.layout, registry: registry))
  }
}
