internal import Foundation

/// A Swift package of a user's that adds a layer and a loss to PoseLab: what `poselab plugin new` writes.
package struct PluginPackage: Sendable {
  /// The module, and the type that registers its components.
  package let name: String
  package let dependency: PoseLabDependency

  /// What specs call the two components.
  package static let layerName = "ScaledResidual"
  package static let lossName = "geman_mcclure"

  /// - Parameters:
  ///   - name: of the module.
  ///   - plugins: modules that the program already has.
  package init(
    name: String, dependency: PoseLabDependency, plugins: [String] = []
  ) throws(PluginPackageError) {
    let taken = Set(Self.reservedNames.union(plugins).map { $0.lowercased() })
    guard name.wholeMatch(of: /[A-Z][A-Za-z0-9_]{0,63}/) != nil else {
      throw .badName(
        name,
        proposal: Self.proposal(for: name).map { taken.contains($0.lowercased()) ? "My" + $0 : $0 })
    }
    guard !taken.contains(name.lowercased()) else { throw .takenName(name) }
    self.name = name
    self.dependency = dependency
  }

  /// The executable: `my-poses` for `MyPoses`.
  package var productName: String {
    var words = ""
    let letters = Array(name)
    for (index, letter) in letters.enumerated() {
      let follows = index > 0 && letters[index - 1] != "_"
      let startsWord =
        letter.isUppercase && follows
        && (!letters[index - 1].isUppercase || (index + 1 < letters.count && letters[index + 1].isLowercase))
      words += (startsWord ? "-" : "") + (letter == "_" ? "-" : letter.lowercased())
    }
    return words
  }

  /// Every file by its path in the package.
  package var files: [(path: String, text: String)] {
    [
      (".gitignore", ".build/\n.swiftpm/\nPackage.resolved\nruns/\n"),
      ("README.md", readme),
      ("Sources/\(name)/\(name).swift", pluginSource),
      ("Sources/\(name)/ScaledResidual.swift", Self.layerSource),
      ("Sources/\(name)/GemanMcClureLoss.swift", Self.lossSource),
      ("Sources/\(name)CommandLine/main.swift", mainSource),
      ("Specs/model.yaml", Self.modelSpec),
      ("Specs/experiment.yaml", experimentSpec),
      ("Tests/\(name)Tests/ScaledResidualTests.swift", layerTests),
      ("Tests/\(name)Tests/GemanMcClureLossTests.swift", lossTests),
      ("Tests/\(name)Tests/SpecTests.swift", specTests),
      ("Package.swift", manifest),
    ]
  }

  /// A name that could do in place of one that does not.
  private static func proposal(for name: String) -> String? {
    let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    let proposal = String(joined.drop { !$0.isLetter }.prefix(64))
    guard !proposal.isEmpty, proposal != name else { return nil }
    return proposal.prefix(1).uppercased() + proposal.dropFirst()
  }

  /// Modules that a program with PoseLab has, and types that the package's own code names.
  private static let reservedNames: Set<String> = [
    "Any", "Protocol", "Self", "Type",
    "True", "False", "Null", "Swift", "Foundation", "Testing", "XCTest", "Logging", "GRDB", "ArgumentParser",
    "Poselab",
    "FileSystem", "Kernels", "Tensor", "Layers", "Imaging", "Config", "PoseCore", "Data", "Interchange",
    "Training",
    "Sweeps", "PoseLab", "PoseLabCommands", "CommandLineTool", "CommandLine",
    "Plugin", "Registry", "Component", "Parameter", "LayerContext", "BuiltLayer", "LossContext", "UnaryLayer",
    "ConvolutionBlock", "LayerMember", "ForwardPass", "KeypointLoss", "KeypointTarget", "ScaledResidual",
    "GemanMcClureLoss", "Float", "SIMD2", "UnsafeBufferPointer", "UnsafeMutableBufferPointer",
    "PoseLabCommand", "Package",
  ]
}
