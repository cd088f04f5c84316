import Augmentations
import Config
import Data
import Imaging
import PoseCore
import Tensor
import Testing

/// What augmentations draw, and how they work together.
@Suite struct `Drawn augmentations` {
  /// A picture of one colour with an object in its middle; the colour tells the index.
  private func sample(_ index: Int, width: Int = 64, height: Int = 48) -> TrainingSample {
    let keypoints = (0..<17).map { point in
      Keypoint(x: Float(width) / 2 + Float(point), y: Float(height) / 2, visibility: .visible)
    }
    let box = Box(
      x1: Float(width) / 4, y1: Float(height) / 4, x2: Float(width) * 0.75, y2: Float(height) * 0.75)
    return TrainingSample(
      image: Image(width: width, height: height, fill: (UInt8(40 + index), 100, 200)),
      instances: [Instance(classIndex: index, box: box, keypoints: keypoints)], index: index)
  }

  private func context(
    seed: UInt64 = 1, skeleton: Skeleton = .cocoPerson, side: Int = 64
  ) -> AugmentationContext {
    AugmentationContext(
      random: RandomStream(seed: seed, purpose: .test), imageSize: side, skeleton: skeleton,
      partner: { $0.integer(below: 9) }, load: { sample($0) })
  }

  private func registry() throws -> Registry {
    var registry = Registry()
    try registry.install(Augmentations.self)
    return registry
  }

  private func build(_ name: String, _ arguments: Node.Value = .null) throws -> any Augmentation {
    let component = try #require(try registry().augmentations.find(name))
    return try component.make(
      try component.arguments(Node(arguments)),
      AugmentationBuildContext(imageSize: 64, skeleton: .cocoPerson))
  }

  @Test func `are registered with their parameters`() throws {
    #expect(
      try registry().augmentations.names == [
        "affine", "bgr", "blur", "brightness_contrast", "copy_paste", "cutmix", "erase", "flip_lr", "flip_ud",
        "grey", "hsv", "jpeg", "letterbox", "mixup", "mosaic", "multi_scale", "noise", "perspective",
        "rotate90",
      ])
    let affine = try #require(
      try build("affine", ["degrees": 30, "translate": 0.2, "scale": 0.3, "shear": 5, "perspective": 0.0005])
        as? AffineWarp)
    #expect(affine.degrees == 30 && affine.translate == 0.2 && affine.scale == 0.3)
    #expect(affine.shear == 5 && affine.perspective == 0.0005 && affine.filter == WarpedBoxFilter())
    #expect((try build("fliplr") as? Flip)?.probability == 0.5)
    #expect((try build("flip_ud") as? Flip)?.probability == 0)
    #expect((try build("hsv", ["hsv_h": 0.1]) as? HSVShift)?.hue == 0.1)
    #expect(throws: DiagnosticList.self) { try build("mosaic", ["p": 1.5]) }
    #expect(throws: DiagnosticList.self) { try build("affine", ["angle": 3]) }
    #expect(throws: DiagnosticList.self) { try build("affine", ["scale": 1]) }
  }

  @Test(arguments: [0.0, 0.25, 1.0])
  func `happen as often as their probability says`(probability: Double) throws {
    let steps: [any Augmentation] = [
      Mosaic(probability: probability), Mixup(probability: probability),
      Flip(.leftRight, probability: probability), Flip(.upDown, probability: probability),
    ]
    let original = sample(2)
    for step in steps {
      let changed = try (0..<400).count { seed in
        var context = context(seed: UInt64(seed))
        let result = try step(original, &context)
        return result.image.size != original.image.size || result.instances != original.instances
      }
      #expect(abs(Double(changed) - 400 * probability) < 40, "\(step)")
    }
  }

  @Test func `draw mosaic centres and partners from their whole range`() throws {
    var partners: Set<Int> = []
    var columns: [Float] = []
    for seed in 0..<300 {
      var context = context(seed: UInt64(seed))
      let joined = try Mosaic()(sample(2), &context)
      #expect(joined.image.size == ImageSize(side: 128) && joined.index == 2)
      partners.formUnion(joined.instances.map(\.classIndex))
      // The first picture's right edge is at the centre.
      if let own = joined.instances.first(where: { $0.classIndex == 2 }) { columns.append(own.box.x2 + 16) }
    }
    #expect(partners == Set(0..<9))
    #expect(columns.min() ?? 0 >= 32 && columns.max() ?? 99 < 96)
    #expect((columns.max() ?? 0) - (columns.min() ?? 0) > 55)
  }

  @Test func `draw warps from their whole range, and put an identity in the middle`() throws {
    var context = context()
    // The picture is 64×48, so that it lies in the middle of 64×64.
    let still = try AffineWarp(translate: 0, scale: 0)(sample(0), &context)
    #expect(still.image.size == ImageSize(side: 64))
    #expect(Array(still.image.pixels[(7 * 192)..<(7 * 192 + 3)]) == [114, 114, 114])
    #expect(Array(still.image.pixels[(8 * 192)..<(8 * 192 + 3)]) == [40, 100, 200])
    #expect(Array(still.image.pixels[(55 * 192)..<(55 * 192 + 3)]) == [40, 100, 200])
    let box = try #require(still.instances.first).box.corners
    #expect(box == SIMD4(16, 20, 48, 44))
    var widths: [Float] = []
    for _ in 0..<300 {
      let warped = try AffineWarp(translate: 0, scale: 0.4)(sample(0), &context)
      if let box = warped.instances.first?.box { widths.append(box.width / 32) }
    }
    #expect(widths.min() ?? 0 >= 0.6 && widths.max() ?? 2 <= 1.4)
    #expect(widths.min() ?? 1 < 0.62 && widths.max() ?? 1 > 1.38)
  }

  @Test func `never mirror without known pairs`() throws {
    var skeleton = Skeleton.cocoPerson
    skeleton.flipIndices = nil
    var context = context(skeleton: skeleton)
    #expect(try Flip(.leftRight, probability: 1)(sample(1), &context).image == sample(1).image)
    #expect(try Flip(.leftRight, probability: 1)(sample(1), &context).instances == sample(1).instances)
  }

  @Test func `change colours within their limits, and nothing without`() throws {
    var context = context()
    let original = sample(0)
    #expect(try HSVShift(hue: 0, saturation: 0, value: 0)(original, &context).image == original.image)
    var brightness: [UInt8] = []
    for _ in 0..<200 {
      let shifted = try HSVShift(hue: 0, saturation: 0, value: 0.25)(original, &context)
      brightness.append(shifted.image.pixels.prefix(3).max() ?? 0)
      #expect(shifted.instances == original.instances)
    }
    #expect(brightness.min() ?? 0 >= 149 && brightness.max() ?? 255 <= 250)
    #expect(brightness.min() ?? 255 < 160 && brightness.max() ?? 0 > 240)
  }

  @Test func `mix mostly by halves`() throws {
    var ratios: [Double] = []
    for seed in 0..<400 {
      var context = context(seed: UInt64(seed))
      let mixed = try Mixup(probability: 1)(sample(0), &context)
      let partner = try #require(mixed.instances.last).classIndex
      // The upper left pixel is grey in both; one in the middle tells the ratio where the colours differ enough.
      let red = Double(mixed.image.pixels[32 * 192 + 96])
      if partner == 8 { ratios.append((48 - red - 0.5) / 8) }
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(ratios.count > 20 && abs(mean - 0.5) < 0.07, "\(mean)")
  }

  // The pipeline

  private func pipeline() -> TrainingPipeline {
    TrainingPipeline(
      [
        Mosaic(), AffineWarp(degrees: 10, shear: 2), Mixup(probability: 0.5), HSVShift(),
        Flip(.upDown, probability: 0.3), Flip(.leftRight, probability: 0.5),
      ], imageSize: 64, skeleton: .cocoPerson)
  }

  private func run(_ pipeline: TrainingPipeline, _ index: Int, seed: UInt64) throws -> TrainingSample {
    try pipeline.sample(
      index, random: RandomStream(seed: seed, purpose: .augmentation), partner: { $0.integer(below: 9) },
      load: { sample($0, width: 64 - $0, height: 40 + $0) })
  }

  @Test func `make one sample of the network's size, the same for the same stream`() throws {
    for seed in 0..<40 {
      let sample = try run(pipeline(), 4, seed: UInt64(seed))
      #expect(sample.image.size == ImageSize(side: 64) && sample.index == 4)
      let again = try run(pipeline(), 4, seed: UInt64(seed))
      #expect(again.image == sample.image && again.instances == sample.instances)
      for instance in sample.instances {
        #expect(ImageSize(side: 64).clip(instance.box.corners) == instance.box.corners)
        for point in instance.keypoints { #expect(ImageSize(side: 64).contains(SIMD2(point.x, point.y))) }
      }
    }
  }

  @Test func `take mixup's partner through the steps before`() throws {
    let pipeline = TrainingPipeline(
      [Mosaic(), AffineWarp(translate: 0, scale: 0), Mixup(probability: 1)], imageSize: 64,
      skeleton: .cocoPerson)
    var most = 0
    for seed in 0..<40 { most = max(most, try run(pipeline, 0, seed: UInt64(seed)).instances.count) }
    // One mosaic holds four objects at most.
    #expect(most > 4)
  }

  @Test func `join nothing once mosaics are closed`() throws {
    let closed = pipeline().withoutJoining
    #expect(closed.augmentations.count == 4)
    for seed in 0..<20 {
      #expect(try run(closed, 3, seed: UInt64(seed)).instances.allSatisfy { $0.classIndex == 3 })
    }
  }

  @Test func `end in a letterbox where nothing else sets the size`() throws {
    let plain = try run(TrainingPipeline([], imageSize: 64, skeleton: .cocoPerson), 4, seed: 1)
    // 60×44 becomes 64×47, padded by 8 above and 9 below.
    #expect(plain.image.size == ImageSize(side: 64))
    #expect(Array(plain.image.pixels[(7 * 192)..<(7 * 192 + 3)]) == [114, 114, 114])
    #expect(Array(plain.image.pixels[(8 * 192)..<(8 * 192 + 3)]) == [44, 100, 200])
    let box = try #require(plain.instances.first).box
    #expect(abs(box.y1 - (8 + 11 * 47 / 44)) < 1e-3 && abs(box.x1 - 16) < 1e-3)
    var context = context()
    #expect(try LetterboxFit()(sample(4, width: 60, height: 44), &context).image == plain.image)
  }
}
