/// What a merge of specs must know of their meaning: which lists have named elements, and what a bare name is
/// short for.
///
/// Lists are called by their dotted path, `augment`.
public struct MergeRules: Sendable {
  public typealias Place = (element: String, argument: String)

  /// The key that a name standing alone has in the mapping it is short for, by path: `loss: yolo_pose` is
  /// `loss: {type: yolo_pose}`. Nil where a name is no such thing.
  public var shorthand: @Sendable (_ path: String) -> String? = { _ in nil }
  /// Keys of which a mapping has one or the other, by path: over `data: {synth: …}`, `{mix: …}` starts afresh.
  public var alternatives: [String: Set<String>] = [:]
  /// Lists whose elements and arguments are addressed by name: `augment: {affine: {degrees: 10}}` over a list.
  public var namedLists: Set<String> = []
  /// The name that a component has besides its aliases.
  public var canonicalName: @Sendable (_ list: String, _ name: String) -> String = { $1 }
  /// Every name that an element's argument has.
  public var argumentNames: @Sendable (_ list: String, _ element: String, _ argument: String) -> [String] = {
    [$2]
  }
  /// The argument that a plain value under `key` sets: `mosaic: 0.5` sets `p` of `mosaic`.
  public var place: @Sendable (_ list: String, _ key: String) -> Place? = { _, _ in nil }
  /// The keys for which `place` has an answer.
  public var placeKeys: @Sendable (_ list: String) -> [String] = { _ in [] }

  public init() {}
}

extension MergeRules {
  /// Keys of a mapping that edits a list.
  public static let verbs = ["append", "prepend", "before", "after", "remove", "replace", "steps"]

  /// Whether a mapping says how a list is to be changed, so that it needs one below it.
  public func isEdit(_ node: Node, at path: String) -> Bool {
    guard case .mapping(let entries) = node.value, node["type"] == nil else { return false }
    if namedLists.contains(path) {
      return entries.contains { entry in
        if Self.verbs.contains(entry.key) || Int(entry.key) != nil { return true }
        if case .mapping = entry.value.value { return true }
        return false
      }
    }
    return entries.contains { Self.verbs.contains($0.key) }
      && entries.allSatisfy { Self.verbs.contains($0.key) || Int($0.key) != nil }
  }

  /// Whether a mapping over a list changes it instead of taking its place.
  func changesList(_ node: Node, at path: String) -> Bool {
    guard case .mapping(let entries) = node.value, node["type"] == nil else { return false }
    if namedLists.contains(path) || isEdit(node, at: path) { return true }
    return !entries.isEmpty && entries.allSatisfy { Int($0.key) != nil }
  }
}
