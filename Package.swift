// swift-tools-version: 6.1
import PackageDescription

// Modules depend downwards only; the order below is the order of the floors.

/// C libraries: module maps and thin shims, no logic.
let system: [Target] = [
  .systemLibrary(
    name: "CYAML", path: "Sources/System/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  .systemLibrary(
    name: "CCairo", path: "Sources/System/CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
  .systemLibrary(
    name: "CZip", path: "Sources/System/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
  .systemLibrary(
    name: "CCrypto", path: "Sources/System/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]
  ),
  .target(
    name: "COpenBLAS", path: "Sources/System/COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
  .target(
    name: "CDNNL", path: "Sources/System/CDNNL", linkerSettings: [.linkedLibrary("dl")]),
  .target(
    name: "CONNXRuntime", path: "Sources/System/CONNXRuntime", linkerSettings: [.linkedLibrary("dl")]),
  .target(
    name: "CImageCodecs", path: "Sources/System/CImageCodecs",
    linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("turbojpeg")]),
  .target(
    name: "CSIMDJSON", path: "Sources/System/CSIMDJSON",
    linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
]

let core: [Target] = [
  .target(name: "FileSystem", path: "Sources/FileSystem"),
  .target(name: "Kernels", path: "Sources/Kernels", linkerSettings: [.linkedLibrary("m")]),
  .target(name: "Tensor", dependencies: ["Kernels", "COpenBLAS"], path: "Sources/Tensor"),
  .target(name: "Layers", dependencies: ["Tensor"], path: "Sources/Layers"),
  .target(
    name: "Imaging", dependencies: ["FileSystem", "Kernels", "CImageCodecs", "CCairo"],
    path: "Sources/Imaging"),
  .target(name: "Config", dependencies: ["FileSystem", "CYAML"], path: "Sources/Config"),
  .target(
    name: "PoseCore", dependencies: ["FileSystem", "Kernels", "Tensor", "Layers", "Imaging", "Config"],
    path: "Sources/PoseCore"),
  .target(name: "Pages", path: "Sources/Pages"),
  .target(name: "Data", dependencies: ["FileSystem", "PoseCore", "CSIMDJSON"], path: "Sources/Data"),
  .target(
    name: "Downloads", dependencies: ["FileSystem", "Imaging", "Data", "CZip", "CCrypto"],
    path: "Sources/Downloads"),
  .target(
    name: "Interchange", dependencies: ["FileSystem", "Layers", "PoseCore"], path: "Sources/Interchange"),
  .target(
    name: "ONNXProto", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
    path: "Sources/ONNXProto", exclude: ["onnx.proto"]),
  .target(
    name: "ONNX",
    dependencies: [
      "FileSystem", "Tensor", "Layers", "PoseCore", "ONNXProto",
      .product(name: "SwiftProtobuf", package: "swift-protobuf"),
    ], path: "Sources/ONNX"),
  .target(
    name: "Training",
    dependencies: ["Data", "Interchange", .product(name: "Logging", package: "swift-log")],
    path: "Sources/Training"),
  .target(name: "Annotations", dependencies: ["Data"], path: "Sources/Annotations"),
  .target(name: "DataQuality", dependencies: ["Data", "Pages"], path: "Sources/DataQuality"),
  .target(
    name: "Sweeps", dependencies: ["Training", "Pages", .product(name: "GRDB", package: "GRDB.swift")],
    path: "Sources/Sweeps"),
]

/// Every component the registry can name.
let plugins: [Target] = [
  .target(name: "BuildingBlocks", dependencies: ["PoseCore"], path: "Plugins/Layers"),
  .target(name: "Backbones", dependencies: ["PoseCore", "BuildingBlocks"], path: "Plugins/Backbones"),
  .target(name: "Necks", dependencies: ["PoseCore"], path: "Plugins/Necks"),
  .target(name: "Heads", dependencies: ["PoseCore", "BuildingBlocks"], path: "Plugins/Heads"),
  .target(name: "Losses", dependencies: ["PoseCore"], path: "Plugins/Losses"),
  .target(name: "Augmentations", dependencies: ["PoseCore"], path: "Plugins/Augmentations"),
  .target(name: "Metrics", dependencies: ["PoseCore"], path: "Plugins/Metrics"),
  .target(name: "Optimizers", dependencies: ["PoseCore"], path: "Plugins/Optimizers"),
  .target(name: "Launchers", dependencies: ["Sweeps"], path: "Plugins/Launchers"),
  .target(
    name: "Loggers", dependencies: ["Training", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
    path: "Plugins/Loggers", exclude: ["TensorBoard/event.proto"]),
  .target(name: "OpenBLAS", dependencies: ["PoseCore"], path: "Plugins/OpenBLAS"),
  .target(
    name: "ONNXRuntime", dependencies: ["ONNX", "PoseCore", "Tensor", "CONNXRuntime"],
    path: "Plugins/ONNXRuntime"),
  .target(name: "OneDNN", dependencies: ["PoseCore", "Kernels", "CDNNL"], path: "Plugins/OneDNN"),
]
let pluginNames: [Target.Dependency] = plugins.map { .byName(name: $0.name) }

let top: [Target] = [
  .target(
    name: "PoseLab", dependencies: ["Sweeps", "Training", "Interchange", "ONNX", "Data"] + pluginNames,
    path: "Sources/PoseLab"),
  .target(
    name: "PoseLabCommands",
    dependencies: [
      "PoseLab", "FileSystem", "Sweeps", "Training", "Annotations", "DataQuality", "Downloads",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Sources/Commands"),
  .executableTarget(
    name: "CommandLineTool", dependencies: ["PoseLabCommands"], path: "Sources/CommandLineTool"),
]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)")
}

let package = Package(
  name: "PoseLab",
  products: [
    .library(name: "PoseLab", targets: ["PoseLab"]),
    .library(name: "PoseLabCommands", targets: ["PoseLabCommands"]),
    .executable(name: "poselab", targets: ["CommandLineTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: system + core + plugins + top + [
    tests("FileSystemTests", ["FileSystem"]),
    tests("TensorTests", ["Tensor", "OneDNN", "COpenBLAS"]),
    tests("LayersTests", ["Layers"]),
    tests("ImagingTests", ["Imaging", "Interchange"]),
    tests("ConfigTests", ["Config"]),
    tests("PoseCoreTests", ["PoseCore", "Interchange"]),
    tests("DataTests", ["Data"]),
    tests("DataQualityTests", ["DataQuality"]),
    tests("DownloadsTests", ["Downloads", "Interchange"]),
    tests("InterchangeTests", ["Interchange"]),
    tests("ONNXTests", ["ONNX", "ONNXProto", "ONNXRuntime", "Interchange", "PoseLab", "PoseLabCommands"]),
    tests(
      "ModelTests",
      ["BuildingBlocks", "Backbones", "Necks", "Heads", "Losses", "OneDNN", "Interchange"]),
    tests("LossesTests", ["Losses", "Interchange"]),
    tests("AnnotationsTests", ["Annotations"]),
    tests("AugmentationsTests", ["Augmentations", "Data", "Interchange"]),
    tests("MetricsTests", ["Metrics", "Data", "Interchange", "Tensor"]),
    tests("TrainingTests", ["PoseLab"]),
    tests(
      "SweepsTests",
      [
        "Sweeps", "Launchers", "Metrics", "PoseLab", "CommandLineTool",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests("DocumentationTests", ["PoseLab", "PoseLabCommands"]),
    tests("CommandLineTests", ["PoseLabCommands", "CommandLineTool", "FileSystem", "Training"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11,
  cxxLanguageStandard: .gnucxx17
)
