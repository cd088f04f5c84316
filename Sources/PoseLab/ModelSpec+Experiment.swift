public import Config
public import PoseCore

extension ModelSpec {
  /// Reads what an experiment says under `model`: a name or path, a mapping laid over the file under its `extends`,
  /// or a whole model.
  ///
  /// - Throws: every fault found, also that a file of weights holds no model.
  public init(experiment node: Node, specs: ShippedSpecs = ShippedSpecs()) throws(DiagnosticList) {
    switch node.value {
    case .string(let name):
      try self.init(named: name, at: node.location, specs: specs)
    case .mapping(let entries):
      guard let base = node["extends"] else {
        try self.init(node)
        return
      }
      let name: String
      do throws(Diagnostic) { name = try base.string(named: "extends") } catch {
        throw DiagnosticList([error])
      }
      let changes = entries.filter { $0.key != "extends" }.map {
        Override($0.key, $0.value, at: $0.keyLocation)
      }
      try self.init(named: name, at: base.location, specs: specs, overriding: changes)
    default:
      throw DiagnosticList([
        Diagnostic(
          .error, "'model' must be a name, a path or a mapping, but is \(node.value)", at: node.location)
      ])
    }
  }
}
