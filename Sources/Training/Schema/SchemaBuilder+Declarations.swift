internal import Config
internal import PoseCore

extension ParameterDeclaration {
  /// What the value may be, with help and default.
  ///
  /// - Parameter symbols: words that recipes have for values.
  func schema(symbols: [String] = []) -> SchemaValue {
    var alternatives = [kind.schema]
    if acceptsNull, kind != .any { alternatives.append(["enum": [.null, "None"]]) }
    if !symbols.isEmpty, kind != .any { alternatives.append(["enum": .names(symbols)]) }
    let value = alternatives.count == 1 ? alternatives[0] : .anyOf(alternatives)
    var text = help
    let range = kind.description
    if kind != .any { text += " (\(range))" }
    return value.with(("description", .string(text)), ("default", defaultValue))
  }
}

extension ParameterDeclaration.Kind {
  /// The type and its limits.
  var schema: SchemaValue {
    switch self {
    case .bool: ["type": "boolean"]
    case .int(let range): range.schema
    case .float(let range): range.schema
    case .string(let choices): choices.isEmpty ? ["type": "string"] : ["enum": .names(choices)]
    case .boolList(let count): Self.list(count, of: ["type": "boolean"])
    case .intList(let count, let range): Self.list(count, of: range.schema)
    case .floatList(let count, let range): Self.list(count, of: range.schema)
    case .stringList(let count, let choices):
      Self.list(count, of: choices.isEmpty ? ["type": "string"] : ["enum": .names(choices)])
    case .component(let kind): .reference("changed.\(kind)")
    case .any: [:]
    }
  }

  static func list(_ count: ClosedRange<Int>, of element: SchemaValue) -> SchemaValue {
    SchemaValue.object([("type", "array"), ("items", element)]).with(
      ("minItems", count.lowerBound > 0 ? .int(count.lowerBound) : nil),
      ("maxItems", count.upperBound < .max ? .int(count.upperBound) : nil))
  }
}

extension ClosedRange where Bound == Int {
  var schema: SchemaValue {
    SchemaValue.object([("type", "integer")]).with(
      ("minimum", lowerBound > .min ? .int(lowerBound) : nil),
      ("maximum", upperBound < .max ? .int(upperBound) : nil))
  }
}

extension ClosedRange where Bound == Double {
  var schema: SchemaValue {
    let largest = Double.greatestFiniteMagnitude
    return SchemaValue.object([("type", "number")]).with(
      exclusiveLowerBound.map { ("exclusiveMinimum", .float($0)) }
        ?? ("minimum", lowerBound > -largest ? .float(lowerBound) : nil),
      exclusiveUpperBound.map { ("exclusiveMaximum", .float($0)) }
        ?? ("maximum", upperBound < largest ? .float(upperBound) : nil))
  }
}
