import Augmentations
import Config
import Data
import Foundation
import Imaging
import PoseCore
import Tensor
import Testing

/// Every augmentation at once, through the loader.
@Suite struct `Batches of augmented pictures` {
  private static func withIndex(_ body: (DatasetIndex) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "poselab-augment-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let written = try SyntheticPeople().write(
      to: folder, images: 14, size: 64, seed: 3, validationFraction: 0.29)
    try body(try DatasetIndex(try DatasetSpec(contentsOf: written.dataFile), split: .train))
  }

  static let everything: [any Augmentation] = [
    Mosaic(probability: 0.5, grid: .three), Mosaic(probability: 0.5), CopyPaste(share: 1),
    AffineWarp(degrees: 10),
    PerspectiveTilt(), CopyPaste(share: 0.5, source: .mixup), Mixup(probability: 0.5), CutMix(),
    QuarterTurn(), HSVShift(), BrightnessContrast(), Greyscale(), Blur(probability: 0.5),
    Noise(probability: 0.5), Recompression(probability: 0.5), Erasing(),
    Flip(.upDown, probability: 0.3), Flip(.leftRight, probability: 0.5), ChannelSwap(),
    MultiScale(range: 0.5, imageSize: 64, multiple: 32),
  ]

  private static func loader(
    _ index: DatasetIndex, _ augmentations: [any Augmentation], workers: Int = 0
  ) -> TrainingLoader {
    TrainingLoader(
      index, pipeline: TrainingPipeline(augmentations, imageSize: 64, skeleton: index.skeleton),
      options: LoaderOptions(imageSize: 64, batchSize: 2, workers: workers), seed: 5)
  }

  private static func batches(_ loader: TrainingLoader, epoch: Int) throws -> [Batch] {
    let stream = loader.batches(epoch: epoch)
    var batches: [Batch] = []
    while let batch = try stream.next() { batches.append(batch) }
    return batches
  }

  @Test func `are the same for any number of workers`() throws {
    try Self.withIndex { index in
      for epoch in 0..<2 {
        let one = try Self.batches(Self.loader(index, Self.everything), epoch: epoch)
        let many = try Self.batches(Self.loader(index, Self.everything, workers: 3), epoch: epoch)
        #expect(one.count == 5 && many.count == 5)
        for (a, b) in zip(one, many) {
          #expect(a.inputSize == b.inputSize && a.instances == b.instances && a.indices == b.indices)
          for place in 0..<a.count { #expect(a.image(at: place) == b.image(at: place)) }
          for point in a.instances.joined().flatMap(\.keypoints) {
            #expect(point.x.isFinite && point.y.isFinite)
            #expect(a.inputSize.contains(SIMD2(point.x, point.y)))
          }
        }
      }
    }
  }

  @Test func `change their size from one to the next`() throws {
    try Self.withIndex { index in
      let scale = MultiScale(range: 0.5, imageSize: 64, multiple: 32)
      var sides: Set<Int> = []
      for epoch in 0..<4 {
        let plain = try Self.batches(Self.loader(index, [AffineWarp()]), epoch: epoch)
        let scaled = try Self.batches(Self.loader(index, [scale, AffineWarp()]), epoch: epoch)
        for (a, b) in zip(plain, scaled) {
          sides.insert(b.inputSize.width)
          #expect(b.inputSize.width == b.inputSize.height)
          let factor = Float(b.inputSize.width) / 64
          #expect(b.instances == a.instances.map { $0.map { $0.scaled(x: factor, y: factor) } })
          for place in 0..<a.count {
            #expect(b.image(at: place) == a.image(at: place).resized(to: b.inputSize))
          }
        }
      }
      #expect(sides == [32, 64, 96])
    }
  }

  @Test func `take the sizes that the reference takes`() {
    let sides = BatchSides(imageSize: 640, range: 0.5, multiple: 32)
    #expect(sides.range == 320..<992 && sides.smallest == 320 && sides.largest == 960)
    #expect(BatchSides(imageSize: 64, range: 0.9, multiple: 32).smallest == 32)
    var random = RandomStream(seed: 1, purpose: .test)
    let drawn = Set((0..<800).map { _ in sides.draw(&random) })
    #expect(drawn == Set(stride(from: 320, through: 960, by: 32)))
  }
}
