import Augmentations
import Data
import Foundation
import Imaging
import PoseCore
import Testing

/// Photographs beside the package, where a machine has them.
enum MiniCOCO {
  static let file: String = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["POSELAB_SHARED"].map { URL(filePath: $0) }
    let shared = given ?? package.deletingLastPathComponent().appending(path: "shared")
    return shared.appending(path: "coco-mini/coco-pose-mini.yaml").path
  }()

  static let isThere = FileManager.default.fileExists(atPath: file)
}

/// The whole way from files on disk to batches.
@Suite(.enabled(if: MiniCOCO.isThere, "needs the shared folder with coco-mini"))
struct `A folder of photographs` {
  static let standard: [any Augmentation] = [
    Mosaic(), AffineWarp(), HSVShift(), Flip(.upDown, probability: 0), Flip(.leftRight, probability: 0.5),
  ]

  private func loader(
    _ augmentations: [any Augmentation] = standard, side: Int = 160, workers: Int, cacheBytes: Int = 0
  ) throws -> TrainingLoader {
    let index = try DatasetIndex(try DatasetSpec(contentsOf: MiniCOCO.file), split: .train)
    return TrainingLoader(
      index, pipeline: TrainingPipeline(augmentations, imageSize: side, skeleton: index.skeleton),
      options: LoaderOptions(imageSize: side, batchSize: 8, workers: workers, cacheBytes: cacheBytes), seed: 3
    )
  }

  @Test func `becomes the same batches for any number of workers`() throws {
    let one = try loader(workers: 0).batches(epoch: 1)
    let many = try loader(workers: 3, cacheBytes: 1 << 22).batches(epoch: 1)
    var batches = 0
    while let expected = try one.next() {
      let batch = try #require(try many.next())
      #expect(batch.indices == expected.indices && batch.instances == expected.instances)
      for sample in 0..<batch.count { #expect(batch.image(at: sample) == expected.image(at: sample)) }
      batches += 1
    }
    #expect(batches == 5)
    #expect(try many.next() == nil)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["POSELAB_PICTURES"] != nil))
  func `can be looked at`() throws {
    let folder = ProcessInfo.processInfo.environment["POSELAB_PICTURES"] ?? "."
    let illustrator = PoseIllustrator(
      skeleton: .cocoPerson, classNames: ["person"], drawing: PoseDrawing(scale: 0.8, drawsLabels: false))
    let ways: [(String, [any Augmentation])] = [
      ("standard", Self.standard), ("plain", []),
      (
        "strong",
        [
          Mosaic(), AffineWarp(degrees: 20, shear: 8, perspective: 0.0003), Mixup(probability: 0.5),
          HSVShift(hue: 0.1), Flip(.upDown, probability: 0.3), Flip(.leftRight, probability: 0.5),
        ]
      ),
      ("flipped", [Flip(.leftRight, probability: 1)]),
      ("nine", [Mosaic(grid: .three), AffineWarp(translate: 0, scale: 0)]),
      ("cutmix", [LetterboxFit(), CutMix(probability: 1, areas: 6)]),
      ("paste", [LetterboxFit(), CopyPaste(share: 1, source: .mixup)]),
      ("paste-flip", [CopyPaste(share: 1)]), ("tilt", [PerspectiveTilt(probability: 1, tilt: 0.001)]),
      ("turn", [QuarterTurn(probability: 1)]), ("grey", [Greyscale(probability: 1)]),
      ("contrast", [BrightnessContrast(probability: 1, brightness: 0.3, contrast: 0.4)]),
      ("bgr", [ChannelSwap(probability: 1)]), ("blur", [Blur(probability: 1, largest: 15)]),
      ("noise", [Noise(probability: 1, deviation: 50)]),
      ("jpeg", [Recompression(probability: 1, quality: 5...20)]),
      ("erase", [Erasing(probability: 1)]),
      ("erase-objects", [Erasing(probability: 0.7, target: .object, fill: .grey)]),
    ]
    for (name, augmentations) in ways {
      let stream = try loader(augmentations, side: 480, workers: 2).batches(epoch: 0)
      let batch = try #require(try stream.next())
      let tiles = (0..<batch.count).map {
        ContactSheet.Tile(image: batch.image(at: $0), figures: batch.instances[$0].map(illustrator.figure))
      }
      let sheet = try ContactSheet(tiles, drawing: illustrator.drawing).render()
      try sheet.write(to: "\(folder)/batch-\(name).png", durable: false)
    }
  }
}
