internal import PoseCore

extension ONNXMetadata {
  /// Limits of what is believed.
  private static let maximumCount = 10_000

  /// Reads a file's entries, those of the YOLO tools included.
  ///
  /// - Parameters:
  ///   - path: for errors.
  ///   - outputChannels: axis 1 of the output, where it is known; 56 stands for COCO's people where nothing else is said.
  /// - Throws: what is missing, or of another kind of model.
  package init(entries: [String: String], path: String, outputChannels: Int?) throws(ONNXFileError) {
    func fail(_ problem: String) -> ONNXFileError { ONNXFileError(file: path, reason: problem) }
    func literal(_ key: String) -> PythonLiteral? { entries[key].flatMap { PythonLiteral($0) } }
    if let task = entries["task"], task != "pose" {
      throw fail("holds a model for the task '\(printable(task))', not for poses")
    }
    let isBare = entries["kpt_shape"] == nil && entries["names"] == nil
    let isCOCO = isBare && outputChannels == 56
    guard let shape = isCOCO ? [17, 3] : literal("kpt_shape")?.ints, shape.count == 2,
      (1...Self.maximumCount).contains(shape[0]), (2...3).contains(shape[1])
    else {
      throw fail(
        "does not say how many keypoints it finds: there is no metadata entry 'kpt_shape' like [17, 3];"
          + " export it again as a pose model")
    }
    let names = isCOCO ? ["person"] : Self.names(literal("names"))
    guard let names, !names.isEmpty, names.count <= Self.maximumCount else {
      throw fail("does not say which classes it knows: there is no metadata entry 'names' like {0: 'person'}")
    }
    let size = literal("imgsz")
    let sides = (size?.ints ?? size?.int.map { [$0, $0] } ?? [640, 640]).filter { (1...16_384).contains($0) }
    let stride = literal("stride")?.int ?? 32
    guard (1...1024).contains(stride) else { throw fail("gives a stride of \(stride)") }
    self.init(
      summary: entries["description"] ?? "", date: entries["date"] ?? "", version: entries["version"] ?? "",
      stride: stride, head: entries["head"] ?? "", batch: max(1, literal("batch")?.int ?? 1),
      height: sides.first ?? 640, width: sides.last ?? 640, classNames: names,
      skeleton: Self.skeleton(entries, shape, literal), isEndToEnd: literal("end2end") == .bool(true),
      arguments: Self.arguments(literal("args")))
  }

  /// Whether the graph itself drops overlapping boxes.
  var hasSuppression: Bool { isEndToEnd || arguments.contains { $0.name == "nms" && $0.value == "True" } }

  private static func arguments(_ literal: PythonLiteral?) -> [(name: String, value: String)] {
    guard case .dictionary(let entries)? = literal else { return [] }
    return entries.compactMap { entry in entry.key.string.map { ($0, entry.value.text) } }
  }

  /// By class number, or as a plain list.
  private static func names(_ literal: PythonLiteral?) -> [String]? {
    switch literal {
    case .list(let elements)?: return elements.map { $0.string ?? $0.text }
    case .dictionary(let entries)?:
      var names: [Int: String] = [:]
      for entry in entries {
        guard let index = entry.key.int, (0..<maximumCount).contains(index) else { return nil }
        names[index] = entry.value.string ?? entry.value.text
      }
      return (0..<((names.keys.max() ?? -1) + 1)).map { names[$0] ?? "class \($0)" }
    default: return nil
    }
  }

  private static func skeleton(
    _ entries: [String: String], _ shape: [Int], _ literal: (String) -> PythonLiteral?
  ) -> Skeleton {
    let (count, dimensions) = (shape[0], shape[1])
    var names: [String] = []
    if case .dictionary(let classes)? = literal("kpt_names"), let first = classes.first?.value.list {
      names = first.compactMap(\.string)
    }
    if names.count != count { names = [] }
    let coco = Skeleton.cocoPerson
    let isOurs = entries["flip_idx"] != nil || entries["skeleton"] != nil || entries["kpt_oks_sigmas"] != nil
    if !isOurs, shape == [coco.keypointCount, coco.dimensions], names.isEmpty || names == coco.names {
      return coco
    }
    let indices = 0..<count
    let flips = literal("flip_idx")?.ints.flatMap { Set($0) == Set(indices) && $0.count == count ? $0 : nil }
    let limbs = (literal("skeleton")?.list ?? []).compactMap { limb -> (Int, Int)? in
      guard let ends = limb.ints, ends.count == 2, ends.allSatisfy(indices.contains) else { return nil }
      return (ends[0], ends[1])
    }
    let sigmas = (literal("kpt_oks_sigmas")?.list ?? []).compactMap(\.double).map { Float($0) }
    let hasSigmas = sigmas.count == count && sigmas.allSatisfy { $0 > 0 && $0.isFinite }
    let isCOCO = shape == [coco.keypointCount, coco.dimensions] && sigmas == coco.sigmas
    return Skeleton(
      keypointCount: count, dimensions: dimensions, names: names, flipIndices: flips, limbs: limbs,
      sigmas: hasSigmas ? sigmas : Array(repeating: 1 / Float(count), count: count),
      sigmaSource: isCOCO ? .coco : hasSigmas ? .dataset : .uniform)
  }
}
