import Config
import Losses
import PoseCore
import Tensor
import Testing

@Suite struct `The registered pose loss` {
  private static let layout = HeadLayout(
    classCount: 3, keypointCount: 4, keypointDimensions: 3, regMax: 8, strides: [8, 16])

  private static func context(regMax: Int = 8, registry: Registry) -> LossContext {
    var layout = layout
    layout.regMax = regMax
    let skeleton = Skeleton(
      keypointCount: 4, dimensions: 3, names: ["a", "b", "c", "d"], flipIndices: nil, limbs: [],
      sigmas: [0.1, 0.2, 0.1, 0.3], sigmaSource: .dataset)
    return LossContext(skeleton: skeleton, classCount: 3, layout: layout, registry: registry)
  }

  private static func registry() throws -> Registry {
    var registry = Registry()
    try registry.install(Losses.self)
    return registry
  }

  private static func make(_ arguments: Node?, regMax: Int = 8) throws -> YOLOPoseLoss? {
    let registry = try registry()
    let component = try registry.losses.find("yolo_pose", at: nil)
    return try component.make(component.arguments(arguments), context(regMax: regMax, registry: registry))
      as? YOLOPoseLoss
  }

  @Test func `hands its gradients to the tape, scaled by what comes from above`() throws {
    var generator = Generator(seed: 5)
    let outputs = HeadValues.random(
      batch: 2, levels: [.init(height: 6, width: 8, stride: 8), .init(height: 3, width: 4, stride: 16)],
      classes: 3, keypointCount: 4, dimensions: 3, regMax: 8, generator: &generator)
    let targets = [2, 3].map { generator.instances($0, width: 64, height: 48, classes: 3, keypoints: 4) }
    let criterion = PoseCriterion(sigmas: [0.1, 0.2, 0.1, 0.3], regMax: 8)
    let (value, expected) = try outputs.evaluate(criterion, targets: targets)

    let device = Device.openBLAS()
    var buffers: [GradientBuffer] = []
    func tensor(_ values: [Float], _ level: AnchorGrid.Level) -> Tensor {
      let shape = [2, level.height, level.width, values.count / (2 * level.cellCount)]
      buffers.append(GradientBuffer(Tensor(zeros: shape, on: device)))
      return Tensor(values, shape: shape, on: device).asLeaf(buffers[buffers.count - 1])
    }
    let levels = outputs.grid.levels.enumerated().map { index, level in
      HeadOutput.Level(
        boxes: tensor(outputs.boxes[index], level), scores: tensor(outputs.scores[index], level),
        keypoints: tensor(outputs.keypoints[index], level))
    }
    let loss = try #require(try Self.make(nil))
    let output = HeadOutput(layout: Self.layout, levels: levels)
    let result = loss(output, targets: targets, imageSize: (48, 64))
    #expect(result.items == value.items && result.total.scalar == value.total)
    #expect(loss.itemNames == ["box_loss", "pose_loss", "kobj_loss", "cls_loss", "dfl_loss"])

    result.total.backward(seed: Tensor([0.5], shape: [1], on: device))
    let wanted = outputs.grid.levels.indices.flatMap {
      [expected.boxes[$0], expected.scores[$0], expected.keypoints[$0]]
    }
    for (buffer, values) in zip(buffers, wanted) {
      #expect(buffer.tensor.copyToHost() == values.map { $0 / 2 })
    }

    let detached = levels.map {
      HeadOutput.Level(boxes: $0.boxes.detached, scores: $0.scores.detached, keypoints: $0.keypoints.detached)
    }
    let validation = loss(
      HeadOutput(layout: Self.layout, levels: detached), targets: targets, imageSize: (48, 64))
    #expect(validation.items == value.items && !validation.total.needsGradient)
  }

  @Test func `takes gains and parts from a spec`() throws {
    let arguments = Node(
      .mapping([
        .init(key: "pose", value: Node(.int(24))), .init(key: "box_loss", value: Node(.string("ciou"))),
        .init(
          key: "assigner",
          value: Node(
            .mapping([
              .init(key: "type", value: Node(.string("task_aligned"))),
              .init(key: "top_k", value: Node(.int(13))),
            ]))),
      ]))
    let loss = try #require(try Self.make(arguments))
    #expect(loss.criterion.gains == PoseLossGains(box: 7.5, pose: 24, kobj: 1, cls: 0.5, dfl: 1.5))
    #expect((loss.criterion.assigner as? TaskAlignedAssigner)?.topK == 13)
    #expect(loss.criterion.sideLoss is DistributionFocalLoss)
    let withoutBins = try #require(try Self.make(nil, regMax: 1))
    #expect(withoutBins.criterion.sideLoss is SideDistanceLoss)
    #expect(withoutBins.itemNames.last == "l1_loss")
  }

  @Test(arguments: [
    ("box_loss", Node.Value.string("cious"), "no box_loss named 'cious'; did you mean 'ciou'?"),
    ("assigner", .int(3), "'assigner' must be a name, or a mapping with the key 'type', but is 3"),
    ("side_loss", .string("l1"), "the head gives distributions of 8 bins: use 'dfl'"),
  ])
  func `says which part is wrong`(name: String, value: Node.Value, message: String) throws {
    var faults = DiagnosticList()
    _ = try faults.collect { try Self.make(Node(.mapping([.init(key: name, value: Node(value))]))) }
    #expect(faults.diagnostics.map(\.message) == [message])
  }
}
