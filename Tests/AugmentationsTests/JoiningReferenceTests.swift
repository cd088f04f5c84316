import Augmentations
import Imaging
import PoseCore
import Testing

/// Pictures and objects by formula, put through the reference (ultralytics 8.4.190): what came out.
@Suite struct `Joined pictures` {
  /// `(7x + 13y + 29c + 31i) mod 256`.
  static func picture(_ index: Int, width: Int, height: Int) -> Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          pixels.append(UInt8(truncatingIfNeeded: x * 7 + y * 13 + channel * 29 + index * 31))
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  static func sample(_ index: Int, width: Int, height: Int) -> TrainingSample {
    let (i, w, h) = (Float(index), Float(width), Float(height))
    func keypoint(_ x: Float, _ y: Float, _ visibility: Int) -> Keypoint {
      Keypoint(x: x, y: y, visibility: Visibility(rawValue: UInt8(visibility)) ?? .unlabelled)
    }
    let first = Instance(
      classIndex: 2 * index, box: Box(x1: 2 + i, y1: 3, x2: w * 0.5 + i, y2: h * 0.75),
      keypoints: (0..<3).map { keypoint(2 + i + 4 * Float($0), 3 + 5 * Float($0), 2 - ($0 + index) % 3) })
    let second = Instance(
      classIndex: 2 * index + 1, box: Box(x1: w * 0.25, y1: h * 0.5 - i, x2: w - 1, y2: h - 2),
      keypoints: (0..<3).map { keypoint(w - 3 - 5 * Float($0), h - 4 - 3 * Float($0), ($0 + index + 1) % 3) })
    return TrainingSample(
      image: picture(index, width: width, height: height), instances: [first, second], index: index)
  }

  /// FNV-1a, 64 bits.
  static func digest(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Class, box and keypoints of each object.
  static func rows(_ instances: [Instance]) -> [[Float]] {
    instances.map { instance in
      [Float(instance.classIndex), instance.box.x1, instance.box.y1, instance.box.x2, instance.box.y2]
        + instance.keypoints.flatMap { [$0.x, $0.y, Float($0.visibility.rawValue)] }
    }
  }

  @Test func `of nine lie like the reference's`() {
    let sizes = [
      (48, 40), (44, 48), (48, 30), (31, 48), (48, 48), (48, 36), (40, 48), (48, 25), (33, 48),
    ]
    let samples = sizes.enumerated().map { Self.sample($0, width: $1.0, height: $1.1) }
    let joined = Mosaic.apply(toNine: samples, imageSize: 48)
    #expect(joined.image.size == ImageSize(side: 96))
    #expect(Self.digest(joined.image.pixels) == 0x8686_3f6c_7214_fe1d)
    #expect(
      Self.rows(joined.instances) == [
        [0, 26, 27, 48, 54, 26, 27, 2, 30, 32, 1, 34, 37, 0],
        [1, 36, 44, 71, 62, 69, 60, 1, 64, 57, 2, 59, 54, 0],
        [2, 27, 0, 47, 12, 27, 0, 0, 31, 0, 0, 35, 0, 0],
        [3, 35, 0, 67, 22, 65, 20, 2, 60, 17, 0, 55, 14, 1],
        [4, 72, 0, 94, 16.5, 72, 0, 0, 76, 2, 2, 80, 7, 1],
        [5, 80, 7, 96, 22, 96, 20, 0, 96, 17, 0, 96, 14, 0],
        [6, 77, 27, 90.5, 60, 77, 27, 2, 81, 32, 1, 85, 37, 0],
        [7, 79.75, 45, 96, 70, 96, 68, 0, 95, 65, 2, 90, 62, 0],
        [8, 78, 75, 96, 96, 78, 75, 1, 82, 80, 0, 86, 85, 2],
        [9, 84, 92, 96, 96, 96, 96, 0, 96, 96, 0, 96, 96, 0],
        [10, 31, 67, 53, 91, 31, 67, 0, 35, 72, 2, 39, 77, 1],
        [11, 36, 77, 71, 96, 69, 96, 0, 64, 93, 1, 59, 90, 2],
        [12, 0, 67, 10, 96, 0, 67, 0, 0, 72, 0, 0, 77, 0],
        [13, 0, 82, 23, 96, 21, 96, 0, 16, 96, 0, 11, 96, 0],
        [14, 0, 42, 7, 57.75, 0, 42, 0, 0, 47, 0, 0, 52, 0],
        [15, 0, 44.5, 23, 62, 21, 60, 2, 16, 57, 0, 11, 54, 1],
        [16, 1, 0, 15.5, 27, 1, 0, 0, 5, 0, 0, 9, 4, 1],
        [17, 0, 7, 23, 37, 21, 35, 0, 16, 32, 1, 11, 29, 2],
      ])
  }

  @Test func `by a cut take over what the reference takes`() throws {
    let (first, second) = (Self.sample(0, width: 60, height: 50), Self.sample(7, width: 60, height: 50))
    let joined = try #require(CutMix.apply(to: first, second, x: 35..<59, y: 2..<24))
    #expect(Self.digest(joined.image.pixels) == 0xabbf_72fb_a2c2_c6d1)
    #expect(
      Self.rows(joined.instances) == [
        [0, 2, 3, 30, 37.5, 2, 3, 2, 6, 8, 1, 10, 13, 0],
        [1, 15, 25, 59, 48, 57, 46, 1, 52, 43, 2, 47, 40, 0],
        [15, 35, 18, 59, 24, 57, 24, 0, 52, 24, 0, 47, 24, 0],
      ])
    // Nothing of the second picture's objects is there.
    #expect(CutMix.apply(to: first, second, x: 35..<59, y: 2..<8) == nil)
  }

  @Test func `by a cut never lose an object of the first picture`() throws {
    var cuts = 0
    for seed in 0..<60 {
      var context = AugmentationContext(
        random: .init(seed: UInt64(seed), purpose: .test), imageSize: 120, skeleton: DottedSample.skeleton,
        partner: { $0.integer(below: 8) }, load: { DottedSample.make($0) })
      let original = DottedSample.make(0, objects: [0]).letterboxed(to: 120)
      let mixed = try CutMix(probability: 1, areas: 6)(original, &context)
      #expect(mixed.instances.first == original.instances.first)
      if mixed.instances.count > 1 { cuts += 1 }
    }
    #expect(cuts > 5)
  }

  @Test func `by boxes cover little, and hide what they cover`() throws {
    let sample = DottedSample.make(0, width: 200, height: 90)
    // The mirror image's objects come to lie at 94…136 and 152…194, the others are at 6…48 and 64…106.
    let flips = try #require(DottedSample.skeleton.flipIndices)
    let mirrored = Flip.apply(to: sample, .leftRight, flipIndices: flips)
    let half = CopyPaste.apply(to: sample, from: mirrored, share: 0.5)
    // Of two that fit, the one that covers nothing comes first.
    #expect(half.instances.count == 3 && half.instances[2].box == mirrored.instances[0].box)
    let all = CopyPaste.apply(to: sample, from: mirrored, share: 1)
    #expect(all.instances.count == 4)
    let covering = all.instances[3].box
    for (before, after) in zip(sample.instances, all.instances) {
      for (a, b) in zip(before.keypoints, after.keypoints) {
        let covered = a.x >= covering.x1 && a.x < covering.x2 && a.y >= covering.y1 && a.y < covering.y2
        #expect(b.visibility == (covered ? .hidden : .visible))
      }
    }
    #expect(CopyPaste.apply(to: sample, from: mirrored, share: 0).image == sample.image)
    // An object may not be covered by three tenths.
    let narrow = DottedSample.make(0, width: 120)
    let own = CopyPaste.apply(to: narrow, from: narrow, share: 1)
    #expect(own.instances.count == 2 && own.image == narrow.image)
  }

  @Test func `of a mirror need known pairs`() throws {
    var skeleton = DottedSample.skeleton
    skeleton.flipIndices = nil
    var context = AugmentationContext(
      random: .init(seed: 1, purpose: .test), imageSize: 200, skeleton: skeleton,
      partner: { _ in 0 }, load: { DottedSample.make($0) })
    let sample = DottedSample.make(0, width: 200, height: 90)
    #expect(try CopyPaste(share: 1)(sample, &context).image == sample.image)
  }
}
