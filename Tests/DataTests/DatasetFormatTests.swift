import Config
import Data
import Foundation
import Imaging
import PoseCore
import Testing

@Suite struct `Forms of labels` {
  private static let pixelYAML = DatasetFolder.plainYAML + "annotations: {train: points.csv}\n"

  private func index(
    _ folder: DatasetFolder, _ yaml: String, options: IndexOptions = IndexOptions(),
    plugins: any Plugin.Type...
  ) throws -> DatasetIndex {
    var registry = Registry()
    for plugin in [StandardDatasets.self] + plugins { try registry.install(plugin) }
    return try withExtendedLifetime(folder) {
      try DatasetIndex(
        try folder.spec(yaml), split: .train, options: options, formats: registry.datasets)
    }
  }

  private func pictures() throws -> DatasetFolder {
    let folder = try DatasetFolder()
    try folder.picture("images/train/a.png", width: 40, height: 20)
    try folder.picture("images/train/b.png", width: 30, height: 50)
    return folder
  }

  @Test func `come from plugins like any component`() throws {
    let folder = try pictures()
    try folder.write(
      "points.csv", "b.png,1,10,20,5,8,11,21,13,22.5\na.png,0,1,2,30,15,3,4,20,10\na.png,1,0,0,9,9,1,1,2,2\n")
    for labels in ["pixel_csv", "{type: pixel_csv, visibility: 2}"] {
      let index = try index(folder, Self.pixelYAML + "labels: \(labels)\n", plugins: PixelLabels.self)
      #expect(index.paths.map(folder.relative) == ["images/train/a.png", "images/train/b.png"])
      #expect(index.report.objects == 3)
      let truths = index.groundTruths(of: 0)
      #expect(truths.map(\.id) == [1, 2])
      #expect(truths.map(\.area) == [450, 81])
      #expect(truths[0].instance.box == Box(x1: 1, y1: 2, x2: 31, y2: 17))
      #expect(
        index.groundTruths(of: 1)[0].instance
          == Instance(
            classIndex: 1, box: Box(x1: 10, y1: 20, x2: 15, y2: 28),
            keypoints: [
              Keypoint(x: 11, y: 21, visibility: .visible), Keypoint(x: 13, y: 22.5, visibility: .visible),
            ]))
    }
    let hidden = try index(
      folder, Self.pixelYAML + "labels: {type: pixel_csv, visibility: 1}\n", plugins: PixelLabels.self)
    #expect(hidden.groundTruths(of: 0)[0].instance.keypoints[1].visibility == .hidden)
  }

  @Test func `are recognised where none is named`() throws {
    let folder = try pictures()
    try folder.write("points.csv", "a.png,0,1,2,30,15,3,4,20,10\n")
    #expect(try index(folder, Self.pixelYAML, plugins: PixelLabels.self).report.objects == 1)
    // Without the plugin it can only be COCO's.
    #expect(
      folder.message { _ = try index(folder, Self.pixelYAML) }.contains("points.csv"))
    let message = folder.message {
      _ = try index(folder, Self.pixelYAML, plugins: PixelLabels.self, OtherPixelLabels.self)
    }
    #expect(
      message.contains(
        "the labels may be of the form 'other_csv' or 'pixel_csv'; name one, as labels: pixel_csv"))
  }

  @Test func `that are not there get the nearest name`() throws {
    let folder = try pictures()
    let message = folder.message { _ = try index(folder, DatasetFolder.plainYAML + "labels: cocoo\n") }
    #expect(message.contains("data.yaml:7:9: error: no dataset named 'cocoo'; did you mean 'coco'?"))
    let missing = folder.message { _ = try index(folder, DatasetFolder.plainYAML + "labels: coco\n") }
    #expect(missing.contains("labels of the form 'coco' are in a file of their own; name it: annotations:"))
  }

  @Test func `can leave nothing in the index that does not fit the data set`() throws {
    let folder = try pictures()
    let rows = [
      "a.png,0,1,2,30,15,3,4,20,10", "a.png,5,1,2,30,15,3,4,20,10", "a.png,0,1,2,30,15,3,4",
      "b.png,1,1,2,inf,15,3,4,20,10", "b.png,1,1,2,3,15,3,4,20,10",
    ]
    try folder.write("points.csv", rows.joined(separator: "\n"))
    let message = folder.message { _ = try self.index(folder, Self.pixelYAML, plugins: PixelLabels.self) }
    #expect(message.contains("the labels of 'images/train/a.png': there is no class 5: classes are 0 to 1"))
    #expect(message.contains("an object has 1 keypoints, but 'kpt_shape' says 2"))
    #expect(message.contains("the labels of 'images/train/b.png': an object has a number that is infinite"))
    #expect(message.contains("3 bad label rows in 2 files"))
    let index = try index(
      folder, Self.pixelYAML, options: IndexOptions(badLabels: .skip), plugins: PixelLabels.self)
    #expect(index.report.badRows == 3 && index.report.objects == 2)
  }

  @Test(arguments: StandardDatasets.table.listing)
  func `that are shipped say what they are`(one: ComponentListing) {
    #expect(one.kind == "dataset" && one.plugin == "Data" && !one.summary.isEmpty)
  }

  @Test func `may be named although they would be recognised`() throws {
    let folder = try pictures()
    try folder.write("labels/train/a.txt", "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0")
    #expect(try index(folder, DatasetFolder.plainYAML + "labels: yolo\n").report.objects == 1)
    #expect(
      try index(folder, DatasetFolder.plainYAML + "labels: yolo\n").fingerprint
        == index(folder, DatasetFolder.plainYAML).fingerprint)
  }
}

/// Labels in a table: picture, class, left, top, width, height and the points, all in pixels.
private struct PixelLabelFormat: DatasetFormat {
  var visibility: Visibility

  static func component(_ name: String) -> Component<Void, any DatasetFormat> {
    Component(
      name, summary: "a table in pixels",
      parameters: [.init("visibility", .int(0...2), default: 2, help: "of all keypoints")]
    ) { arguments, _ in
      let raw = UInt8(try arguments.int("visibility"))
      return PixelLabelFormat(visibility: Visibility(rawValue: raw) ?? .visible)
    }
  }

  func recognition(of source: SplitSource) -> DatasetRecognition {
    source.annotations?.path.hasSuffix(".csv") == true ? .yes : .no
  }

  func open(
    _ source: SplitSource, of spec: DatasetSpec, options: IndexOptions
  ) throws -> any LabelledSplit {
    let path = try #require(source.annotations?.path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var objects: [String: [LabelledObject]] = [:]
    for row in text.split(separator: "\n") {
      let fields = row.split(separator: ",").map(String.init)
      let numbers = fields.dropFirst().map { Float($0) ?? .nan }
      let points = stride(from: 5, to: numbers.count, by: 2).map {
        Keypoint(x: numbers[$0], y: numbers[$0 + 1], visibility: visibility)
      }
      let box = Box(
        x1: numbers[1], y1: numbers[2], x2: numbers[1] + numbers[3], y2: numbers[2] + numbers[4])
      objects[fields[0], default: []].append(
        LabelledObject(instance: Instance(classIndex: Int(numbers[0]), box: box, keypoints: points)))
    }
    let paths = try source.imagePaths()
    return PixelLabelledSplit(
      images: paths.map { ImageEntry(path: $0) },
      objects: paths.map { objects[($0 as NSString).lastPathComponent] ?? [] })
  }
}

private struct PixelLabelledSplit: LabelledSplit {
  var images: [ImageEntry]
  var objects: [[LabelledObject]]

  func labels(of image: Int, size: ImageSize) -> ImageLabels { ImageLabels(objects: objects[image]) }
}

private enum PixelLabels: Plugin {
  static let name = "PixelLabels"

  static func register(in registry: inout Registry) throws {
    try registry.datasets.register(PixelLabelFormat.component("pixel_csv"))
  }
}

private enum OtherPixelLabels: Plugin {
  static let name = "OtherPixelLabels"

  static func register(in registry: inout Registry) throws {
    try registry.datasets.register(PixelLabelFormat.component("other_csv"))
  }
}
