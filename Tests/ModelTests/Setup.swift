import Backbones
import BuildingBlocks
import Config
import Foundation
import Heads
import Layers
import Losses
import Necks
import OneDNN
import PoseCore
import Tensor

/// The engines every numeric test runs on.
enum TestEngine: String, CaseIterable, Sendable {
  case openBLAS, oneDNN

  var device: Device {
    switch self {
    case .openBLAS: Device.openBLAS()
    case .oneDNN: Device(engine: OneDNNEngine())
    }
  }
}

enum Setup {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/model")
  static let package = fixtures.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func registry() throws -> Registry {
    var registry = Registry()
    try registry.install(BuildingBlocks.self)
    try registry.install(Backbones.self)
    try registry.install(Necks.self)
    try registry.install(Heads.self)
    try registry.install(Losses.self)
    return registry
  }

  static func model(_ yaml: String, scale: String? = nil) throws -> PoseModel {
    let spec = try ModelSpec(Document(text: yaml, name: "model.yaml").root, scale: scale)
    return try PoseModel(spec, registry: registry())
  }

  /// The text of every fault of a model.
  static func faults(_ yaml: String, scale: String? = nil) throws -> String {
    do {
      _ = try model(yaml, scale: scale)
      return "none"
    } catch let list as DiagnosticList {
      return list.description
    }
  }

  /// PoseLab's own model at one scale.
  static func yolo11(_ scale: String, classes: Int = 1) throws -> PoseModel {
    try shipped("yolo11\(scale)-pose", classes: classes)
  }

  /// A shipped model by its name.
  static func shipped(_ name: String, classes: Int = 1) throws -> PoseModel {
    var spec = try ModelSpec(
      named: "\(name).yaml", specs: ShippedSpecs(homes: [package.path]))
    spec.classCount = classes
    return try PoseModel(spec, registry: registry())
  }
}
