import Config

/// The part of JSON Schema (draft 2020-12) that our schemas use, for the tests.
struct SchemaValidator {
  let schema: Node

  /// Whether the document follows the schema.
  func accepts(_ document: Node) -> Bool { accepts(document, schema) }

  /// Keywords that this knows; a schema with others would be checked in part only.
  static let keywords: Set<String> = [
    "$schema", "$ref", "$defs", "title", "description", "default", "deprecated", "type", "enum", "anyOf",
    "allOf",
    "if", "then", "properties", "additionalProperties", "patternProperties", "propertyNames", "required",
    "items",
    "prefixItems", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "minProperties", "maxProperties", "pattern",
  ]

  private func accepts(_ value: Node, _ schema: Node) -> Bool {
    if case .bool(let answer) = schema.value { return answer }
    guard case .mapping(let entries) = schema.value else { return false }
    return entries.allSatisfy { holds($0.key, $0.value, value, schema) }
  }

  private func holds(_ keyword: String, _ argument: Node, _ value: Node, _ schema: Node) -> Bool {
    switch keyword {
    case "$ref":
      guard case .string(let path) = argument.value, let target = definition(path) else { return false }
      return accepts(value, target)
    case "type": return list(argument.value, else: [argument]).contains { isType($0, value) }
    case "enum": return list(argument.value).contains { $0 == value }
    case "anyOf": return list(argument.value).contains { accepts(value, $0) }
    case "allOf": return list(argument.value).allSatisfy { accepts(value, $0) }
    case "if": return !accepts(value, argument) || schema["then"].map { accepts(value, $0) } ?? true
    case "pattern": return matches(value, argument)
    default:
      return holdsForContainer(keyword, argument, value, schema) && holdsForNumber(keyword, argument, value)
    }
  }

  private func holdsForNumber(_ keyword: String, _ argument: Node, _ value: Node) -> Bool {
    guard let number = self.number(value), let limit = self.number(argument) else { return true }
    return switch keyword {
    case "minimum": number >= limit
    case "maximum": number <= limit
    case "exclusiveMinimum": number > limit
    case "exclusiveMaximum": number < limit
    default: true
    }
  }

  private func holdsForContainer(_ keyword: String, _ argument: Node, _ value: Node, _ schema: Node) -> Bool {
    switch value.value {
    case .mapping(let entries):
      switch keyword {
      case "properties":
        return entries.allSatisfy { entry in argument[entry.key].map { accepts(entry.value, $0) } ?? true }
      case "additionalProperties":
        return entries.allSatisfy { entry in
          if schema["properties"]?[entry.key] != nil { return true }
          if !patterns(schema, of: entry.key).isEmpty { return true }
          return accepts(entry.value, argument)
        }
      case "patternProperties":
        return entries.allSatisfy { entry in
          patterns(schema, of: entry.key).allSatisfy { accepts(entry.value, $0) }
        }
      case "propertyNames": return entries.allSatisfy { accepts(Node(.string($0.key)), argument) }
      case "required":
        return list(argument.value).allSatisfy { name in entries.contains { .string($0.key) == name.value } }
      case "minProperties": return entries.count >= Int(number(argument) ?? 0)
      case "maxProperties": return entries.count <= Int(number(argument) ?? 0)
      default: return true
      }
    case .sequence(let nodes):
      switch keyword {
      case "items":
        return nodes.dropFirst(list(schema["prefixItems"]?.value).count).allSatisfy { accepts($0, argument) }
      case "prefixItems": return zip(nodes, list(argument.value)).allSatisfy { accepts($0, $1) }
      case "minItems": return nodes.count >= Int(number(argument) ?? 0)
      case "maxItems": return nodes.count <= Int(number(argument) ?? 0)
      case "uniqueItems": return nodes.indices.allSatisfy { nodes.firstIndex(of: nodes[$0]) == $0 }
      default: return true
      }
    default: return true
    }
  }

  /// What the patterns that a key matches ask of its value.
  private func patterns(_ schema: Node, of key: String) -> [Node] {
    guard case .mapping(let patterns)? = schema["patternProperties"]?.value else { return [] }
    return patterns.filter { matches(Node(.string(key)), Node(.string($0.key))) }.map(\.value)
  }

  private func definition(_ path: String) -> Node? {
    path.hasPrefix("#/$defs/") ? schema["$defs"]?[String(path.dropFirst(8))] : nil
  }

  private func list(_ value: Node.Value?, else other: [Node] = []) -> [Node] {
    if case .sequence(let nodes)? = value { nodes } else { other }
  }

  private func isType(_ name: Node, _ value: Node) -> Bool {
    switch (name.value, value.value) {
    case (.string("null"), .null), (.string("boolean"), .bool), (.string("integer"), .int),
      (.string("number"), .int), (.string("number"), .float), (.string("string"), .string),
      (.string("array"), .sequence), (.string("object"), .mapping):
      true
    default: false
    }
  }

  private func number(_ node: Node) -> Double? {
    switch node.value {
    case .int(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  private func matches(_ value: Node, _ pattern: Node) -> Bool {
    guard case .string(let text) = value.value, case .string(let expression) = pattern.value,
      let regex = try? Regex(expression)
    else { return true }
    return text.firstMatch(of: regex) != nil
  }
}
