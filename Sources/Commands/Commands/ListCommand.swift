internal import ArgumentParser
internal import Config
internal import FileSystem
internal import Foundation
internal import PoseCore

/// `poselab list [kind] [name]`: what specs can name.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the components that specs can name.",
    discussion: """
      Without arguments: every component. With a kind (layer, backbone, neck, head, loss, \
      augmentation, metric, optimizer, schedule, engine …): those of it. With a kind and a \
      name: its arguments with types, defaults and limits.

        poselab list
        poselab list augmentation
        poselab list layer C3k2
        poselab list --json
        poselab list --docc docs/    (reference pages for a DocC catalogue)
      """)

  @Flag(help: "Print one JSON list.") var json = false
  @Option(help: "Write a Markdown page for each kind into this folder instead.") var docc: String?
  @Argument(help: "A kind of component.") var kind: String?
  @Argument(help: "A component of that kind.") var name: String?

  func run() throws {
    var listing = PoseLabCommand.registry.listing
    if let kind {
      let kinds = Set(listing.map(\.kind)).sorted()
      // The plural is as good.
      let wanted = kinds.first { $0 == kind || $0 + "s" == kind || $0 + "es" == kind }
      guard let wanted else {
        var hint = suggestion(for: kind, among: kinds)
        if hint.isEmpty { hint = "; there are: \(kinds.joined(separator: ", "))" }
        throw UsageError("no kind of component named '\(kind)'\(hint)")
      }
      listing = listing.filter { $0.kind == wanted }
    }
    if let name {
      let found = listing.filter { $0.name == name || $0.aliases.contains(name) }
      guard !found.isEmpty else {
        var hint = suggestion(for: name, among: listing.flatMap { [$0.name] + $0.aliases })
        if hint.isEmpty { hint = "; there are: " + listing.map(\.name).joined(separator: ", ") }
        throw UsageError("no \(listing.first?.kind ?? "component") named '\(name)'\(hint)")
      }
      listing = found
    }
    if let docc {
      try FileManager.default.createDirectory(atPath: docc, withIntermediateDirectories: true)
      for page in ComponentPages(listing).pages {
        try AtomicFile.write(page.text, to: docc + "/" + page.name, durable: false)
      }
    } else if json {
      Console.output(JSONText.array(listing.map(\.json)).text)
    } else if name != nil {
      Console.output(listing.map(\.details).joined(separator: "\n\n"))
    } else {
      Console.output(Self.overview(listing))
    }
  }

  private static func overview(_ listing: [ComponentListing]) -> String {
    var blocks: [String] = []
    for kind in Set(listing.map(\.kind)).sorted() {
      var table = TextTable(["", "", ""], indent: "  ")
      for one in listing where one.kind == kind { table.add(one.name, one.summary, "[\(one.plugin)]") }
      blocks.append(kind + "\n" + table.text)
    }
    return blocks.joined(separator: "\n\n")
  }
}

extension ComponentListing {
  /// Everything that is known of it, for reading.
  fileprivate var details: String {
    var lines = ["\(kind) \(name)", "  \(summary)"]
    if !aliases.isEmpty { lines.append("  also called: \(aliases.joined(separator: ", "))") }
    if !reference.isEmpty { lines.append("  source: \(reference)") }
    lines.append("  plugin: \(plugin)")
    guard !parameters.isEmpty else { return (lines + ["  no arguments"]).joined(separator: "\n") }
    var table = TextTable(["argument", "type", "default", ""], indent: "  ")
    for parameter in parameters {
      let value = parameter.defaultValue.map { JSONText($0).text } ?? "required"
      table.add(parameter.name, parameter.kind.description, value == "null" ? "none" : value, parameter.help)
    }
    return (lines + ["", table.text]).joined(separator: "\n")
  }

  fileprivate var json: JSONText {
    let declared = parameters.map { parameter in
      JSONText.object([
        ("name", .string(parameter.name)), ("type", .string(parameter.kind.description)),
        ("required", .bool(parameter.isRequired)),
        ("default", parameter.defaultValue.map { JSONText($0) } ?? .null), ("help", .string(parameter.help)),
        ("aliases", .array(parameter.aliases.map { .string($0) })),
      ])
    }
    return .object([
      ("kind", .string(kind)), ("name", .string(name)), ("aliases", .array(aliases.map { .string($0) })),
      ("summary", .string(summary)), ("reference", .string(reference)), ("plugin", .string(plugin)),
      ("parameters", .array(declared)),
    ])
  }
}
