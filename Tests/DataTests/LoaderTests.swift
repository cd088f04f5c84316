import Config
import Data
import Foundation
import Imaging
import PoseCore
import Tensor
import Testing

@Suite struct `Loaders` {
  /// Draws numbers, joins another picture's pixels in, and cuts, so that every way of loading is used.
  struct Scramble: Augmentation {
    var joinsImages: Bool { true }

    func callAsFunction(
      _ sample: TrainingSample, _ context: inout AugmentationContext
    ) throws -> TrainingSample {
      let other = try context.load(context.drawPartner())
      var sample = sample
      sample.image.paste(other.image, x: context.random.integer(below: 20), y: 3)
      sample.instances += other.instances
      return sample
    }
  }

  struct Failing: Augmentation {
    struct Fault: Error {}
    func callAsFunction(
      _ sample: TrainingSample, _ context: inout AugmentationContext
    ) throws -> TrainingSample {
      if sample.index == 3 { throw Fault() }
      return sample
    }
  }

  /// Eleven pictures of different sizes and two objects each.
  private func index(_ folder: DatasetFolder, count: Int = 11) throws -> DatasetIndex {
    for number in 0..<count {
      let name = number < 10 ? "0\(number)" : "\(number)"
      try folder.picture(
        "images/train/\(name).png", width: 40 + number, height: 30 - number, seed: number)
      try folder.write(
        "labels/train/\(name).txt",
        "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0\n1 0.2 0.4 0.1 0.5 0.25 0.5 1 0.75 0.4 2\n")
    }
    return try DatasetIndex(try folder.spec(), split: .train)
  }

  private func loader(
    _ index: DatasetIndex, _ augmentations: [any Augmentation] = [Scramble()], workers: Int = 0,
    seed: UInt64 = 5,
    prefetch: Int = 2, cacheBytes: Int = 0
  ) -> TrainingLoader {
    TrainingLoader(
      index, pipeline: TrainingPipeline(augmentations, imageSize: 32, skeleton: index.skeleton),
      options: LoaderOptions(
        imageSize: 32, batchSize: 4, workers: workers, prefetch: prefetch, cacheBytes: cacheBytes), seed: seed
    )
  }

  struct Loaded: Equatable {
    var pixels: [[UInt8]] = []
    var instances: [[Instance]] = []
    var indices: [Int] = []
  }

  private func all(_ stream: BatchStream) throws -> [Loaded] {
    var batches: [Loaded] = []
    while let batch = try stream.next() {
      batches.append(
        Loaded(
          pixels: (0..<batch.count).map { batch.image(at: $0).pixels }, instances: batch.instances,
          indices: batch.indices))
    }
    return batches
  }

  @Test func `give the same batches for any number of workers`() throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    let expected = try all(loader(index).batches(epoch: 3))
    #expect(expected.map(\.indices.count) == [4, 4, 3])
    #expect(expected.flatMap(\.indices).sorted() == Array(0..<11))
    for workers in [1, 2, 3, 7] {
      for prefetch in [1, 5] {
        let loaded = try all(loader(index, workers: workers, prefetch: prefetch).batches(epoch: 3))
        #expect(loaded == expected, "\(workers) workers")
      }
    }
  }

  @Test func `give the same batches with images kept in memory, within the budget`() throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    let expected = try all(loader(index).batches(epoch: 1))
    for bytes in [5000, 1 << 30] {
      let cached = loader(index, workers: 2, cacheBytes: bytes)
      _ = try all(cached.batches(epoch: 0))
      #expect(try all(cached.batches(epoch: 1)) == expected)
    }
    // All images are in memory now, so their files are no longer needed.
    let cached = loader(index, cacheBytes: 1 << 30)
    _ = try all(cached.batches(epoch: 0))
    try FileManager.default.removeItem(atPath: folder.path + "/images")
    #expect(try all(cached.batches(epoch: 1)) == expected)
  }

  @Test func `differ by epoch and seed, and may begin inside an epoch`() throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    let first = try all(loader(index).batches(epoch: 0))
    #expect(try all(loader(index).batches(epoch: 1)) != first)
    #expect(try all(loader(index, seed: 6).batches(epoch: 0)) != first)
    #expect(try all(loader(index, workers: 2).batches(epoch: 0, firstBatch: 1)) == Array(first[1...]))
    #expect(try all(loader(index, workers: 2).batches(epoch: 0, firstBatch: 3)).isEmpty)
    // Without joining, each picture is alone.
    let alone = try all(loader(index).batches(epoch: 0, joiningImages: false))
    #expect(alone.flatMap(\.instances).allSatisfy { $0.count == 2 })
    #expect(alone.map(\.indices) == first.map(\.indices))
  }

  @Test func `put labels where the pictures are`() throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    let batch = try #require(try loader(index, []).batches(epoch: 0).next())
    let place = try #require(batch.indices.firstIndex { $0 >= 0 })
    let image = batch.indices[place]
    // 40…50 × 30…20 becomes 32 wide, padded in height.
    let size = index.size(of: image)
    let height = Float((Double(size.height) * 32 / Double(size.width)).rounded(.up))
    let top = ((32 - height) / 2 - 0.1).rounded(.toNearestOrEven)
    let box = batch.instances[place][0].box
    #expect(abs(box.x1 - 12.8) < 1e-4 && abs(box.x2 - 19.2) < 1e-4)
    #expect(abs(box.y1 - (top + 0.3 * height)) < 1e-3 && abs(box.y2 - (top + 0.7 * height)) < 1e-3)
    let point = batch.instances[place][1].keypoints[1]
    #expect(abs(point.x - 24) < 1e-4 && abs(point.y - (top + 0.4 * height)) < 1e-3)
    #expect(batch.image(at: place).pixels.prefix(3) == [114, 114, 114])
    #expect(batch.letterboxes.isEmpty)
  }

  @Test(arguments: [0, 2])
  func `take the next image for one that went bad`(workers: Int) throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    try folder.write("images/train/04.png", "gone")
    try folder.picture("images/train/05.png", width: 99, height: 99)
    let loader = loader(index, [], workers: workers)
    let indices = try all(loader.batches(epoch: 0)).flatMap(\.indices)
    #expect(indices.sorted() == [0, 1, 2, 3, 6, 6, 6, 7, 8, 9, 10])
    #expect(
      loader.failures.map { folder.relative($0.description) } == [
        "images/train/04.png: not a picture: the content is neither JPEG nor PNG",
        "images/train/05.png: the picture is corrupt: it has changed since it was indexed: it was 45×25, now it is"
          + " 99×99",
      ])
  }

  @Test(arguments: [0, 2])
  func `fail where no image can be read any more`(workers: Int) throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    try FileManager.default.removeItem(atPath: folder.path + "/images")
    let stream = loader(index, workers: workers).batches(epoch: 0)
    #expect(throws: LoaderError.self) { _ = try stream.next() }
    #expect(try stream.next() == nil)
  }

  @Test(arguments: [0, 1, 4])
  func `pass on what an augmentation throws, at its batch`(workers: Int) throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    let order = try all(loader(index, []).batches(epoch: 0)).map(\.indices)
    let failing = try #require(order.firstIndex { $0.contains(3) })
    let stream = loader(index, [Failing()], workers: workers).batches(epoch: 0)
    for batch in 0..<failing { #expect(try stream.next()?.indices == order[batch]) }
    #expect(throws: Failing.Fault.self) { _ = try stream.next() }
    #expect(try stream.next() == nil)
  }

  @Test func `stop their workers when the stream goes or is cancelled`() async throws {
    /// Lives as long as any worker may still load.
    final class Witness: Sendable {}
    struct Watched: Augmentation {
      let witness: Witness
      func callAsFunction(
        _ sample: TrainingSample, _ context: inout AugmentationContext
      ) throws -> TrainingSample { sample }
    }
    let folder = try DatasetFolder()
    let index = try index(folder)
    weak var witness: Witness?
    func begin(cancelling: Bool) throws {
      let strong = Witness()
      witness = strong
      let stream = loader(index, [Watched(witness: strong)], workers: 3, prefetch: 1).batches(epoch: 0)
      _ = try stream.next()
      if cancelling {
        stream.cancel()
        #expect(try stream.next() == nil)
      }
    }
    for cancelling in [false, true] {
      try begin(cancelling: cancelling)
      for _ in 0..<500 where witness != nil { try await Task.sleep(for: .milliseconds(10)) }
      #expect(witness == nil)
    }
  }

  @Test func `lend batches that outlive the stream`() throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    var batches: [Batch] = []
    do {
      let stream = loader(index, workers: 2).batches(epoch: 0)
      while let batch = try stream.next() { batches.append(batch) }
    }
    let again = try all(loader(index).batches(epoch: 0))
    for (batch, expected) in zip(batches, again) {
      #expect((0..<batch.count).map { batch.image(at: $0).pixels } == expected.pixels)
    }
  }

  @Test(arguments: [0, 3])
  func `give validation images in order, each with its way back`(workers: Int) throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    try folder.write("images/train/02.png", "gone")
    let loader = ValidationLoader(
      index, options: LoaderOptions(imageSize: 64, batchSize: 4, workers: workers))
    let stream = loader.batches()
    #expect(stream.batchCount == 3)
    var indices: [Int] = []
    while let batch = try stream.next() {
      #expect(batch.inputSize == ImageSize(side: 64) && batch.letterboxes.count == batch.count)
      for sample in 0..<batch.count {
        let image = batch.indices[sample]
        let letterbox = Letterbox.validation(source: index.size(of: image), imageSize: 64)
        #expect(batch.letterboxes[sample] == letterbox)
        #expect(batch.image(at: sample) == letterbox.apply(to: try Image(contentsOf: index.paths[image])))
        let truth = index.groundTruths(of: image)[1].instance.keypoints[0]
        let point = batch.instances[sample][1].keypoints[0]
        let back = letterbox.toSource(SIMD2(point.x, point.y))
        #expect(abs(back.x - truth.x) < 1e-3 && abs(back.y - truth.y) < 1e-3)
      }
      indices += batch.indices
    }
    #expect(indices == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10])
    #expect(loader.failures.map { folder.relative($0.path ?? "") } == ["images/train/02.png"])
  }

  @Test func `give rectangular batches where wanted`() throws {
    let folder = try DatasetFolder()
    let index = try index(folder)
    let options = LoaderOptions(imageSize: 64, batchSize: 4, workers: 2)
    let stream = ValidationLoader(index, options: options, rectangularStride: 32).batches()
    var indices: [Int] = []
    var sizes: [ImageSize] = []
    while let batch = try stream.next() {
      sizes.append(batch.inputSize)
      indices += batch.indices
      #expect(batch.pixels.count == batch.count * batch.inputSize.width * batch.inputSize.height * 3)
    }
    #expect(indices == Array((0..<11).reversed()))
    #expect(sizes.allSatisfy { $0.width == 96 && ($0.height == 64 || $0.height == 96) })
  }
}
