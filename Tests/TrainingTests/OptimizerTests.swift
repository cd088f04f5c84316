import Foundation
import Interchange
import Layers
import Losses
import Optimizers
import PoseCore
import Tensor
import Testing
import Training

@Suite struct `Optimiser steps` {
  @Test(arguments: ["sgd", "adamw"])
  func `equal the reference's on a whole network`(name: String) throws {
    let reference = try StepFixture()
    let expected = try #require(reference.optimizers[name])
    let network = try reference.network()
    let store = network.store
    let registry = try Workshop.registry()
    let loss = try registry.losses.make(
      RunSpec.standardLoss,
      in: LossContext(skeleton: .cocoPerson, classCount: 1, layout: network.layout, registry: registry))
    var groups: [Parameter.Role: OptimizerGroup] = [:]
    for role in Parameter.Role.allCases {
      groups[role] = OptimizerGroup(
        learningRate: expected.lr, momentum: expected.momentum,
        decay: role == .weight ? expected.weightDecay : 0)
    }
    let optimizer = try registry.optimizers.make(
      ComponentSpec(name: name), in: OptimizerContext(store: store, groups: groups))
    let average = ExponentialMovingAverage(store)
    let (images, targets) = try reference.batch(on: store.device)

    store.clearGradients()
    for step in 1...3 {
      let value = loss(
        network(images, ForwardPass(.training)), targets: targets,
        imageSize: (height: images.shape[1], width: images.shape[2]))
      value.total.backward()
      let norm = store.device.engine.sumOfSquares(store.gradients).squareRoot()
      // Later steps stand on earlier ones, whose rounding they multiply.
      #expect(abs(norm - expected.gradNorms[step - 1]) < (step == 1 ? 1e-3 : 5e-2) * norm)
      optimizer.step(gradientScale: Float(min(1, 10 / (norm + 1e-6))))
      store.clearGradients()
      average.update()
      #expect(abs(average.decay(update: step) - expected.decays[step - 1]) < 1e-15)
      if step == 2 { continue }
      try reference.check(name, "step\(step)", store.values.copyToHost(), store)
      try reference.check(name, "ema\(step)", average.average.copyToHost(), store)
    }
  }

  @Test func `of adam put the decay into the gradient`() throws {
    let layer = Convolution2D(inChannels: 1, outChannels: 1, kernel: 1, bias: false)
    layer.weight.initializer = .constant(2)
    let store = ParameterStore(layer, device: .openBLAS(), seed: 0)
    let groups = [Parameter.Role.weight: OptimizerGroup(learningRate: 0.1, momentum: 0.9, decay: 0.5)]
    let adam = Adam(OptimizerContext(store: store, groups: groups), decoupled: false)
    let decoupled = Adam(OptimizerContext(store: store, groups: groups), decoupled: true)
    [Float(3)].withUnsafeBufferPointer { store.gradients.copyFromHost($0) }
    // The first step of Adam is the learning rate, whatever the gradient.
    adam.step(gradientScale: 1)
    #expect(abs(store.values.copyToHost()[0] - 1.9) < 1e-6)
    // AdamW shrinks the weight by 0.1 · 0.5 besides.
    decoupled.step(gradientScale: 1)
    #expect(abs(store.values.copyToHost()[0] - (1.9 * 0.95 - 0.1)) < 1e-5)
  }

  @Test func `go on from saved moments to the same bits`() throws {
    for name in ["sgd", "adam", "adamw"] {
      func steps(_ count: Int, restoring state: OptimizerState?, from start: [Float]?) throws -> (
        [Float], OptimizerState
      ) {
        let layer = Convolution2D(inChannels: 3, outChannels: 5, kernel: 3)
        let store = ParameterStore(layer, device: .openBLAS(), seed: 4)
        let group = OptimizerGroup(learningRate: 0.01, momentum: 0.9, decay: 1e-3)
        let optimizer = try Workshop.registry().optimizers.make(
          ComponentSpec(name: name),
          in: OptimizerContext(store: store, groups: [.weight: group, .bias: group]))
        if let state { optimizer.state = state }
        start?.withUnsafeBufferPointer { store.values.copyFromHost($0) }
        for _ in 0..<count {
          store.device.engine.copy(store.values, to: store.gradients)
          optimizer.step(gradientScale: 0.5)
        }
        return (store.values.copyToHost(), optimizer.state)
      }
      let half = try steps(2, restoring: nil, from: nil)
      #expect(try steps(3, restoring: half.1, from: half.0).0 == steps(5, restoring: nil, from: nil).0)
    }
  }

  @Test func `leave the model's numbers alone while the average is lent`() throws {
    let layer = BatchNorm2D(3)
    let store = ParameterStore(layer, device: .openBLAS(), seed: 0)
    let average = ExponentialMovingAverage(store)
    store.device.engine.affine(store.values, scale: 3, offset: 1, to: store.values)
    let own = store.values.copyToHost()
    average.update()
    let lent = average.whileApplied { store.values.copyToHost() }
    let keep = Float(0.9999 * (1 - exp(-1.0 / 2000)))
    #expect(
      zip(lent, zip([1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], own)).allSatisfy {
        abs($0 - ($1.0 * keep + $1.1 * (1 - keep))) < 1e-6
      })
    #expect(store.values.copyToHost() == own)
  }
}

/// Three steps that the reference took with a tiny network; every n-th number of each tensor.
private struct StepFixture: Decodable {
  struct Record: Decodable {
    let lr: Double
    let momentum: Double
    let weightDecay: Double
    let gradNorms: [Double]
    let decays: [Double]
    let illConditioned: [String]
    /// For each tensor, how far its most moved number is from the start.
    let changes: [String: [Float]]
  }

  let names: [String]
  /// Stride and count for each tensor.
  let probes: [[Int]]
  let optimizers: [String: Record]

  init() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(StepFixture.self, from: Fixtures.data("training/optimizer.json"))
  }

  private func file(_ path: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: Fixtures.folder.appending(path: path).path)
  }

  func network() throws -> PoseNetwork {
    let workshop = try Workshop()
    let spec = try workshop.spec()
    let network = PoseNetwork(
      try PoseModel(spec.model, registry: Workshop.registry()), device: .openBLAS(), seed: 0)
    try network.store.load(file("model/pico.safetensors"), prefix: "weights/")
    return network
  }

  func batch(on device: Device) throws -> (images: Tensor, targets: [[Instance]]) {
    let file = try file("model/pico.safetensors")
    let (shape, bytes) = try file.ints(named: "loss.input_u8")
    let images = Tensor(bytes.map { Float($0) / 255 }, shape: shape, on: device).permuted([0, 2, 3, 1])
    let (height, width) = (Float(shape[2]), Float(shape[3]))
    let places = try file.floats(named: "loss.batch_idx").values
    let boxes = try file.floats(named: "loss.bboxes").values
    let points = try file.floats(named: "loss.keypoints").values
    var targets = [[Instance]](repeating: [], count: shape[0])
    for (index, place) in places.enumerated() {
      let box = boxes[(4 * index)..<(4 * index + 4)].map { $0 }
      let keypoints = (0..<17).map { point -> Keypoint in
        let at = (17 * index + point) * 3
        return Keypoint(
          x: points[at] * width, y: points[at + 1] * height,
          visibility: Visibility(rawValue: UInt8(points[at + 2])) ?? .unlabelled)
      }
      targets[Int(place)].append(
        Instance(
          classIndex: 0,
          box: Box(
            x1: (box[0] - box[2] / 2) * width, y1: (box[1] - box[3] / 2) * height,
            x2: (box[0] + box[2] / 2) * width, y2: (box[1] + box[3] / 2) * height), keypoints: keypoints))
    }
    return (images, targets)
  }

  /// Tolerance: a part of the tensor's largest change, and rounding.
  func check(_ optimizer: String, _ part: String, _ values: [Float], _ store: ParameterStore) throws {
    let record = try #require(optimizers[optimizer])
    let recorded = try file("training/optimizer.safetensors").floats(named: "\(optimizer).\(part)").values
    let changes = try #require(record.changes[part])
    let share: Float = part.hasSuffix("3") ? 0.2 : optimizer == "sgd" ? 1e-3 : 0.05
    var next = 0
    var wrong: [String] = []
    for (index, name) in names.enumerated() {
      let (stride, count) = (probes[index][0], probes[index][1])
      defer { next += count }
      if record.illConditioned.contains("\(part)/\(name)") || name.contains(".dfl.") { continue }
      let offset = try #require(store.offset(of: name))
      for probe in 0..<count {
        let (ours, theirs) = (values[offset + probe * stride], recorded[next + probe])
        if abs(ours - theirs) > share * changes[index] + 5e-7 * abs(theirs) { wrong.append(name) }
      }
    }
    #expect(wrong.isEmpty, "\(optimizer).\(part): \(Set(wrong).sorted())")
  }
}
