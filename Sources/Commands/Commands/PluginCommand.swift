internal import ArgumentParser

/// `poselab plugin …`: packages of components.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "Write layers, losses … of your own.",
    subcommands: [NewPluginCommand.self])
}

/// `poselab plugin new NAME`: a Swift package to start from.
struct NewPluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a Swift package that adds components to PoseLab.",
    discussion: """
      The package holds a layer, a loss, a model and an experiment that use them, tests, and an \
      executable: this whole command line with the new components in it.

        poselab plugin new MyPoses
        cd my-poses
        swift run -c release my-poses train Specs/experiment.yaml

      It depends on the PoseLab that this program was built from, or the one named by --poselab.
      """)

  @Argument(help: "Name of the Swift module, such as MyPoses.") var name: String
  @Option(help: "Folder to write; new or empty. By default the name in small letters, here.")
  var directory: String?
  @Option(help: "PoseLab's package: a folder, or the URL of a git repository.") var poselab: String?
  @Option(help: "With a URL: least version.") var from: String?
  @Option(help: "With a URL: branch; main where no version is given.") var branch: String?

  func run() throws {
    let package = try UsageError.marking {
      try PluginPackage(
        name: name,
        dependency: try PoseLabDependency(
          poselab ?? PoseLabDependency.ownPackage(), from: from, branch: branch),
        plugins: PoseLabCommand.registry.plugins)
    }
    let folder = directory ?? package.productName
    do {
      try package.write(to: folder)
    } catch let error as PluginPackageError {
      throw UsageError(error.description)
    }
    Console.output(
      """
      \(folder): a Swift package with the layer \(PluginPackage.layerName) and the loss \(PluginPackage.lossName)

        cd \(folder)
        swift run -c release \(package.productName) train Specs/experiment.yaml
        swift test -c release --disable-testable-imports
      """)
  }
}
