import Augmentations
import Config
import Data
import Imaging
import PoseCore
import Tensor
import Testing

/// What holds for augmentations as they are named in specs.
@Suite struct `Augmentations by name` {
  private static func context(seed: Int, side: Int = 120) -> AugmentationContext {
    AugmentationContext(
      random: RandomStream(seed: UInt64(seed), purpose: .test), imageSize: side,
      skeleton: DottedSample.skeleton, partner: { $0.integer(below: 8) }, load: { DottedSample.varied($0) })
  }

  private static func registry() throws -> Registry {
    var registry = Registry()
    try registry.install(Augmentations.self)
    return registry
  }

  private static func build(_ name: String, _ arguments: Node.Value = .null) throws -> any Augmentation {
    let component = try #require(try registry().augmentations.find(name))
    return try component.make(
      try component.arguments(Node(arguments)),
      AugmentationBuildContext(imageSize: 120, skeleton: DottedSample.skeleton))
  }

  static let moving: [(String, Node.Value)] = [
    ("mosaic", ["grid": 2]), ("mosaic", ["grid": 3]), ("cutmix", ["p": 1, "areas": 20]),
    ("copy_paste", ["p": 1]), ("copy_paste", ["p": 1, "source": "mixup"]),
    ("affine", ["degrees": 30, "shear": 10, "perspective": 0.0005, "scale": 0.3]),
    ("perspective", ["p": 1, "tilt": 0.001]), ("flip_lr", ["p": 1]), ("flip_ud", ["p": 1]),
    ("rotate90", ["p": 1]), ("letterbox", .null), ("erase", ["p": 1]),
    ("erase", ["p": 1, "target": "object", "fill": "grey"]), ("blur", ["p": 1, "limit": 3]),
    ("noise", ["p": 1, "std": 12]), ("jpeg", ["p": 1, "quality": [90, 95]]), ("multi_scale", .null),
  ]

  @Test(arguments: moving)
  func `keep keypoints on their pixels`(name: String, arguments: Node.Value) throws {
    let augmentation = try Self.build(name, arguments)
    var visible = 0
    var changed = 0
    for seed in 0..<24 {
      var context = Self.context(seed: seed)
      let original = DottedSample.varied(seed % 8)
      let sample = try augmentation(original, &context)
      let found = DottedSample.look(sample)
      #expect(found.lost == 0, "\(name) \(seed): \(found.lost) of \(found.visible)")
      #expect(DottedSample.wronglyHidden(sample) == 0, "\(name) \(seed)")
      visible += found.visible
      if sample.image != original.image { changed += 1 }
    }
    #expect(visible > 100)
    #expect(name == "multi_scale" ? changed == 0 : changed > 5, "\(name): \(changed) changed")
  }

  @Test(arguments: ["hsv", "brightness_contrast", "grey", "bgr", "blur", "noise", "jpeg"])
  func `of colour and quality leave labels alone`(name: String) throws {
    let augmentation = try Self.build(name, name == "hsv" ? .null : ["p": 1])
    let original = DottedSample.make(3)
    var context = Self.context(seed: 5)
    let sample = try augmentation(original, &context)
    #expect(sample.instances == original.instances && sample.image.size == original.image.size)
    #expect(sample.image != original.image && sample.index == 3)
  }

  @Test func `do nothing at probability 0`() throws {
    var checked = 0
    for name in try Self.registry().augmentations.names {
      let component = try #require(try Self.registry().augmentations.find(name))
      guard component.parameters.contains(where: { $0.name == "p" }) else { continue }
      let augmentation = try Self.build(name, ["p": 0])
      let original = DottedSample.make(2)
      for seed in 0..<8 {
        var context = Self.context(seed: seed)
        let sample = try augmentation(original, &context)
        #expect(sample.image == original.image && sample.instances == original.instances, "\(name)")
      }
      checked += 1
    }
    #expect(checked == 15)
  }

  @Test func `happen in half of all samples at probability 0.5`() throws {
    for name in [
      "rotate90", "bgr", "grey", "noise", "jpeg", "blur", "erase", "perspective", "brightness_contrast",
    ] {
      let augmentation = try Self.build(name, ["p": 0.5])
      let original = DottedSample.make(1, width: 112, height: 88)
      let changed = try (0..<120).count { seed in
        var context = Self.context(seed: seed)
        return try augmentation(original, &context).image != original.image
      }
      #expect((40...80).contains(changed), "\(name): \(changed)")
    }
  }

  @Test func `tell wrong arguments`() {
    for (name, arguments) in [
      ("mosaic", ["grid": 4]), ("jpeg", ["quality": [90, 30]]), ("jpeg", ["quality": [0, 30]]),
      ("erase", ["area": [0.5, 0.1]]), ("erase", ["fill": "white"]), ("copy_paste", ["source": "twice"]),
      ("multi_scale", ["range": 1]), ("blur", ["limit": 2]), ("cutmix", ["beta": 0.5]),
    ] as [(String, Node.Value)] {
      #expect(throws: (any Error).self, "\(name)") { try Self.build(name, arguments) }
    }
  }
}
