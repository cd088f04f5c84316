internal import ArgumentParser
internal import Config
internal import Training

/// `poselab schema`: what an editor needs to complete and check specs.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of spec files, for editors.",
    discussion: """
      Kinds: \(SpecSchema.allCases.map(\.rawValue).joined(separator: ", ")). The schema knows every \
      component of this program, plugins' included. Editors with the YAML language server take it \
      from the first line of a file:

        poselab schema experiment > poselab.schema.json
        # yaml-language-server: $schema=poselab.schema.json
      """)

  @Argument(help: "What the files describe.") var kind = SpecSchema.experiment.rawValue

  func run() throws {
    guard let schema = SpecSchema(rawValue: kind) else {
      let names = SpecSchema.allCases.map(\.rawValue)
      var hint = suggestion(for: kind, among: names)
      if hint.isEmpty { hint = "; there are: \(names.joined(separator: ", "))" }
      throw UsageError("no kind of spec named '\(kind)'\(hint)")
    }
    Console.output(JSONText(schema.document(PoseLabCommand.registry).value).indented)
  }
}
