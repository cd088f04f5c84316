public import Config

extension ModelSpec {
  /// Reads the model that a name or path means.
  ///
  /// `yolo11n-pose.yaml` (or `yolo11n-pose`) is the file of that name where there is one, else `yolo11-pose.yaml` at
  /// scale n. `extends` is followed.
  ///
  /// - Parameters:
  ///   - location: where the name is written; faults of finding it point here.
  ///   - specs: where shipped files are looked for.
  ///   - overrides: values laid over the file's; `scale` among them wins over the name's letter.
  /// - Throws: where there is no such file, and every fault in it.
  public init(
    named name: String, at location: SourceLocation? = nil, specs: ShippedSpecs = ShippedSpecs(),
    overriding overrides: [Override] = []
  ) throws(DiagnosticList) {
    let document = try Self.document(named: name, at: location, specs: specs, overriding: overrides)
    try self.init(document.node, scale: document.scale)
  }

  /// The YAML that a name or path means, not yet decoded, and the scale that the name asks for, if any.
  ///
  /// - Throws: where there is no such file, or it is no YAML.
  public static func document(
    named name: String, at location: SourceLocation? = nil, specs: ShippedSpecs = ShippedSpecs(),
    overriding overrides: [Override] = []
  ) throws(DiagnosticList) -> (node: Node, scale: String?) {
    let file = try file(named: name, at: location, specs: specs)
    let node = try SpecLoader().load(file.path, overriding: overrides)
    let isOverridden = overrides.contains { $0.path == ["scale"] }
    // The letter of a file that bears the whole name counts only where it is a scale of that file.
    let isKnown = node["scales"]?[file.scale ?? ""] != nil
    let letter = file.isFamily || isKnown ? file.scale : nil
    return (node, isOverridden ? nil : letter)
  }

  private static func file(
    named name: String, at location: SourceLocation?, specs: ShippedSpecs
  ) throws(DiagnosticList) -> (path: String, scale: String?, isFamily: Bool) {
    let parsed = ModelName(name)
    let beside = location?.file
    if let path = specs.find(parsed.file, kind: "models", besideFile: beside) {
      return (path, parsed.scale, false)
    }
    if let family = parsed.family, let path = specs.find(family, kind: "models", besideFile: beside) {
      return (path, parsed.scale, true)
    }
    let known = specs.names(kind: "models")
    var hint = suggestion(for: parsed.family ?? parsed.file, among: known)
    if hint.isEmpty, !known.isEmpty { hint = "; PoseLab brings \(known.joined(separator: ", "))" }
    throw DiagnosticList([Diagnostic(.error, "no model file '\(parsed.file)'\(hint)", at: location)])
  }
}
