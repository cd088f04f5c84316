import Data
import Foundation
import Imaging
import PoseCore
import Testing

@Suite struct `Samples of an epoch` {
  /// Ten pictures: a fox in each, a hen in the first as well; the last has two foxes on top of each other.
  private func index() throws -> (DatasetFolder, DatasetIndex) {
    let folder = try DatasetFolder()
    let fox = "0 0.5 0.5 0.4 0.6 0.45 0.4 2 0.55 0.4 2"
    for number in 0..<10 {
      try folder.picture("images/train/\(number).png", seed: number)
      var rows = fox
      if number == 0 { rows += "\n1" + fox.dropFirst() }
      if number == 9 { rows += "\n" + fox.replacing("0.6 0.45", with: "0.5 0.45") }
      try folder.write("labels/train/\(number).txt", rows)
    }
    return (folder, try DatasetIndex(try folder.spec(), split: .train))
  }

  private func loader(_ index: DatasetIndex, _ weights: SampleWeights?) -> TrainingLoader {
    TrainingLoader(
      index, pipeline: TrainingPipeline([], imageSize: 32, skeleton: index.skeleton),
      options: LoaderOptions(imageSize: 32, batchSize: 4, workers: 0), seed: 3, weights: weights)
  }

  private func order(_ loader: TrainingLoader, epoch: Int) throws -> [Int] {
    let stream = loader.batches(epoch: epoch)
    var order: [Int] = []
    while let batch = try stream.next() { order += batch.indices }
    return order
  }

  @Test func `come as often as their weights say`() throws {
    let (folder, index) = try index()
    _ = folder
    var weights = SampleWeights(index)
    weights.multiply(2..<4, by: 3)
    weights.multiply(6..<10, by: 0.5)
    #expect(weights.total == 1 + 1 + 3 + 3 + 1 + 1 + 2)
    let loader = loader(index, weights)
    #expect(loader.samplesPerEpoch == 12 && loader.batchesPerEpoch == 3)
    var counts = Array(repeating: 0, count: 10)
    for epoch in 0..<40 {
      let order = try order(loader, epoch: epoch)
      #expect(order.count == 12)
      let here = Dictionary(grouping: order) { $0 }.mapValues(\.count)
      #expect(here[2] == 3 && here[3] == 3 && here[0] == 1)
      for image in order { counts[image] += 1 }
      #expect(try self.order(loader, epoch: epoch) == order)
    }
    // Half of the last four each time, and not always the same ones.
    #expect(counts[6..<10].allSatisfy { (8...32).contains($0) } && counts[6..<10].reduce(0, +) == 80)
    #expect(try order(loader, epoch: 0) != (try order(loader, epoch: 1)))
  }

  @Test func `are those of a plain permutation without weights`() throws {
    let (folder, index) = try index()
    _ = folder
    let plain = try order(loader(index, nil), epoch: 2)
    #expect(plain.sorted() == Array(0..<10))
    #expect(try order(loader(index, SampleWeights(index)), epoch: 2) == plain)
  }

  @Test func `repeat rare classes and crowded pictures`() throws {
    let (folder, index) = try index()
    _ = folder
    var rare = SampleWeights(index)
    rare.repeatRareClasses(of: index, threshold: 0.4)
    // Hens are in a tenth of the pictures: √(0.4 / 0.1).
    #expect(rare.values == [2] + Array(repeating: 1, count: 9))
    var crowded = SampleWeights(index)
    crowded.repeatCrowded(of: index, strength: 4)
    #expect(crowded.values[1...8].allSatisfy { $0 == 1 })
    #expect(crowded.values[0] == 5 && crowded.values[9] == 5)
  }

  @Test func `leave out classes that are not asked for`() throws {
    let (folder, index) = try index()
    _ = folder
    let hens = index.keeping(classes: [1])
    #expect(hens.count == 10 && hens.report.objects == 1 && hens.report.backgrounds == 9)
    #expect(hens.trainingInstances(of: 0).map(\.classIndex) == [1])
    #expect(hens.fingerprint != index.fingerprint)
    #expect(index.keeping(classes: [0, 1]).report.objects == index.report.objects)
  }
}

@Suite struct `A mixture of data sets` {
  private func set(_ names: [String], classes: [String], width: Int) throws -> (DatasetFolder, DatasetIndex) {
    let folder = try DatasetFolder()
    let shape = names.count
    let sigmas = Array(repeating: 0.1, count: shape)
    try folder.picture("images/train/a.png", width: width, height: 20)
    let points = (0..<shape).map { "0.\($0 + 1) 0.5 2" }.joined(separator: " ")
    try folder.write(
      "labels/train/a.txt",
      classes.indices.map { "\($0) 0.5 0.5 0.4 0.\(4 + $0) \(points)" }.joined(separator: "\n"))
    let yaml =
      "train: images/train\nval: images/train\nkpt_shape: [\(shape), 3]\nkpt_names: \(names)\nflip_idx: []\n"
      + "kpt_oks_sigmas: \(sigmas)\nnames: \(classes)\n"
    return (folder, try DatasetIndex(try folder.spec(yaml.replacing("\"", with: "'")), split: .train))
  }

  @Test func `converts keypoints and classes by their names`() throws {
    let (first, main) = try set(["nose", "left_ear", "right_ear"], classes: ["fox", "hen"], width: 40)
    let (second, other) = try set(["rightEar", "tail", "L-ear"], classes: ["hen", "cow"], width: 80)
    _ = (first, second)
    let (index, parts, notes) = try main.joined(with: [other])
    #expect(parts == [0..<1, 1..<2] && index.count == 2)
    let hen = try #require(index.trainingInstances(of: 1).first)
    #expect(index.trainingInstances(of: 1).count == 1 && hen.classIndex == 1)
    #expect(hen.keypoints.map(\.visibility) == [.unlabelled, .visible, .visible])
    #expect(abs(hen.keypoints[1].x - 0.3 * 80) < 1e-4 && abs(hen.keypoints[2].x - 0.1 * 80) < 1e-4)
    #expect(index.trainingInstances(of: 0) == main.trainingInstances(of: 0))
    #expect(
      notes == [
        "data set 2 of the mixture has no nose", "of data set 2 of the mixture tail are not used",
        "1 objects of data set 2 of the mixture are of other classes",
      ])
    #expect(index.skeleton == main.skeleton && index.classNames == ["fox", "hen"])
  }

  @Test func `refuses skeletons that share no name`() throws {
    let (first, main) = try set(["nose", "left_ear"], classes: ["fox"], width: 40)
    let (second, other) = try set(["hub", "rim"], classes: ["wheel"], width: 40)
    _ = (first, second)
    #expect(
      first.message { _ = try main.joined(with: [other]) }
        == "no keypoint has the same name in both: hub, rim and nose, left_ear")
  }
}

@Suite struct `Images that count` {
  @Test func `are all, or those with labelled keypoints`() throws {
    let folder = try DatasetFolder()
    for number in 1...4 { try folder.picture("images/train/\(number).png") }
    try folder.write("labels/train/1.txt", "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0")
    try folder.write("labels/train/2.txt", "0 0.5 0.5 0.2 0.4 0 0 0 0 0 0")
    try folder.write("labels/train/3.txt", "0 0.5 0.5 0.2 0.4 0 0 0 0.1 0.1 1")
    let index = try DatasetIndex(try folder.spec(), split: .train)
    let (all, whole) = index.selecting(.all)
    #expect(all.count == 4)
    #expect("\(whole)" == "images=all: all 4 images count, 2 of them with labelled keypoints")
    let (labelled, part) = index.selecting(.labelled)
    #expect(labelled.paths.map(folder.relative) == ["images/train/1.png", "images/train/3.png"])
    #expect((0..<2).map(labelled.imageID) == [1, 3])
    #expect("\(part)" == "images=labelled: 2 of 4 images, those with labelled keypoints, count")
  }

  @Test func `are chosen for results files, too`() throws {
    let folder = try DatasetFolder()
    func object(_ id: Int, _ image: Int, _ v: Int) -> String {
      "{\"id\": \(id), \"image_id\": \(image), \"category_id\": 1, \"bbox\": [1, 2, 10, 10], \"area\": 50, \"iscrowd\": 0, "
        + "\"num_keypoints\": \(v > 0 ? 2 : 0), \"keypoints\": [3, 4, \(v), 5, 6, \(v)]}"
    }
    func detection(_ image: Int) -> String {
      "{\"image_id\": \(image), \"category_id\": 1, \"score\": 0.9, \"keypoints\": [3, 4, 1, 5, 6, 1]}"
    }
    let images = [9, 5, 7].map {
      "{\"id\": \($0), \"file_name\": \"\($0).png\", \"width\": 20, \"height\": 20}"
    }
    try folder.write(
      "gt.json",
      "{\"images\": [\(images.joined(separator: ", "))], \"categories\": [{\"id\": 1, \"name\": \"fox\"}], "
        + "\"annotations\": [\(object(1, 5, 0)), \(object(2, 9, 2)), \(object(3, 9, 1))]}")
    try folder.write("dt.json", "[\(detection(5)), \(detection(7)), \(detection(9))]")
    let (set, _) = try EvaluationSet.joining(
      try COCOAnnotations.read(folder.path + "/gt.json"),
      try COCOResults.read(folder.path + "/dt.json", keypointCount: 2), keypointCount: 2, strict: false)
    let (all, whole) = set.selecting(.all)
    #expect(all.imageIDs == [5, 7, 9] && whole.labelled == 1 && whole.counted == 3)
    let (part, selection) = set.selecting(.labelled)
    #expect(part.imageIDs == [9] && part.imageOrder == [0] && selection.counted == 1 && selection.listed == 3)
    #expect(part.groundTruths.ids == [2, 3] && part.groundTruths.images == [0, 0])
    #expect(part.groundTruths.keypoints.count == 12 && part.groundTruths.boxes.count == 8)
    #expect(part.detections.count == 1 && part.detections.keypoints == [3, 5, 4, 6])
  }
}

@Suite struct `Images kept on disk` {
  private func bytes(_ folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + ((attributes[.size] as? NSNumber)?.intValue ?? 0)
    }
  }

  private func pixels(_ index: DatasetIndex, _ cache: LoaderOptions.DiskCache?) throws -> [UInt8] {
    let loader = TrainingLoader(
      index, pipeline: TrainingPipeline([], imageSize: 64, skeleton: index.skeleton),
      options: LoaderOptions(imageSize: 64, batchSize: 8, workers: 0, diskCache: cache), seed: 1)
    let batch = try #require(try loader.batches(epoch: 0).next())
    return batch.pixels.withUnsafeBytes { Array($0) }
  }

  @Test func `equal decoded ones, keep to their budget, and follow a change of the file`() throws {
    let folder = try DatasetFolder()
    for number in 0..<8 {
      try folder.picture("images/train/\(number).png", width: 64, height: 40, seed: number)
      try folder.write("labels/train/\(number).txt", "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0")
    }
    let index = try DatasetIndex(try folder.spec(), split: .train)
    let cache = LoaderOptions.DiskCache(folder: folder.path + "/kept", budget: 1 << 20)
    let plain = try pixels(index, nil)
    #expect(try pixels(index, cache) == plain)
    let files = try FileManager.default.contentsOfDirectory(atPath: cache.folder)
    #expect(files.count == 8)
    #expect(try pixels(index, cache) == plain)
    // A damaged file is decoded again.
    let first = cache.folder + "/" + files[0]
    var damaged = Array(try Foundation.Data(contentsOf: URL(filePath: first)))
    damaged[200] ^= 0xFF
    try Foundation.Data(damaged).write(to: URL(filePath: first))
    #expect(try pixels(index, cache) == plain)
    try folder.picture("images/train/3.png", width: 64, height: 40, seed: 99)
    let changed = try pixels(index, cache)
    #expect(changed != plain)
    #expect(try pixels(index, nil) == changed)
    let small = LoaderOptions.DiskCache(folder: folder.path + "/small", budget: 20_000)
    #expect(try pixels(index, small) == changed)
    #expect(try bytes(small.folder) <= 20_000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.folder).count == 2)
    // A smaller budget than what is there lets the oldest go.
    #expect(try pixels(index, LoaderOptions.DiskCache(folder: cache.folder, budget: 16_000)) == changed)
    #expect(try bytes(cache.folder) <= 16_000)
  }
}
