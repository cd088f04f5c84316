public import Config
public import Data
internal import Foundation
public import PoseCore
public import Training

extension DataReference {
  /// Finds the data set and reads its YAML; synthetic people are made first where they are missing.
  ///
  /// - Parameters:
  ///   - location: where the spec names it.
  ///   - note: gets what was done, for the user.
  public func resolve(
    at location: SourceLocation? = nil, specs: ShippedSpecs = ShippedSpecs(),
    note: (String) -> Void = { _ in }
  ) throws -> DatasetSpec {
    switch self {
    case .mixture: return try main.resolve(at: location, specs: specs, note: note)
    case .file(let name):
      let path = try Self.file(name, specs)
      guard let path else {
        var hint = specs.hint(for: name, kind: "datasets", besideFile: location?.file)
        if !hint.contains("did you mean") { hint = "; give the path of its YAML file" }
        throw Diagnostic(.error, "no data set '\(name)'\(hint)", at: location)
      }
      return try DatasetSpec(contentsOf: path)
    case .synthetic(let source):
      var options = SyntheticPeople.Options()
      options.people = source.people
      let isThere = FileManager.default.fileExists(atPath: source.output)
      if !isThere {
        note(
          "making \(source.images) pictures of synthetic \(source.kind == .person ? "people" : "foxes") in \(source.output)"
        )
      }
      let summary = try SyntheticPeople(options: options, figure: source.kind).write(
        to: source.output, images: source.images, size: source.size, seed: source.seed,
        validationFraction: source.validationFraction)
      return try DatasetSpec(contentsOf: summary.dataFile)
    }
  }

  /// Finds the further data sets of a mixture, and the weight of the first.
  func resolveOthers(
    at location: SourceLocation?, specs: ShippedSpecs, note: (String) -> Void
  ) throws -> (weight: Double, others: [RunSpec.Mixed]) {
    guard case .mixture(let parts) = self, let first = parts.first else { return (1, []) }
    let others = try parts.dropFirst().map { part in
      RunSpec.Mixed(
        data: try part.data.resolve(at: location, specs: specs, note: note), weight: part.weight)
    }
    return (first.weight, others)
  }

  /// A file, or the data.yaml of a folder.
  private static func file(_ name: String, _ specs: ShippedSpecs) throws -> String? {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue {
      return specs.find(name + "/data.yaml", kind: "datasets")
    }
    return specs.find(name, kind: "datasets")
  }
}
