import Config
import Data
import Foundation
import Imaging
import PoseCore
import Testing

@Suite struct `An index of a data set` {
  static let row = "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0"

  /// Paths below the folder.
  private func paths(_ index: DatasetIndex, _ folder: DatasetFolder) -> [String] {
    index.paths.map(folder.relative)
  }

  @Test func `finds pictures in folders, list files and lists of them`() throws {
    let folder = try DatasetFolder()
    for name in [
      "images/train/b.png", "images/train/deep/er/a.jpg", "images/train/.hidden.png", "images/more/c.PNG",
      "other/d.png", "other/e.png",
    ] {
      try folder.picture(name)
    }
    try folder.write("images/train/notes.txt", "no picture")
    try folder.write(
      "images/list.txt", "\u{FEFF}../other/d.png\r\n\n  ./more/c.PNG \n\(folder.path)/other/e.png\n# x\n")
    try folder.write("labels/train/b.txt", Self.row)
    try folder.write("other/e.txt", Self.row)
    func index(_ train: String, fraction: Double = 1) throws -> DatasetIndex {
      let yaml = DatasetFolder.plainYAML.replacing("train: images/train", with: "train: \(train)")
      return try DatasetIndex(
        try folder.spec(yaml), split: .train, options: IndexOptions(fraction: fraction, needsObjects: false))
    }
    #expect(paths(try index("images/train"), folder) == ["images/train/b.png", "images/train/deep/er/a.jpg"])
    #expect(try index("images/train").report.objects == 1)
    let listed = try index("images/list.txt")
    #expect(paths(listed, folder) == ["images/more/c.PNG", "other/d.png", "other/e.png"])
    // Without a folder 'images' on the way, labels lie beside the pictures.
    #expect(listed.trainingInstances(of: 2).count == 1)
    let both = try index("[other, images/train/]")
    #expect(
      paths(both, folder) == [
        "images/train/b.png", "images/train/deep/er/a.jpg", "other/d.png", "other/e.png",
      ])
    #expect(paths(try index("[other, images/train/]", fraction: 0.6), folder).count == 2)
    #expect(paths(try index("[other, images/train/]", fraction: 0.01), folder) == ["images/train/b.png"])
  }

  @Test(.timeLimit(.minutes(1))) func `searches each folder once, however links run`() throws {
    let folder = try DatasetFolder()
    for name in ["images/train/b.png", "images/train/z/a.png", "far/c.png"] { try folder.picture(name) }
    for number in 0..<12 {
      let way = folder.path + "/images/train/\(number)"
      try FileManager.default.createDirectory(atPath: way, withIntermediateDirectories: true)
      for (name, target) in [("up", ".."), ("a", "../.."), ("self", "self"), ("lost", "/nowhere/at/all")] {
        try FileManager.default.createSymbolicLink(atPath: "\(way)/\(name)", withDestinationPath: target)
      }
    }
    for name in ["images/train/0/far", "images/train/1/also"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: folder.path + "/far")
    }
    let index = try DatasetIndex(
      try folder.spec(), split: .train, options: IndexOptions(needsObjects: false))
    #expect(
      paths(index, folder) == [
        "images/train/0/far/c.png", "images/train/b.png", "images/train/z/a.png",
      ])
  }

  @Test(.timeLimit(.minutes(1))) func `names labels that are no files, and uses the rest`() throws {
    let folder = try DatasetFolder()
    for name in 1...5 { try folder.picture("images/train/\(name).png", seed: name) }
    try folder.picture("labels/train/1.txt/a.png")
    #expect(mkfifo(folder.path + "/labels/train/2.txt", 0o600) == 0)
    for (name, target) in [("3", "3.txt"), ("4", "/dev/zero")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/labels/train/\(name).txt", withDestinationPath: target)
    }
    try folder.write("labels/train/5.txt", Self.row)
    #expect(mkfifo(folder.path + "/images/train/6.png", 0o600) == 0)
    let spec = try folder.spec()
    #expect(
      folder.message { _ = try DatasetIndex(spec, split: .train) } == """
        error: labels/train/1.txt: cannot open this file: Is a directory
        error: labels/train/2.txt: cannot open this file: it is no regular file
        error: labels/train/3.txt: cannot open this file: Too many levels of symbolic links
        note: 3 bad label rows in 3 files; correct them, or leave such rows out with skip_bad=true
        """)
    let index = try DatasetIndex(spec, split: .train, options: IndexOptions(badLabels: .skip))
    #expect(index.count == 5 && index.report.objects == 1)
    #expect(
      index.report.skipped.map { folder.relative("\($0)") } == [
        "images/train/6.png: cannot open this file: it is no regular file"
      ])
  }

  @Test func `understands paths that begin one folder too high`() throws {
    let folder = try DatasetFolder()
    try folder.picture("train/images/a.png")
    try folder.write("train/labels/a.txt", Self.row)
    let yaml = DatasetFolder.plainYAML.replacing("train: images/train", with: "train: ../train/images")
    #expect(paths(try DatasetIndex(try folder.spec(yaml), split: .train), folder) == ["train/images/a.png"])
  }

  @Test func `takes the last folder called images for the one beside labels`() throws {
    let folder = try DatasetFolder()
    try folder.picture("images/x/images/train/a.png")
    try folder.write("images/x/labels/train/a.txt", Self.row)
    let yaml = "path: images/x\n" + DatasetFolder.plainYAML
    #expect(try DatasetIndex(try folder.spec(yaml), split: .train).report.objects == 1)
  }

  @Test func `leaves out pictures that cannot be used, and names them`() throws {
    let folder = try DatasetFolder()
    try folder.picture("images/train/good.png")
    try folder.write("labels/train/good.txt", Self.row)
    try folder.write("images/train/empty.jpg", "")
    try folder.write("images/train/text.png", "hello, I am no picture")
    try folder.write("images/train/cut.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0x00])
    try folder.write("images/train/old.bmp", Array("BM1234".utf8) + [0, 0, 0, 0, 9, 9, 9, 9])
    // A header of 60,000 × 60,000 pixels.
    let huge: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xEA, 0x60,
      0, 0,
      0xEA, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x49, 0x44, 0x41, 0x54, 1, 2, 3,
    ]
    try folder.write("images/train/huge.png", huge)
    try folder.picture("images/train/turned.png")
    try FileManager.default.moveItem(
      atPath: folder.path + "/images/train/turned.png", toPath: folder.path + "/images/train/turned.jpg")
    let index = try DatasetIndex(try folder.spec(), split: .train)
    #expect(paths(index, folder) == ["images/train/good.png", "images/train/turned.jpg"])
    #expect(index.report.mislabelledExtensions.map(folder.relative) == ["images/train/turned.jpg"])
    let reasons = index.report.skipped.map { folder.relative($0.description) }
    #expect(reasons.count == 5)
    #expect(reasons.contains("images/train/empty.jpg: the file is empty (0 bytes)"))
    #expect(
      reasons.contains("images/train/text.png: not a picture: the content is neither JPEG nor PNG"))
    #expect(
      reasons.contains("images/train/old.bmp: BMP is not supported; convert the picture to JPEG or PNG"))
    #expect(reasons.contains { $0.hasPrefix("images/train/huge.png: 60000×60000 pixels are more than") })
    #expect(reasons.contains { $0.hasPrefix("images/train/cut.jpg: the picture is truncated") })
    #expect("\(index.report)" == "2 images, 1 object, 1 background, 5 unusable images")
  }

  @Test func `fails where nothing is left`() throws {
    let folder = try DatasetFolder()
    #expect(
      folder.message { _ = try DatasetIndex(try folder.spec(), split: .train) }.hasPrefix(
        "data.yaml:1:8: error: there is no folder or list file 'images/train'; paths are relative to 'path', and"
          + " 'path' to the folder of the dataset YAML"))
    #expect(
      folder.message { _ = try DatasetIndex(try folder.spec(), split: .train) }.contains("data download"))
    try folder.write("images/readme.md", "soon")
    #expect(
      !folder.message { _ = try DatasetIndex(try folder.spec(), split: .train) }.contains("data download"))
    try folder.write("images/train/readme.md", "soon")
    #expect(
      folder.message { _ = try DatasetIndex(try folder.spec(), split: .train) }.hasPrefix(
        "data.yaml:1:8: error: there are no pictures in 'images/train' (looked for .jpg, .jpeg and .png)"))
    try folder.write("images/train/a.png", "")
    #expect(
      folder.message { _ = try DatasetIndex(try folder.spec(), split: .train) }
        == """
        data.yaml:1:8: error: none of the 1 pictures of 'train' can be used
        train: images/train
               ^~~~~~~~~~~~
        note: images/train/a.png: the file is empty (0 bytes)
        """)
    try folder.picture("images/train/a.png")
    #expect(
      folder.message { _ = try DatasetIndex(try folder.spec(), split: .train) }.hasPrefix(
        "data.yaml:1:8: error: there are no labels for any of the 1 pictures of 'train'; for 'images/train/a.png',"
          + " say, they should be in 'labels/train/a.txt'"))
    #expect(
      try DatasetIndex(try folder.spec(), split: .train, options: IndexOptions(needsObjects: false)).count
        == 1)
  }

  @Test func `has a fingerprint of names, sizes and labels, wherever it lies`() throws {
    func fingerprint(_ change: (DatasetFolder) throws -> Void) throws -> String {
      let folder = try DatasetFolder()
      for number in 1...3 {
        try folder.picture("images/train/\(number).png", width: 40, height: 20, seed: number)
        try folder.write("labels/train/\(number).txt", Self.row)
      }
      try change(folder)
      return try DatasetIndex(try folder.spec(), split: .train).fingerprint
    }
    let plain = try fingerprint { _ in }
    #expect(plain.count == 32)
    #expect(try fingerprint { _ in } == plain)
    // Other pixels are the same set as long as name and size stay.
    #expect(try fingerprint { try $0.picture("images/train/2.png", seed: 9) } == plain)
    #expect(try fingerprint { try $0.write("labels/train/2.txt", Self.row + "\r\n\r\n") } == plain)
    let changes: [(DatasetFolder) throws -> Void] = [
      { try $0.write("labels/train/2.txt", Self.row.replacing("0.3", with: "0.30001")) },
      { try $0.write("labels/train/2.txt", Self.row.dropLast() + "1") },
      { try $0.write("labels/train/3.txt", "") },
      { try $0.picture("images/train/2.png", width: 41) },
      { try $0.picture("images/train/4.png") },
      { folder in
        try FileManager.default.moveItem(
          atPath: folder.path + "/images/train/3.png", toPath: folder.path + "/images/train/4.png")
      },
    ]
    let all = try changes.map(fingerprint)
    #expect(Set(all + [plain]).count == changes.count + 1)
  }

  @Test func `takes the number in a file's name for the image's id`() throws {
    let folder = try DatasetFolder()
    try folder.picture("images/train/000000000139.png")
    try folder.picture("images/train/000000000009.png")
    try folder.write("labels/train/000000000009.txt", Self.row)
    let index = try DatasetIndex(try folder.spec(), split: .train)
    #expect((0..<2).map(index.imageID) == [9, 139])
    try folder.picture("images/train/x.png")
    #expect((0..<3).map(try DatasetIndex(try folder.spec(), split: .train).imageID) == [1, 2, 3])
  }
}
