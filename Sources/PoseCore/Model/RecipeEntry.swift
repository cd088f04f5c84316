public import Config

/// One line of a recipe: `[from, repeats, layer, arguments]`.
public struct RecipeEntry: Sendable {
  public var sources: [MapSource]
  /// Before the model's scale.
  public var repeats: Int
  /// The registered name of the layer, or of the head in the last line of a model.
  public var name: String
  public var nameLocation: SourceLocation?
  public var arguments: Node
  public var location: SourceLocation?

  /// Most repeats of one line, before and after the model's scale.
  public static let maximumRepeats = 200
  /// Most lines of one recipe.
  public static let maximumLines = 1000

  public init(_ node: Node) throws(Diagnostic) {
    guard case .sequence(let parts) = node.value, (3...4).contains(parts.count) else {
      throw Diagnostic(
        .error, "a line of a recipe is [from, repeats, layer, arguments], but this is \(node.value)",
        at: node.location)
    }
    location = node.location
    sources = try MapSource.list(parts[0], named: "from")
    repeats = try parts[1].int(named: "repeats", in: 1...Self.maximumRepeats)
    name = try parts[2].string(named: "layer")
    nameLocation = parts[2].location ?? node.location
    arguments = parts.count == 4 ? parts[3] : Node(.sequence([]), at: node.location)
  }

  /// Reads all lines of a recipe; faults are those of all of them.
  public static func list(_ node: Node, named name: String) throws(DiagnosticList) -> [RecipeEntry] {
    var faults = DiagnosticList()
    var entries: [RecipeEntry] = []
    do throws(Diagnostic) {
      for line in try node.list(named: name, count: 0...maximumLines) {
        do throws(Diagnostic) { entries.append(try RecipeEntry(line)) } catch { faults.append(error) }
      }
    } catch {
      faults.append(error)
    }
    try faults.throwErrors()
    return entries
  }
}
