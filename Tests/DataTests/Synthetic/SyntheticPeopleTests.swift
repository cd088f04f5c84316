import Data
import Foundation
import Imaging
import Testing

@Suite struct `A synthetic data set` {
  /// A folder that goes away with the test.
  final class Scratch {
    let path: String
    init() throws {
      path = NSTemporaryDirectory() + "poselab-synth-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) throws -> String {
      try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// Every file's bytes by its path.
    func files(_ folder: String) throws -> [String: Foundation.Data] {
      var found: [String: Foundation.Data] = [:]
      for name in try FileManager.default.subpathsOfDirectory(atPath: path + "/" + folder) {
        found[name] = FileManager.default.contents(atPath: path + "/\(folder)/" + name)
      }
      return found
    }
  }

  struct COCO: Decodable {
    struct Picture: Decodable {
      var id: Int
      var fileName: String
      var width: Int
      var height: Int
    }
    struct Annotation: Decodable {
      var id: Int
      var imageId: Int
      var categoryId: Int
      var iscrowd: Int
      var area: Double
      var bbox: [Double]
      var numKeypoints: Int
      var keypoints: [Double]
    }
    struct Category: Decodable {
      var id: Int
      var name: String
      var keypoints: [String]
      var skeleton: [[Int]]
    }
    var images: [Picture]
    var annotations: [Annotation]
    var categories: [Category]
  }

  let people = SyntheticPeople()

  @Test func `has the same bytes for the same seed, whatever the number of threads`() throws {
    let scratch = try Scratch()
    try people.write(
      to: scratch.path + "/a", images: 7, size: 64, seed: 9, validationFraction: 0.3, threads: 1)
    try people.write(
      to: scratch.path + "/b", images: 7, size: 64, seed: 9, validationFraction: 0.3, threads: 3)
    let files = try scratch.files("a")
    #expect(try files == scratch.files("b"))
    #expect(files.keys.filter { $0.hasSuffix(".jpg") }.count == 7)
    #expect(files["images/val/000005.jpg"] != nil && files["labels/train/000004.txt"] != nil)
    try people.write(to: scratch.path + "/c", images: 7, size: 64, seed: 10, validationFraction: 0.3)
    #expect(try files["images/train/000000.jpg"] != scratch.files("c")["images/train/000000.jpg"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["a", "b", "c"])
  }

  @Test func `clears what a killed process left of it, and nothing else`() throws {
    let scratch = try Scratch()
    let files = FileManager.default
    // A process that has ended: its number is not in use again so soon.
    let ended = Process()
    ended.executableURL = URL(filePath: "/bin/sh")
    ended.arguments = ["-c", "exit 0"]
    try ended.run()
    ended.waitUntilExit()
    let dead = ended.processIdentifier
    let alive = ProcessInfo.processInfo.processIdentifier
    let kept = [
      ".b.partial-\(dead)", ".a.partial-\(dead)-1", ".a.partial-0\(dead)", ".a.partial-1", ".a.partial-",
    ]
    for name in kept + [".a.partial-\(dead)"] {
      try files.createDirectory(
        atPath: "\(scratch.path)/\(name)/images/train", withIntermediateDirectories: true)
    }
    try Foundation.Data([1]).write(
      to: URL(filePath: "\(scratch.path)/.a.partial-\(dead)/.data.yaml.\(dead)-0.partial"))
    try people.write(to: scratch.path + "/a", images: 2, size: 32, seed: 1, validationFraction: 0)
    #expect(try Set(files.contentsOfDirectory(atPath: scratch.path)) == Set(kept + ["a"]))
    // With something else in it, it is somebody's own.
    let own = "\(scratch.path)/.c.partial-\(dead)"
    try files.createDirectory(atPath: own + "/photos", withIntermediateDirectories: true)
    try people.write(to: scratch.path + "/c", images: 2, size: 32, seed: 1, validationFraction: 0)
    #expect(files.fileExists(atPath: own) && !files.fileExists(atPath: "\(scratch.path)/.c.partial-\(alive)"))
  }

  @Test func `keeps each picture when more are asked for`() throws {
    let scratch = try Scratch()
    try people.write(to: scratch.path + "/few", images: 3, size: 64, seed: 9, validationFraction: 0)
    try people.write(to: scratch.path + "/many", images: 5, size: 64, seed: 9, validationFraction: 0)
    let few = try scratch.files("few").filter { $0.key.hasSuffix("jpg") || $0.key.hasSuffix("txt") }
    let many = try scratch.files("many")
    #expect(few.count == 6 && few.allSatisfy { many[$0.key] == $0.value })
  }

  @Test func `says the same in both label formats`() throws {
    let scratch = try Scratch()
    try people.write(to: scratch.path + "/set", images: 12, size: 96, seed: 2, validationFraction: 0.25)
    var annotationCount = 0
    for (split, expected) in [("train", 9), ("val", 3)] {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let coco = try decoder.decode(
        COCO.self, from: Foundation.Data(scratch.text("set/annotations/person_keypoints_\(split).json").utf8))
      #expect(coco.images.count == expected)
      #expect(Set(coco.annotations.map(\.id)).count == coco.annotations.count)
      #expect(coco.categories.map(\.name) == ["person"] && coco.categories[0].keypoints.count == 17)
      #expect(coco.categories[0].skeleton.allSatisfy { $0.allSatisfy((1...17).contains) })
      for picture in coco.images {
        // As results of a validation, which goes by the names, have it.
        #expect(Int(picture.fileName.prefix { $0 != "." }) == picture.id)
        let label = picture.fileName.replacingOccurrences(of: ".jpg", with: ".txt")
        let lines = try scratch.text("set/labels/\(split)/\(label)").split(separator: "\n")
        let annotations = coco.annotations.filter { $0.imageId == picture.id }
        #expect(lines.count == annotations.count && picture.width == 96 && picture.height == 96)
        annotationCount += annotations.count
        for (line, annotation) in zip(lines, annotations) {
          let fields = line.split(separator: " ").compactMap { Double($0) }
          #expect(fields.count == 5 + 3 * 17 && fields[0] == 0)
          #expect(
            fields.dropFirst(5).enumerated().allSatisfy { $0.offset % 3 == 2 || (0...1).contains($0.element) }
          )
          #expect(annotation.categoryId == 1 && annotation.iscrowd == 0 && annotation.area > 0)
          let box = annotation.bbox
          let yolo = [
            (fields[1] - fields[3] / 2) * 96, (fields[2] - fields[4] / 2) * 96, fields[3] * 96,
            fields[4] * 96,
          ]
          #expect(zip(box, yolo).allSatisfy { abs($0 - $1) < 2e-3 })
          var labelled = 0
          for index in 0..<17 {
            let from = Array(annotation.keypoints[index * 3..<index * 3 + 3])
            let to = Array(fields[5 + index * 3..<8 + index * 3])
            #expect(abs(from[0] - to[0] * 96) < 2e-3 && abs(from[1] - to[1] * 96) < 2e-3 && from[2] == to[2])
            labelled += from[2] > 0 ? 1 : 0
          }
          #expect(labelled == annotation.numKeypoints)
        }
      }
    }
    #expect(annotationCount >= 12)
    let yaml = try scratch.text("set/data.yaml")
    for line in [
      "train: images/train", "val: images/val", "kpt_shape: [17, 3]",
      "flip_idx: [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]", "  0: person", "    - left_eye",
    ] {
      #expect(yaml.contains(line + "\n"))
    }
  }

  @Test func `is left alone when it is there already`() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/set"
    let first = try people.write(to: folder, images: 4, size: 64, seed: 1)
    #expect(!first.wasPresent && first.trainingImages == 3 && first.validationImages == 1)
    #expect(first.dataFile.hasSuffix("/set/data.yaml"))
    let before = try FileManager.default.attributesOfItem(atPath: folder)[.modificationDate] as? Date
    let second = try people.write(to: folder + "/", images: 4, size: 64, seed: 1)
    #expect(second.wasPresent && second.dataFile == first.dataFile)
    let after = try FileManager.default.attributesOfItem(atPath: folder)[.modificationDate] as? Date
    #expect(before == after)
  }

  @Test func `replaces nothing else`() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/set"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try people.write(to: folder, images: 2, size: 64, seed: 1)
    let other = #expect(throws: SyntheticPeopleError.self) {
      try people.write(to: folder, images: 2, size: 64, seed: 2)
    }
    #expect(other == .otherDataset(path: folder, reason: "seed 1, not 2"))
    #expect(throws: SyntheticPeopleError.otherDataset(path: folder, reason: "other options")) {
      try SyntheticPeople(options: .init(clutter: 0.9)).write(to: folder, images: 2, size: 64, seed: 1)
    }
    try FileManager.default.removeItem(atPath: folder + "/images/train/000000.jpg")
    #expect(throws: SyntheticPeopleError.otherDataset(path: folder, reason: "files are missing from it")) {
      try people.write(to: folder, images: 2, size: 64, seed: 1)
    }
    #expect(throws: SyntheticPeopleError.folderInUse(path: scratch.path)) {
      try people.write(to: scratch.path, images: 2, size: 64, seed: 1)
    }
    #expect(throws: SyntheticPeopleError.folderInUse(path: folder + "/data.yaml")) {
      try people.write(to: folder + "/data.yaml", images: 2, size: 64, seed: 1)
    }
    #expect(throws: (any Error).self) {
      try people.write(to: folder + "/data.yaml/inside", images: 2, size: 64, seed: 1)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["set"])
  }

  @Test func `refuses options out of range by name`() throws {
    let scratch = try Scratch()
    func message(
      _ options: SyntheticPeople.Options = .init(), images: Int = 2, size: Int = 64, fraction: Double = 0
    )
      -> String?
    {
      do {
        try SyntheticPeople(options: options).write(
          to: scratch.path + "/x", images: images, size: size, seed: 0, validationFraction: fraction)
        return nil
      } catch { return String(describing: error) }
    }
    #expect(message(images: 0) == "synthetic people: images must lie in 1...10000000, not 0")
    #expect(message(size: 8) == "synthetic people: size must lie in 32...4096 pixels, not 8")
    #expect(message(fraction: 1) == "synthetic people: the validation fraction must lie in 0..<1, not 1.0")
    #expect(message(fraction: .nan)?.contains("validation fraction") == true)
    #expect(message(.init(people: 0...2)) == "synthetic people: people must lie in 1...50")
    #expect(message(.init(clutter: .nan)) == "synthetic people: clutter must lie in 0...1")
    #expect(message(.init(quality: 101)) == "synthetic people: quality must lie in 1...100")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }
}
