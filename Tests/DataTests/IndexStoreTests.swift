import Config
import Data
import Foundation
import Imaging
import PoseCore
import Synchronization
import Testing

@Suite struct `An index that is kept` {
  private static let row = "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0"
  private static let store = IndexStore(leastImages: 1, settlingTime: 0)

  private func folder() throws -> DatasetFolder {
    let folder = try DatasetFolder()
    for number in 1...6 {
      try folder.picture("images/train/\(number).png", width: 30 + number, height: 20, seed: number)
      if number < 6 { try folder.write("labels/train/\(number).txt", "\(number % 2)" + Self.row.dropFirst()) }
    }
    return folder
  }

  private func options(_ store: IndexStore) -> IndexOptions {
    var options = IndexOptions()
    options.store = store
    return options
  }

  private func index(
    _ folder: DatasetFolder, _ store: IndexStore = Self.store, yaml: String = DatasetFolder.plainYAML
  ) throws -> DatasetIndex {
    try DatasetIndex(try folder.spec(yaml), split: .train, options: options(store))
  }

  private func files(_ folder: DatasetFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.poselab").filter {
      $0.hasSuffix(".index")
    }.map { folder.path + "/.poselab/" + $0 }
  }

  @Test func `holds what reading the files again would give`() throws {
    let folder = try folder()
    try folder.write("labels/train/2.txt", Self.row + "\n" + Self.row + "\n1 .4 .4 .2 .2 .4 .4 1 .3 .3 2")
    try FileManager.default.moveItem(
      atPath: folder.path + "/images/train/3.png", toPath: folder.path + "/images/train/3.jpg")
    let fresh = try index(folder, .none)
    _ = try index(folder)
    let kept = try index(folder)
    #expect(try files(folder).count == 1)
    #expect(kept.paths == fresh.paths)
    #expect(kept.fingerprint == fresh.fingerprint)
    #expect("\(kept.report)" == "\(fresh.report)")
    #expect(kept.report.mislabelledExtensions == fresh.report.mislabelledExtensions)
    #expect(kept.report.duplicateRows == 1 && kept.report.missingLabelFiles == 1)
    for image in 0..<fresh.count {
      #expect(kept.groundTruths(of: image) == fresh.groundTruths(of: image))
      #expect(kept.size(of: image) == fresh.size(of: image))
      #expect(kept.imageID(of: image) == fresh.imageID(of: image))
    }
  }

  /// Gives a file the times that it had before `change`.
  private func keepingTimes(_ path: String, _ change: () throws -> Void) throws {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    try change()
    try FileManager.default.setAttributes(
      [.modificationDate: attributes[.modificationDate] as Any], ofItemAtPath: path)
  }

  @Test func `is never stale, whatever was changed`() throws {
    typealias Change = (DatasetFolder) throws -> Void
    let changes: [(String, Change)] = [
      ("label", { try $0.write("labels/train/2.txt", Self.row.replacing("0.3", with: "0.35")) }),
      (
        "label of the same size and time",
        { folder in
          try keepingTimes(folder.path + "/labels/train/2.txt") {
            try folder.write("labels/train/2.txt", Self.row.replacing("0.3", with: "0.2"))
          }
        }
      ),
      (
        "label written in place, of the same size and time",
        { folder in
          let path = folder.path + "/labels/train/3.txt"
          try keepingTimes(path) {
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.write(contentsOf: Foundation.Data("0".utf8))
            try file.close()
          }
        }
      ),
      ("label removed", { try FileManager.default.removeItem(atPath: $0.path + "/labels/train/2.txt") }),
      ("label added", { try $0.write("labels/train/6.txt", Self.row) }),
      ("image of another size", { try $0.picture("images/train/4.png", width: 50) }),
      ("image added", { try $0.picture("images/train/7.png") }),
      ("image added in a new folder", { try $0.picture("images/train/deep/7.png") }),
      ("image removed", { try FileManager.default.removeItem(atPath: $0.path + "/images/train/1.png") }),
      (
        "image renamed",
        {
          try FileManager.default.moveItem(
            atPath: $0.path + "/images/train/1.png", toPath: $0.path + "/images/train/9.png")
        }
      ),
      (
        "labels exchanged",
        {
          let (a, b) = ($0.path + "/labels/train/1.txt", $0.path + "/labels/train/2.txt")
          try FileManager.default.moveItem(atPath: a, toPath: a + "x")
          try FileManager.default.moveItem(atPath: b, toPath: a)
          try FileManager.default.moveItem(atPath: a + "x", toPath: b)
        }
      ),
    ]
    for (name, change) in changes {
      let folder = try folder()
      let before = try index(folder).fingerprint
      #expect(try index(folder).fingerprint == before)
      try change(folder)
      let after = try index(folder)
      let fresh = try index(folder, .none)
      #expect(after.fingerprint == fresh.fingerprint, "\(name)")
      #expect(after.fingerprint != before, "\(name)")
      #expect("\(after.report)" == "\(fresh.report)", "\(name)")
      #expect(try index(folder).fingerprint == fresh.fingerprint, "\(name)")
    }
  }

  @Test func `goes by the list file, the annotations and the YAML, too`() throws {
    let folder = try folder()
    try folder.write("list.txt", "images/train/1.png\nimages/train/2.png\n")
    let listed = DatasetFolder.plainYAML.replacing("train: images/train", with: "train: list.txt")
    #expect(try index(folder, yaml: listed).count == 2)
    #expect(try index(folder, yaml: listed).count == 2)
    try folder.write("list.txt", "images/train/1.png\nimages/train/2.png\nimages/train/3.png\n")
    #expect(try index(folder, yaml: listed).count == 3)

    let annotated = DatasetFolder.plainYAML + "annotations: { train: labels.json }\n"
    func annotations(_ x: Int) -> String {
      """
      {"images": [{"id": 4, "file_name": "2.png", "width": 32, "height": 20}],
       "categories": [{"id": 1, "name": "fox"}, {"id": 2, "name": "hen"}],
       "annotations": [{"id": 7, "image_id": 4, "category_id": 2, "bbox": [\(x), 2, 9, 8], "area": 72,
         "iscrowd": 0, "keypoints": [5, 6, 2, 7, 8, 1], "num_keypoints": 2}]}
      """
    }
    try folder.write("labels.json", annotations(3))
    #expect(try index(folder, yaml: annotated).trainingInstances(of: 0)[0].box.x1 == 3)
    let kept = try index(folder, yaml: annotated)
    #expect(kept.trainingInstances(of: 0)[0].box.x1 == 3)
    #expect(kept.imageID(of: 0) == 4 && kept.groundTruths(of: 0)[0].id == 7)
    try folder.write("labels.json", annotations(4))
    #expect(try index(folder, yaml: annotated).trainingInstances(of: 0)[0].box.x1 == 4)

    #expect(try index(folder).count == 6)
    let other = DatasetFolder.plainYAML.replacing("[fox, hen]", with: "[fox]")
    #expect(throws: DiagnosticList.self) { try index(folder, yaml: other) }
  }

  @Test func `reads only what has changed`() throws {
    let folder = try folder()
    let reads = CountedReads()
    let formats = try CountingFormat.table(reads)
    func read(settlingTime: Double = 0) throws -> Int {
      reads.count.withLock { $0 = 0 }
      _ = try DatasetIndex(
        try folder.spec(), split: .train,
        options: options(IndexStore(leastImages: 1, settlingTime: settlingTime)), formats: formats)
      return reads.count.withLock { $0 }
    }
    #expect(try read() == 6)
    #expect(try read() == 0)
    try folder.write("labels/train/3.txt", Self.row)
    #expect(try read() == 1)
    try folder.picture("images/train/7.png")
    #expect(try read() == 1)
    #expect(try read() == 0)
    // A file written just before it was read may have been written again in the same tick of the clock.
    try folder.write("labels/train/3.txt", Self.row)
    #expect(try read(settlingTime: 1000) == 1)
    #expect(try read(settlingTime: 1000) == 7)
    #expect(try read() == 7)
    #expect(try read() == 0)
  }

  @Test func `is made again where it is damaged, cut or foreign`() throws {
    let folder = try folder()
    let fingerprint = try index(folder).fingerprint
    let path = try #require(try files(folder).first)
    let whole = Array(try Foundation.Data(contentsOf: URL(filePath: path)))
    var damaged: [[UInt8]] = [
      [], [1, 2, 3], Array(repeating: 0xFF, count: 4096), whole + [0, 0, 0, 0, 0, 0, 0, 0],
    ]
    for length in stride(from: 0, to: whole.count, by: whole.count / 40) {
      damaged.append(Array(whole[..<length]))
    }
    for place in stride(from: 0, to: whole.count, by: whole.count / 97) {
      var bytes = whole
      bytes[place] ^= 0x41
      damaged.append(bytes)
    }
    for bytes in damaged {
      try Foundation.Data(bytes).write(to: URL(filePath: path))
      #expect(try index(folder).fingerprint == fingerprint)
    }
    #expect(Array(try Foundation.Data(contentsOf: URL(filePath: path))).count == whole.count)
  }

  @Test func `is looked at while training has begun; what has changed is left out and named`() throws {
    let folder = try folder()
    _ = try index(folder)
    try folder.write("labels/train/2.txt", Self.row.replacing("0.3", with: "0.35"))
    // No time to look at anything before.
    let index = try index(folder, IndexStore(leastImages: 1, settlingTime: 0, checkingTime: 0))
    #expect(index.count == 6)
    let loader = ValidationLoader(index, options: LoaderOptions(imageSize: 32, batchSize: 6, workers: 0))
    let batch = try #require(try loader.batches().next())
    #expect(batch.indices == [0, 2, 3, 4, 5])
    #expect(
      loader.failures.map { folder.relative($0.description) }.first?.contains("images/train/2.png") == true)
    #expect(index.changedImages.map(folder.relative) == ["images/train/2.png"])
    #expect(try self.index(folder).changedImages == [])
  }

  @Test func `may be made by several at once`() async throws {
    let folder = try folder()
    let spec = try folder.spec()
    let options = options(Self.store)
    let found = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask { try DatasetIndex(spec, split: .train, options: options).fingerprint }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(found == [try index(folder, .none).fingerprint])
    #expect(try files(folder).count == 1)
  }

  @Test func `is not kept for small sets, nor where that is not wanted`() throws {
    let folder = try folder()
    _ = try index(folder, IndexStore())
    _ = try index(folder, .none)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/.poselab"))
    let elsewhere = folder.path + "/elsewhere"
    _ = try index(folder, IndexStore(leastImages: 1, settlingTime: 0, folder: elsewhere))
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).count == 1)
  }
}

/// How many label files were read.
private final class CountedReads: Sendable {
  let count = Mutex(0)
}

/// YOLO's text files by way of a form of its own.
private struct CountingFormat: DatasetFormat {
  let reads: CountedReads

  static func table(_ reads: CountedReads) throws -> ComponentTable<Void, any DatasetFormat> {
    var registry = Registry()
    try registry.datasets.register(
      Component<Void, any DatasetFormat>("counting", summary: "for tests") { _, _ in
        CountingFormat(reads: reads)
      })
    return registry.datasets
  }

  func recognition(of source: SplitSource) -> DatasetRecognition { .yes }

  func open(
    _ source: SplitSource, of spec: DatasetSpec, options: IndexOptions
  ) throws -> any LabelledSplit {
    Split(
      images: try source.imagePaths().map { ImageEntry(path: $0) }, watchedPaths: source.watchedPaths,
      reads: reads)
  }

  struct Split: LabelledSplit {
    let images: [ImageEntry]
    let watchedPaths: [String]?
    let reads: CountedReads

    func labelFile(of image: Int) -> String? {
      images[image].path.replacing("/images/", with: "/labels/").replacing(".png", with: ".txt")
    }

    func labels(of image: Int, size: ImageSize) -> ImageLabels {
      reads.count.withLock { $0 += 1 }
      let point = Keypoint(x: 1, y: 2, visibility: .visible)
      let box = Box(x1: 1, y1: 2, x2: 5, y2: 6)
      return ImageLabels(
        objects: [LabelledObject(instance: Instance(classIndex: 0, box: box, keypoints: [point, point]))])
    }
  }
}
