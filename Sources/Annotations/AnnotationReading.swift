internal import Config
internal import Data
internal import Foundation

/// Finds out which form annotations have, and reads them.
struct AnnotationReading {
  let options: AnnotationConversion.Options

  func read(
    _ path: String, losses: inout ConversionLosses
  ) throws -> (AnnotationConversion.Format, [AnnotationSplit]) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw AnnotationError(path, "there is no such file or folder")
    }
    if isFolder.boolValue { return try read(folder: path, &losses) }
    let folder = (path as NSString).deletingLastPathComponent
    let folders = options.folders + [folder.isEmpty ? "." : folder]
    switch (path as NSString).pathExtension.lowercased() {
    case "yaml", "yml": return try read(dataset: path, &losses)
    case "xml": return (.cvat, [split(try CVATFile.read(path, folders: folders, losses: &losses))])
    case "json":
      if try LabelmeFile.isOne(path) {
        return (.labelme, [split(try labelme([path], root: folder, &losses))])
      }
      return (.coco, [split(try COCOAnnotationFile.read(path, folders: folders))])
    default:
      throw AnnotationError(
        path,
        "is no known form; there are data set YAML files, COCO and Labelme JSON, CVAT XML, and folders of these"
      )
    }
  }

  private func split(_ set: AnnotationSet) -> AnnotationSplit {
    AnnotationSplit(name: (options.split ?? .train).rawValue, set: set)
  }

  private func read(
    folder: String, _ losses: inout ConversionLosses
  ) throws -> (AnnotationConversion.Format, [AnnotationSplit]) {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    if names.contains("data.yaml") { return try read(dataset: folder + "/data.yaml", &losses) }
    if names.contains("annotations.xml") {
      let folders = options.folders + [folder, folder + "/images"]
      return (
        .cvat, [split(try CVATFile.read(folder + "/annotations.xml", folders: folders, losses: &losses))]
      )
    }
    let files = try names.filter { try $0.hasSuffix(".json") && LabelmeFile.isOne(folder + "/" + $0) }
    guard !files.isEmpty else {
      throw AnnotationError(folder, "holds neither data.yaml nor annotations.xml nor JSON files of Labelme")
    }
    // Folders as this program writes them for splits.
    let tops = Set(files.map { String($0.prefix { $0 != "/" }) })
    let splits = DatasetSplit.allCases.filter { tops.contains($0.rawValue) }
    if splits.count == tops.count {
      let wanted = options.split.map { one in splits.filter { $0 == one } } ?? splits
      if wanted.isEmpty { throw AnnotationError(folder, "has no split '\(options.split?.rawValue ?? "")'") }
      return (
        .labelme,
        try wanted.map { one in
          let own = files.filter { $0.hasPrefix(one.rawValue + "/") }.map { folder + "/" + $0 }
          return AnnotationSplit(
            name: one.rawValue, set: try labelme(own, root: folder + "/" + one.rawValue, &losses))
        }
      )
    }
    return (.labelme, [split(try labelme(files.map { folder + "/" + $0 }, root: folder, &losses))])
  }

  private func labelme(
    _ files: [String], root: String, _ losses: inout ConversionLosses
  ) throws -> AnnotationSet {
    var reader = LabelmeReader(keypointNames: options.keypointNames)
    return try reader.read(files, root: root, folders: options.folders, losses: &losses)
  }

  private func read(
    dataset path: String, _ losses: inout ConversionLosses
  ) throws -> (AnnotationConversion.Format, [AnnotationSplit]) {
    let spec = try DatasetSpec(contentsOf: path)
    if let labels = spec.labels, labels.name != "yolo", labels.name != "coco" {
      throw AnnotationError(
        path, "labels of the form '\(labels.name)' can be trained on, but not be converted")
    }
    let splits = options.split.map { [$0] } ?? DatasetSplit.allCases.filter { spec.splits[$0] != nil }
    var isCOCO = false
    let read = try splits.map { split in
      let source = try spec.source(of: split)
      guard let annotations = source.annotations else {
        return AnnotationSplit(
          name: split.rawValue,
          set: try YOLOTextFile.read(spec, split, skipsBadRows: options.skipsBadRows, losses: &losses))
      }
      isCOCO = true
      let folders = source.images.map(\.path) + options.folders
      return AnnotationSplit(
        name: split.rawValue, set: try COCOAnnotationFile.read(annotations.path, folders: folders))
    }
    return (isCOCO ? .coco : .yolo, read)
  }
}
