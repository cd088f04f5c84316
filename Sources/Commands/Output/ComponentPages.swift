package import PoseCore

/// Reference pages of components for a DocC catalogue: one for each kind, and one that leads to them.
package struct ComponentPages {
  package let pages: [(name: String, text: String)]

  /// - Parameter listing: ordered by kind and name, as `Registry.listing` gives it.
  package init(_ listing: [ComponentListing]) {
    var kinds: [String] = []
    for one in listing where kinds.last != one.kind { kinds.append(one.kind) }
    let links = kinds.map { "- <doc:\(Self.pageName($0))>\n" }.joined()
    let index = """
      # Components

      Everything that specs can name, kind by kind, with arguments, defaults and limits.

      These pages are made from what the components declare. `poselab list` prints the same for the program at hand,
      plugins of your own included.

      ## Topics

      ### Kinds

      \(links)
      """
    pages =
      [("Components.md", index)]
      + kinds.map { kind in
        (Self.pageName(kind) + ".md", Self.page(kind, listing.filter { $0.kind == kind }))
      }
  }

  private static func pageName(_ kind: String) -> String {
    "Components-" + kind.map { $0 == "_" ? "-" : $0 }
  }

  /// `box_loss` as a title: `Box losses`.
  private static func title(_ kind: String) -> String {
    let words = kind.split(separator: "_").joined(separator: " ")
    let plural = words.hasSuffix("s") ? words + "es" : words + "s"
    return plural.prefix(1).uppercased() + plural.dropFirst()
  }

  private static func page(_ kind: String, _ components: [ComponentListing]) -> String {
    let plugins = Set(components.map(\.plugin)).sorted().joined(separator: ", ")
    var text = "# \(title(kind))\n\nComponents of the kind `\(kind)`, from \(plugins).\n"
    for component in components {
      text += "\n## \(component.name)\n\n\(sentence(component.summary))\n"
      if !component.aliases.isEmpty {
        text += "\nAlso called \(component.aliases.map { "`\($0)`" }.joined(separator: ", ")).\n"
      }
      if !component.reference.isEmpty { text += "\nSource: \(plain(component.reference))\n" }
      guard !component.parameters.isEmpty else { continue }
      text += "\n| argument | type | default | meaning |\n|---|---|---|---|\n"
      for parameter in component.parameters {
        let value = parameter.defaultValue.map { JSONText($0).text } ?? "required"
        let cells = [
          "`\(parameter.name)`", plain(parameter.kind.description), plain(value == "null" ? "none" : value),
          plain(parameter.help),
        ]
        text += "| " + cells.joined(separator: " | ") + " |\n"
      }
    }
    return text
  }

  private static func sentence(_ text: String) -> String {
    let text = plain(text)
    return text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
  }

  /// Text in which nothing is markup.
  private static func plain(_ text: String) -> String {
    text.reduce(into: "") { result, letter in
      if "\\`*_<>|[]{}~".contains(letter) { result += "\\" }
      result.append(letter)
    }
  }
}
