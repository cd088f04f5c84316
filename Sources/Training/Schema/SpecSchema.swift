public import Config
public import PoseCore

/// JSON Schemas (draft 2020-12) of the files that PoseLab reads, for editors: they complete names, show help and
/// mark faults.
///
/// Made from what the registry's components declare and from the table of settings, so a plugin's names are in them.
/// Whatever the schema refuses is refused by PoseLab; what needs more than one place to see (shapes, files, cycles)
/// only PoseLab finds.
public enum SpecSchema: String, Sendable, CaseIterable {
  case experiment
  case model
  case dataset
  case ablation

  /// The schema's document.
  public func document(_ registry: Registry) -> Node {
    let builder = SchemaBuilder(registry: registry)
    let body: SchemaValue
    let title: String
    switch self {
    case .experiment: (title, body) = ("PoseLab experiment", builder.experiment)
    case .model: (title, body) = ("PoseLab model", builder.model())
    case .dataset: (title, body) = ("PoseLab data set", DatasetSchema.value)
    case .ablation: (title, body) = ("PoseLab ablation", builder.ablation)
    }
    var entries: [(String, SchemaValue)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .string(title)),
    ]
    if case .mapping(let own) = body { entries += own.map { ($0.key, $0.value.value) } }
    entries.append(("$defs", builder.definitions(of: self)))
    return Node(.object(entries))
  }
}

/// A part of a schema.
typealias SchemaValue = Node.Value

extension Node.Value {
  static func object(_ entries: [(String, Node.Value)]) -> Node.Value {
    .mapping(entries.map { Node.Entry(key: $0.0, value: Node($0.1)) })
  }

  static func list(_ values: [Node.Value]) -> Node.Value { .sequence(values.map { Node($0) }) }

  static func names(_ names: [String]) -> Node.Value { .list(names.map { .string($0) }) }

  static func reference(_ definition: String) -> Node.Value { ["$ref": .string("#/$defs/" + definition)] }

  static func anyOf(_ values: [Node.Value]) -> Node.Value { ["anyOf": .list(values)] }

  /// This part and more keywords.
  func with(_ entries: (String, Node.Value?)...) -> Node.Value {
    guard case .mapping(let own) = self else { return self }
    return .mapping(
      own + entries.compactMap { key, value in value.map { Node.Entry(key: key, value: Node($0)) } })
  }
}
