extension PluginPackage {
  var manifest: String {
    let poseLab = dependency.packageName.swiftLiteral
    return """
      // swift-tools-version: 6.1
      import PackageDescription

      let package = Package(
        name: "\(name)",
        products: [
          .library(name: "\(name)", targets: ["\(name)"]),
          .executable(name: "\(productName)", targets: ["\(name)CommandLine"]),
        ],
        dependencies: [
          \(dependency.declaration)
        ],
        targets: [
          .target(
            name: "\(name)",
            dependencies: [.product(name: "PoseLab", package: \(poseLab))]),
          .executableTarget(
            name: "\(name)CommandLine",
            dependencies: [
              "\(name)", .product(name: "PoseLabCommands", package: \(poseLab)),
            ]),
          .testTarget(name: "\(name)Tests", dependencies: ["\(name)"]),
        ]
      )

      """
  }

  var pluginSource: String {
    """
    import PoseLab

    /// What this package adds to PoseLab. Each component is registered here, under the name that specs use.
    public enum \(name): Plugin {
      public static let name = "\(name)"

      public static func register(in registry: inout Registry) throws {
        try registry.layers.register(ScaledResidual.component)
        try registry.keypointLosses.register(GemanMcClureLoss.component)
      }
    }

    """
  }

  var mainSource: String {
    """
    import \(name)
    import PoseLabCommands

    PoseLabCommand.main(plugins: [\(name).self])

    """
  }

  var readme: String {
    """
    # \(name)

    Components for PoseLab: the layer `ScaledResidual` and the keypoint loss `geman_mcclure`.

    ```sh
    swift run -c release \(productName) list layer ScaledResidual
    swift run -c release \(productName) describe Specs/experiment.yaml
    swift run -c release \(productName) train Specs/experiment.yaml
    swift test -c release --disable-testable-imports
    ```

    `\(productName)` is the whole command line of PoseLab with these components in it. To add
    another: write it in a file of its own in `Sources/\(name)`, register it in
    `\(name).swift`, and name it in a spec.

    Without testable imports, tests and command line share one build; otherwise all of
    PoseLab is compiled a second time.

    """
  }
}
