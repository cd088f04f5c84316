internal import Config
internal import PoseCore

/// Turns the YAML document of a data set into its spec.
struct DatasetSpecReader {
  private var reader: MappingReader
  private let file: String
  private var root = ""

  static func read(_ document: Document) throws(DiagnosticList) -> DatasetSpec {
    var reader = DatasetSpecReader(document)
    return try reader.spec()
  }

  private init(_ document: Document) {
    reader = MappingReader(document.root, of: "the data set")
    file = document.source.name
  }

  private mutating func spec() throws(DiagnosticList) -> DatasetSpec {
    try reader.faults.throwErrors()
    root = SpecPath.resolve(reader.optionalString("path") ?? ".", besideFile: file)
    let splits = readSplits()
    let labels = reader.read("labels", default: ComponentSpec?.none) {
      $0.isNull ? nil : try ComponentSpec($0, named: "labels")
    }
    let classNames = readClassNames()
    let keypoints = readKeypoints()
    noteDownload()
    reader.allow(DatasetSpec.ignoredKeys)
    reader.allowNotes()
    try reader.finish()
    return DatasetSpec(
      file: file, root: root, splits: splits, labels: labels, classNames: classNames,
      skeleton: keypoints.skeleton, warnings: reader.faults.diagnostics,
      flipSuspicions: keypoints.suspicions, flipWarning: keypoints.flipWarning)
  }

  private mutating func noteDownload() {
    guard let node = reader.node("download"), !node.isNull else { return }
    reader.report(
      "the 'download' entry is not run: code and addresses in data files are never executed here;"
        + " fetch the data yourself if they are missing", at: "download", severity: .warning)
  }

  // Splits

  private mutating func readSplits() -> [DatasetSplit: SplitSource] {
    var splits: [DatasetSplit: SplitSource] = [:]
    let annotations = readAnnotations()
    for split in DatasetSplit.allCases {
      var node = reader.node(split.rawValue)
      if split == .val, let other = reader.node("validation") {
        if node == nil {
          node = other
          reader.report("'validation' is taken for 'val'", at: "validation", severity: .warning)
        } else {
          reader.report("there is 'val', too; keep one of the two", at: "validation")
        }
      }
      let places = places(node, named: split.rawValue)
      if places.isEmpty && annotations[split] == nil { continue }
      let folder = SplitSource.Place(path: root, location: annotations[split]?.location)
      splits[split] = SplitSource(
        images: places.isEmpty ? [folder] : places, annotations: annotations[split])
    }
    if splits.isEmpty && !DatasetSplit.allCases.contains(where: { reader.has($0.rawValue) }) {
      reader.faults.append(
        Diagnostic(
          .error, "the data set names no images; give 'train' and 'val' a folder or a list file each",
          at: reader.location))
    }
    return splits
  }

  private mutating func places(_ node: Node?, named name: String) -> [SplitSource.Place] {
    guard let node, !node.isNull else { return [] }
    let texts: [(Node, String)] =
      reader.collect {
        if case .sequence = node.value {
          return try node.list(named: name, count: 1...Int.max) { node, name throws(Diagnostic) in
            (node, try node.string(named: name))
          }
        }
        return [(node, try node.string(named: name))]
      } ?? []
    return texts.map { node, text in
      SplitSource.Place(
        path: underRoot(text),
        alternative: text.hasPrefix("../") ? underRoot(String(text.dropFirst(3))) : nil,
        location: node.location)
    }
  }

  private func underRoot(_ path: String) -> String {
    SpecPath.resolve(path, besideFile: root.hasSuffix("/") ? root : root + "/")
  }

  private mutating func readAnnotations() -> [DatasetSplit: SplitSource.Place] {
    let reading = reader.optionalSection("annotations") { section in
      var places: [DatasetSplit: SplitSource.Place] = [:]
      for split in DatasetSplit.allCases {
        guard let path = section.optionalString(split.rawValue) else { continue }
        let location = section.entries.first { $0.key == split.rawValue }?.value.location
        places[split] = SplitSource.Place(path: path, location: location)
      }
      return places
    }
    return (reading ?? [:]).mapValues { SplitSource.Place(path: underRoot($0.path), location: $0.location) }
  }

  // Classes

  private mutating func readClassNames() -> [String] {
    let stated = reader.optionalInt("nc", in: 1...100_000)
    if let channels = reader.optionalInt("channels", in: 1...10_000), channels != 3 {
      reader.report("images are read in colour: 'channels' must be 3, but is \(channels)", at: "channels")
    }
    guard let node = reader.node("names"), !node.isNull else {
      if stated == nil, !reader.has("nc") {
        reader.faults.append(
          Diagnostic(
            .error, "the data set needs 'names' (class names) or 'nc' (their number)", at: reader.location))
      }
      return (0..<(stated ?? 1)).map { "class_\($0)" }
    }
    let names = reader.collect { try NameList.read(node, named: "names") } ?? []
    if let stated, !names.isEmpty, stated != names.count {
      reader.report("'nc' is \(stated), but 'names' lists \(names.count) classes", at: "nc")
    }
    return names
  }

  // Keypoints

  private mutating func readKeypoints() -> KeypointReader.Reading {
    var keypoints = KeypointReader(count: 1, dimensions: 3)
    if let shape = reader.read(required: "kpt_shape", { try $0.intList(named: "kpt_shape", count: 2...2) }) {
      if shape[0] < 1 || shape[0] > 1000 || !(2...3).contains(shape[1]) {
        reader.report(
          "'kpt_shape' must be [number of keypoints, 2 or 3], but is [\(shape[0]), \(shape[1])]",
          at: "kpt_shape")
      } else {
        keypoints = KeypointReader(count: shape[0], dimensions: shape[1])
      }
    }
    return keypoints.read(&reader)
  }
}

extension DatasetSpec {
  /// Other tasks' keys, and what dataset pages put beside the data: accepted, and not read.
  package static let ignoredKeys = [
    "minival", "license", "licence", "author", "authors", "version", "date", "description", "url", "docs",
    "info", "source", "citation", "roboflow", "format", "task", "yaml_file", "label_mapping", "masks_dir",
    "depth_scale", "max_depth", "map",
  ]
}
