import Config
import Layers
import PoseCore
import Tensor
import Testing

/// Every backbone, neck and head that the registry knows, with each other.
@Suite struct `Any backbone, neck and head` {
  private static let registry = try? Setup.registry()
  private static let pairs: [(String, String)] = {
    guard let registry else { return [] }
    return registry.backbones.names.flatMap { backbone in registry.necks.names.map { (backbone, $0) } }
  }()

  /// As small as its arguments allow.
  private static let smallest = [
    "resnet": "resnet18", "hrnet": "{type: hrnet, width: 8}", "cspnext": "cspnext_t",
    "mobilenet_v3": "mobilenet_v3_small",
  ]

  @Test(arguments: pairs)
  func `go together and learn`(backbone: String, neck: String) throws {
    let registry = try #require(Self.registry)
    let heads = registry.heads.names
    #expect(!heads.isEmpty)
    let device = TestEngine.openBLAS.device
    for head in heads {
      let model = try Setup.model(
        """
        nc: 2
        kpt_shape: [5, 3]
        scales: {tiny: [0.1, 0.0625, 1024]}
        backbone: \(Self.smallest[backbone] ?? backbone)
        neck: \(neck)
        head: \(head)
        """)
      try step(model, registry, device, "\(backbone), \(neck), \(head)")
    }
  }

  /// One step of gradient descent.
  private func step(_ model: PoseModel, _ registry: Registry, _ device: Device, _ name: String) throws {
    let store = ParameterStore(model, device: device, seed: 3)
    store.clearGradients()
    let images = ArchitectureFixture.tensor("image", [1, 64, 32, 3], on: device).affine(
      scale: 0.5, offset: 0.5)
    let output = model(images, ForwardPass(.training))
    let skeleton = Skeleton(
      keypointCount: 5, dimensions: 3, names: (0..<5).map { "joint \($0)" }, flipIndices: nil, limbs: [],
      sigmas: [0.05, 0.1, 0.2, 0.1, 0.05], sigmaSource: .dataset)
    let loss = try registry.losses.make(
      ComponentSpec(name: "yolo_pose"),
      in: LossContext(skeleton: skeleton, classCount: 2, layout: model.layout, registry: registry))
    // Boxes of several sizes, so that every level has something to find.
    let boxes = [Box(x1: 2, y1: 4, x2: 18, y2: 20), Box(x1: 1, y1: 17, x2: 31, y2: 47)]
    let targets = boxes.enumerated().map { index, box in
      Instance(
        classIndex: index, box: box,
        keypoints: (0..<5).map {
          Keypoint(x: box.x1 + 3 * Float($0), y: box.y2 - 2 * Float($0), visibility: .visible)
        })
    }
    let value = loss(output, targets: [targets], imageSize: (height: 64, width: 32))
    #expect(value.total.scalar.isFinite && value.total.scalar > 0, "\(name)")
    value.total.backward()

    var still: [String] = []
    for state in store.states {
      guard case .parameter(let parameter) = state.kind, parameter.isTrained else { continue }
      let gradient = try #require(parameter.storage).gradient.tensor.copyToHost()
      let isFinite = gradient.allSatisfy { $0.isFinite }
      #expect(isFinite, "\(name): \(state.path)")
      // A head's boxes and keypoints rest at levels where nothing is to be found.
      let isOfHead = state.path.hasPrefix("model.\(model.graph.nodes.count).")
      if !isOfHead, gradient.allSatisfy({ $0 == 0 }) { still.append(state.path) }
    }
    #expect(still == [], "\(name)")
    // A step that changes the loss by about a thousandth.
    let count = store.trainableCount
    let rate = 1e-3 * value.total.scalar / Float(device.engine.sumOfSquares(store.gradients))
    device.engine.sgdStep(
      SGDStep(gradientScale: 1, learningRate: rate, momentum: 0, decay: 0, nesterov: false, isFirst: true),
      weights: store.values.run(0..<count, shape: [count]), gradients: store.gradients,
      momentum: Tensor(zeros: [count], on: device))
    store.markChanged()
    let next = loss(
      model(images, ForwardPass(.training)), targets: [targets], imageSize: (height: 64, width: 32))
    #expect(next.total.scalar.isFinite && next.total.scalar != value.total.scalar, "\(name)")
  }
}
