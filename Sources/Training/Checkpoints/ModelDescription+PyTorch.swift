internal import Config
internal import Interchange
internal import PoseCore

extension ModelDescription {
  /// What a checkpoint of the YOLO tools says of its model.
  ///
  /// - Throws: `CheckpointError.otherModel` where it is of another task, or says too little.
  init(_ model: PyTorchModel, path: String) throws(CheckpointError) {
    guard model.className == "PoseModel" else {
      throw .otherModel(path: path, found: "a \(model.className)")
    }
    guard case .dictionary(let entries)? = model.yaml, let shape = model.keypointShape, shape.count == 2,
      (1...10_000).contains(shape[0]), (2...3).contains(shape[1])
    else { throw .otherModel(path: path, found: "a PoseModel without layer list or kpt_shape") }
    // What the reference notes beside the model's own settings.
    let foreign: Set<String> = ["yaml_file", "channels", "ch", "kpt_shape"]
    var settings: [Node.Entry] = []
    var places: [String: Int] = [:]
    for entry in entries {
      guard let key = entry.key.string, !foreign.contains(key) else { continue }
      let setting = Node.Entry(key: key, value: .plain(entry.value))
      if let place = places[key] {
        settings[place] = setting
      } else {
        places[key] = settings.count
        settings.append(setting)
      }
    }
    settings.append(Node.Entry(key: "kpt_shape", value: .plain(.list(shape.map { .int($0) }))))
    let classes = model.yaml?["nc"]?.int ?? max(1, model.classNames.count)
    self.init(
      spec: YAMLWriter().text(Node(.mapping(settings))), skeleton: Self.skeleton(model, shape),
      classNames: (0..<min(max(classes, 1), 10_000)).map { model.classNames[$0] ?? "class \($0)" },
      imageSize: Self.imageSize(model.arguments?["imgsz"]))
  }

  private static func imageSize(_ value: PythonValue?) -> Int {
    let size = value?.int ?? value?.list?.compactMap(\.int).max() ?? 640
    return (32...16_384).contains(size) ? size : 640
  }

  /// COCO's for 17 keypoints, unless they have other names.
  private static func skeleton(_ model: PyTorchModel, _ shape: [Int]) -> Skeleton {
    let coco = Skeleton.cocoPerson
    let names = model.keypointNames.count == shape[0] ? model.keypointNames : []
    if shape == [coco.keypointCount, coco.dimensions], names.isEmpty || names == coco.names { return coco }
    return Skeleton(
      keypointCount: shape[0], dimensions: shape[1], names: names, flipIndices: nil, limbs: [],
      sigmas: Array(repeating: 1 / Float(shape[0]), count: shape[0]), sigmaSource: .uniform)
  }
}

extension Node {
  /// Plain data as a spec writes it; keys that are no text are left out.
  fileprivate static func plain(_ value: PythonValue) -> Node {
    let converted: Node.Value
    switch value {
    case .none: converted = .null
    case .bool(let flag): converted = .bool(flag)
    case .int(let number): converted = .int(number)
    case .float(let number): converted = .float(number)
    // The layer lists of the YOLO family write None as text.
    case .string(let text): converted = text == "None" ? .null : .string(text)
    case .list(let elements): converted = .sequence(elements.map(plain))
    case .dictionary(let entries):
      converted = .mapping(
        entries.compactMap { entry in
          entry.key.string.map { Node.Entry(key: $0, value: plain(entry.value)) }
        })
    }
    return Node(converted)
  }
}
