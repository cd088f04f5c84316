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
  ///   - changes: a mapping laid over the file's; `scale` in it wins over the name's letter.
  /// - Throws: where there is no such file, and every fault in it.
  public init(
    named name: String, at location: SourceLocation? = nil, specs: ShippedSpecs = ShippedSpecs(),
    changes: Node? = nil
  ) throws(DiagnosticList) {
    let document = try Self.document(named: name, at: location, specs: specs, changes: changes)
    try self.init(document.node, scale: document.scale, at: location)
  }

  /// What stands for what in a model's file.
  public static let mergeRules: MergeRules = {
    var rules = MergeRules()
    rules.shorthand = { ["backbone", "neck", "head"].contains($0) ? "type" : nil }
    return rules
  }()

  /// The YAML that a name or path means, not yet decoded, and the scale that the name asks for, if any.
  ///
  /// - Throws: where there is no such file, or it is no YAML.
  public static func document(
    named name: String, at location: SourceLocation? = nil, specs: ShippedSpecs = ShippedSpecs(),
    changes: Node? = nil
  ) throws(DiagnosticList) -> (node: Node, scale: String?) {
    let file = try file(named: name, at: location, specs: specs)
    var node = try SpecLoader(mergeRules).load(file.path)
    if let changes {
      var merger = SpecMerger(mergeRules)
      node = merger.merge(node, changes)
      try merger.faults.throwErrors()
    }
    let isOverridden = changes?["scale"] != nil
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
    let hint = specs.hint(for: parsed.file, or: parsed.family, kind: "models", besideFile: beside)
    throw DiagnosticList([Diagnostic(.error, "no model file '\(parsed.file)'\(hint)", at: location)])
  }
}
