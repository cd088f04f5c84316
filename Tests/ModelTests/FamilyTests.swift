import Config
import Foundation
import Layers
import PoseCore
import Tensor
import Testing

@Suite struct `The YOLOv8 and YOLO26 families` {
  static let names = ["yolov8", "yolo26"].flatMap { family in "nsmlx".map { "\(family)\($0)-pose" } }

  @Test(arguments: names, [1, 80])
  func `have as many parameters and operations as the reference's`(name: String, classes: Int) throws {
    let model = try Setup.shipped(name, classes: classes)
    let expected = try #require(Scales.load().models["\(name)/nc\(classes)"])
    #expect(model.parameterCount == expected.parameters)
    let summary = model.summary(height: 640, width: 640)
    #expect(summary.parameterCount == expected.parameters)
    #expect(abs(Double(summary.operations()) / 1e9 / expected.gflops - 1) < 1e-6)
    #expect(abs(Double(summary.operations(isFolded: true)) / 1e9 / expected.gflopsFused - 1) < 1e-6)
    #expect(model.strides == [8, 16, 32])
  }

  /// FNV-1a of all sorted lines `name [shape]` of the reference's parameters and buffers, but for counters.
  @Test(
    arguments: [
      ("yolov8n-pose", 334, 0x024d_89fd_47fc_52a7), ("yolo11n-pose", 454, 0x9ff0_559a_99f3_33fe),
      ("yolo26n-pose", 753, 0x00a1_1036_aaba_bd92),
    ] as [(String, Int, UInt64)])
  func `name and shape their numbers like the reference's checkpoints`(
    name: String, count: Int, hash: UInt64
  ) throws {
    let lines = try Setup.shipped(name).namedState().map { "\($0.path) \($0.shape)" }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    #expect(lines.count == count)
    let found = lines.joined(separator: "\n").utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    #expect(found == hash)
  }

  @Test(arguments: ["n", "m"])
  func `are read in the form that other tools write`(scale: String) throws {
    let yolo26 = """
      nc: 80
      end2end: True
      reg_max: 1
      kpt_shape: [17, 3]
      scales:
        n: [0.50, 0.25, 1024]
        m: [0.50, 1.00, 512]
      backbone:
        - [-1, 1, Conv, [64, 3, 2]]
        - [-1, 1, Conv, [128, 3, 2]]
        - [-1, 2, C3k2, [256, False, 0.25]]
        - [-1, 1, Conv, [256, 3, 2]]
        - [-1, 2, C3k2, [512, False, 0.25]]
        - [-1, 1, Conv, [512, 3, 2]]
        - [-1, 2, C3k2, [512, True]]
        - [-1, 1, Conv, [1024, 3, 2]]
        - [-1, 2, C3k2, [1024, True]]
        - [-1, 1, SPPF, [1024, 5, 3, True]]
        - [-1, 2, C2PSA, [1024]]
      head:
        - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
        - [[-1, 6], 1, Concat, [1]]
        - [-1, 2, C3k2, [512, True]]
        - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
        - [[-1, 4], 1, Concat, [1]]
        - [-1, 2, C3k2, [256, True]]
        - [-1, 1, Conv, [256, 3, 2]]
        - [[-1, 13], 1, Concat, [1]]
        - [-1, 2, C3k2, [512, True]]
        - [-1, 1, Conv, [512, 3, 2]]
        - [[-1, 10], 1, Concat, [1]]
        - [-1, 1, C3k2, [1024, True, 0.5, True]]
        - [[16, 19, 22], 1, Pose26, [nc, kpt_shape]]
      """
    let model = try Setup.model(yolo26, scale: scale)
    let shipped = try Setup.shipped("yolo26\(scale)-pose", classes: 80)
    #expect(model.namedState().map(\.path) == shipped.namedState().map(\.path))
    #expect(model.namedState().map(\.shape) == shipped.namedState().map(\.shape))
    #expect(model.layout == shipped.layout)
    #expect(model.layout.hasOneToOne && model.layout.hasKeypointSigmas && model.layout.regMax == 1)
    // Keys of the file decide where the head's line says nothing.
    let single = yolo26.replacing("True\nreg_max: 1", with: "False\nreg_max: 8")
    let layout = try Setup.model(single, scale: scale).layout
    #expect(!layout.hasOneToOne && layout.regMax == 8)
  }

  @Test(arguments: [("yolov8", [64, 128, 256]), ("yolo26", [128, 128, 256])])
  func `have backbones that go with other parts`(name: String, channels: [Int]) throws {
    let model = try Setup.model(
      """
      nc: 2
      kpt_shape: [5, 2]
      scale: n
      scales: { n: [0.5, 0.25, 1024] }
      backbone: \(name)
      head: { type: shared_stem_pose, channels: 64, depth: 1, depthwise: true, reg_max: 4 }
      """)
    #expect(model.graph.outputs.map(\.channels) == channels)
    #expect(model.strides == [8, 16, 32])
    let rest = try Setup.shipped("\(name)n-pose").namedState()
    for (own, other) in zip(model.graph.namedState(), rest) where name == "yolo26" {
      #expect("model.\(own.path)" == other.path && own.shape == other.shape)
    }
  }

  @Test(arguments: [
    ("relu", Activation.relu), ("nn.ReLU()", .relu), ("torch.nn.LeakyReLU(0.01)", .leakyReLU),
    ("nn.Hardswish(inplace=True)", .hardSwish), ("silu", .silu),
  ])
  func `take another activation by name`(text: String, activation: Activation) throws {
    let yaml = """
      nc: 1
      kpt_shape: [3, 3]
      activation: \(text)
      backbone:
        - [-1, 1, Conv, [8, 3, 8]]
        - [-1, 1, Conv, { channels: 8, activation: false }]
        - [-1, 1, C2f, [8]]
      head: yolov8_pose
      """
    let model = try Setup.model(yaml)
    let blocks = Self.blocks(model)
    #expect(blocks.count == 12)
    #expect(blocks.map(\.activation) == blocks.indices.map { $0 == 1 ? .identity : activation })
  }

  @Test func `refuse an activation that is not in the list, without evaluating it`() throws {
    let yaml =
      "nc: 1\nkpt_shape: [3, 3]\nactivation: nn.Sequential(reluu)\nbackbone: yolo26\nhead: yolo26_pose"
    #expect(
      try Setup.faults(yaml).contains("model.yaml:3:13: error: no activation named 'nn.Sequential(reluu)'"))
    #expect(
      try Setup.faults(yaml.replacing("nn.Sequential(reluu)", with: "reluu")).contains("did you mean 'relu'?")
    )
  }

  private static func blocks(_ owner: any ParameterOwner) -> [ConvolutionBlock] {
    if let block = owner as? ConvolutionBlock { return [block] }
    return owner.members.flatMap { member -> [ConvolutionBlock] in
      if case .layer(_, let part) = member { blocks(part) } else { [] }
    }
  }
}
