public import Config
internal import Tensor

extension ModelSpec {
  /// Most classes or keypoints of a model.
  static let maximumCount = 10_000

  /// Decodes a model's YAML.
  ///
  /// - Parameters:
  ///   - scaleName: the scale that is wanted, say from the file's name; nil takes the one under `scale`, or else
  ///     the first of `scales`.
  ///   - scaleLocation: where that scale is asked for.
  /// - Throws: every fault of the document.
  public init(
    _ node: Node, scale scaleName: String? = nil, at scaleLocation: SourceLocation? = nil
  ) throws(DiagnosticList) {
    var reader = MappingReader(node, of: "the model")
    try reader.faults.throwErrors()
    reader.allowNotes()
    let classes = reader.optionalInt("nc", in: 1...Self.maximumCount)
    let shape = reader.optionalIntList("kpt_shape", count: 2...2, each: 1...Self.maximumCount)
    if let shape, !(2...3).contains(shape[1]) {
      reader.report(
        "'kpt_shape' must be [keypoints, 2] or [keypoints, 3], but its second number is \(shape[1])",
        at: "kpt_shape")
    }
    let regMax = reader.optionalInt("reg_max", in: 1...64)
    let isEndToEnd = reader.optionalBool("end2end")
    let activation = reader.read("activation", default: nil) {
      $0.isNull ? nil : try Activation(modelKey: $0)
    }
    let scales = reader.dictionary("scales") { name, node in try Self.scale(named: name, node) }.map(\.value)
    let scale = Self.chosenScale(scaleName, at: scaleLocation, among: scales, &reader)

    let backbone = reader.read(required: "backbone") { try PartSpec($0, named: "backbone") }
    let neck = reader.read("neck", default: nil) { $0.isNull ? nil : try PartSpec($0, named: "neck") }
    let head = reader.read(required: "head") { try PartSpec($0, named: "head") }
    try reader.finish()
    guard let backbone, let head else { throw reader.faults }
    self.init(
      classCount: classes, keypointShape: shape.map { KeypointShape(count: $0[0], dimensions: $0[1]) },
      regMax: regMax, isEndToEnd: isEndToEnd, activation: activation, scale: scale, scales: scales,
      backbone: backbone, neck: neck, head: head, document: node)
  }

  /// `[depth, width, most channels]` or the same by name.
  private static func scale(named name: String, _ node: Node) throws -> ModelScale {
    if case .mapping = node.value {
      var reader = MappingReader(node, of: "scale '\(name)'")
      let scale = ModelScale(
        name: name, depth: reader.float("depth", in: depths), width: reader.float("width", in: widths),
        maximumChannels: reader.int("max_channels", in: channels, default: .max))
      try reader.finish()
      return scale
    }
    let parts = try node.list(named: "scales.\(name)", count: 3...3)
    return ModelScale(
      name: name, depth: try parts[0].float(named: "depth", in: depths),
      width: try parts[1].float(named: "width", in: widths),
      maximumChannels: try parts[2].int(named: "max_channels", in: channels))
  }

  private static let depths = ClosedRange.above(0).clamped(to: 0...16)
  private static let widths = ClosedRange.above(0).clamped(to: 0...16)
  private static let channels = 1...LayerContext.maximumChannels

  /// `scale` with `scales`, or the older `depth_multiple` and `width_multiple`.
  private static func chosenScale(
    _ wanted: String?, at location: SourceLocation?, among scales: [ModelScale],
    _ reader: inout MappingReader
  ) -> ModelScale {
    let depth = reader.optionalFloat("depth_multiple", in: depths)
    let width = reader.optionalFloat("width_multiple", in: widths)
    let written = reader.optionalString("scale")
    guard let name = wanted ?? written else {
      return scales.first
        ?? ModelScale(name: "", depth: depth ?? 1, width: width ?? 1, maximumChannels: .max)
    }
    if let scale = scales.first(where: { $0.name == name }) { return scale }
    // A scale that is there but faulty has been reported.
    if reader.node("scales")?[name] != nil { return .full }
    let known = scales.map(\.name).joined(separator: ", ")
    let message =
      scales.isEmpty
      ? "no scale '\(name)': this model has no scales"
      : "no scale '\(name)' in this model; known: \(known)"
    let place = (wanted == nil ? reader.node("scale") : reader.node("scales"))?.location
    reader.faults.append(
      Diagnostic(.error, message, at: (wanted == nil ? nil : location) ?? place ?? reader.location))
    return .full
  }
}
