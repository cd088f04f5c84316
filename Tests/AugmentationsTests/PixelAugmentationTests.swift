import Augmentations
import Imaging
import PoseCore
import Tensor
import Testing

/// Augmentations of pixels against OpenCV's numbers, or against what they promise.
@Suite struct `Pixel augmentations` {
  private let sample = TrainingSample(
    image: `Joined pictures`.picture(3, width: 37, height: 29), instances: [], index: 0)

  private func digest(_ sample: TrainingSample) -> UInt64 { `Joined pictures`.digest(sample.image.pixels) }

  @Test func `turn like OpenCV's rotate`() {
    #expect(digest(QuarterTurn.apply(to: sample, .right)) == 0xd792_1488_52c9_27bf)
    #expect(digest(QuarterTurn.apply(to: sample, .half)) == 0x0bed_f642_eae9_884f)
    #expect(digest(QuarterTurn.apply(to: sample, .left)) == 0x6761_9e42_eb3d_635f)
    let turned = QuarterTurn.apply(to: QuarterTurn.apply(to: DottedSample.make(1), .left), .right)
    #expect(turned.image == DottedSample.make(1).image && turned.instances == DottedSample.make(1).instances)
  }

  @Test(
    arguments: [
      (3, 0x91b7_9250_1247_b35a), (5, 0x01b9_4af0_deb7_5b20), (7, 0x19dc_b08a_088b_c255),
      (31, 0x7af9_2a86_0109_2136),
    ] as [(Int, UInt64)])
  func `blur like OpenCV's blur`(kernel: Int, expected: UInt64) {
    #expect(digest(Blur.apply(to: sample, kernel: kernel)) == expected)
  }

  @Test func `take colour away like OpenCV`() {
    let grey = Greyscale.apply(to: sample).image.pixels
    let one = stride(from: 0, to: grey.count, by: 3).map { grey[$0] }
    #expect(`Joined pictures`.digest(one) == 0x0b12_f239_049e_f2dc)
    #expect(grey[1] == grey[0] && grey[2] == grey[0])
  }

  @Test func `exchange red and blue, twice being never`() {
    let swapped = ChannelSwap.apply(to: sample)
    #expect(swapped.image.pixels.prefix(3).elementsEqual(sample.image.pixels.prefix(3).reversed()))
    #expect(ChannelSwap.apply(to: swapped).image == sample.image)
  }

  @Test func `change brightness and contrast as stated`() {
    let image = Image(width: 4, height: 1, pixels: [0, 20, 21, 22, 100, 101, 150, 200, 230, 234, 235, 255])
    let changed = BrightnessContrast.apply(
      to: TrainingSample(image: image, instances: [], index: 0), contrast: 1.2, brightness: -0.1)
    // numpy: rint(clip(byte * 1.2 - 25.5, 0, 255)).
    #expect(changed.image.pixels == [0, 0, 0, 1, 94, 96, 154, 214, 250, 255, 255, 255])
  }

  @Test func `add noise of the stated strength and no shift`() {
    let flat = TrainingSample(
      image: Image(width: 96, height: 64, fill: (128, 128, 128)), instances: [], index: 0)
    var random = RandomStream(seed: 4, purpose: .test)
    for deviation in [3.0, 12, 25] {
      let noise = Noise.apply(to: flat, deviation: deviation, &random).image.pixels.map { Double($0) - 128 }
      let mean = noise.reduce(0, +) / Double(noise.count)
      let variance = noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(noise.count)
      #expect(abs(mean) < 0.04 * deviation, "\(mean)")
      #expect(abs(variance.squareRoot() / deviation - 1) < 0.03, "\(variance.squareRoot())")
      // Neighbours are independent.
      let pairs = zip(noise, noise.dropFirst(3)).reduce(0) { $0 + $1.0 * $1.1 } / Double(noise.count)
      #expect(abs(pairs / variance) < 0.04)
    }
  }

  @Test func `lose the more the lower the quality`() throws {
    let dotted = DottedSample.make(0)
    let losses = try [95, 60, 20].map { quality in
      pixelDifference(try Recompression.apply(to: dotted, quality: quality).image, dotted.image).mean
    }
    #expect(losses[0] < losses[1] && losses[1] < losses[2] && losses[0] > 0)
  }

  @Test func `hide visible keypoints under an erased rectangle, and nothing else`() {
    var random = RandomStream(seed: 1, purpose: .test)
    var original = DottedSample.make(0)
    original.instances[0].keypoints[0].visibility = .unlabelled
    original.instances[0].keypoints[1].visibility = .hidden
    // Over the upper row of the first object: its keypoints 0, 1, 2 are at (11.5, 13.5), (26.5, 14.5), (41.5, 15.5).
    let erased = Erasing.apply(to: original, x: 5..<45, y: 5..<22, fill: .grey, &random)
    #expect(
      erased.instances[0].keypoints.map(\.visibility) == [
        .unlabelled, .hidden, .hidden, .visible, .visible, .visible,
      ])
    #expect(
      erased.instances[1] == original.instances[1] && erased.instances[0].box == original.instances[0].box)
    func byte(_ image: Image, _ x: Int, _ y: Int) -> UInt8 { image.pixels[(y * image.width + x) * 3] }
    #expect(byte(erased.image, 5, 5) == 114 && byte(erased.image, 44, 21) == 114)
    #expect(byte(erased.image, 45, 21) == byte(original.image, 45, 21))
    #expect(byte(erased.image, 44, 22) == byte(original.image, 44, 22))
  }

  @Test func `erase shares and shapes within their limits`() throws {
    let flat = TrainingSample(image: Image(width: 200, height: 100, fill: (0, 0, 0)), instances: [], index: 0)
    var context = AugmentationContext(
      random: RandomStream(seed: 9, purpose: .test), imageSize: 200, skeleton: .cocoPerson,
      partner: { _ in 0 }, load: { _ in flat })
    var shares: [Double] = []
    for _ in 0..<200 {
      let erased = try Erasing(probability: 1, fill: .grey, area: 0.05...0.2)(flat, &context).image.pixels
      shares.append(Double(erased.count { $0 == 114 }) / Double(erased.count))
    }
    #expect((shares.min() ?? 0) > 0.03 && (shares.max() ?? 1) < 0.22)
    #expect((shares.max() ?? 0) - (shares.min() ?? 1) > 0.1)
  }
}
