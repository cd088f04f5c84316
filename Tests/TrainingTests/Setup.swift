import Augmentations
import Backbones
import BuildingBlocks
import Config
import Data
import Foundation
import Heads
import Layers
import Losses
import Metrics
import Necks
import OneDNN
import OpenBLAS
import Optimizers
import PoseCore
import Tensor
import Training

/// A tiny model, a tiny data set and a folder that goes when the test is over.
final class Workshop {
  let folder: String

  static let pico =
    (try? String(contentsOf: Fixtures.folder.appending(path: "model/pico.yaml"), encoding: .utf8)) ?? ""

  init() throws {
    folder =
      FileManager.default.temporaryDirectory.appending(path: "poselab-training-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func registry() throws -> Registry {
    var registry = Registry()
    let plugins: [any Plugin.Type] = [
      BuildingBlocks.self, Backbones.self, Necks.self, Heads.self, Losses.self, Augmentations.self,
      Metrics.self,
      Optimizers.self, OpenBLAS.self, OneDNN.self, StandardDatasets.self,
    ]
    for plugin in plugins { try registry.install(plugin) }
    return registry
  }

  /// 14 rendered pictures, 10 of them for training.
  func data() throws -> DatasetSpec {
    let written = try SyntheticPeople().write(
      to: folder + "/data", images: 14, size: 64, seed: 3, validationFraction: 0.29)
    return try DatasetSpec(contentsOf: written.dataFile)
  }

  /// Three epochs of three batches, with augmentations, warm-up and steps of two batches.
  func spec(_ change: (inout TrainingOptions) -> Void = { _ in }) throws -> RunSpec {
    var options = TrainingOptions()
    options.run.project = folder + "/runs"
    options.run.plots = false
    options.schedule.epochs = 3
    options.schedule.batch = 4
    options.schedule.imgsz = 64
    options.schedule.closeMosaic = 1
    options.optimization.optimizer = "sgd"
    options.optimization.nbs = 8
    options.optimization.warmupEpochs = 1
    options.execution.engine = "openblas"
    options.execution.workers = 2
    change(&options)
    let document = try Document(text: Self.pico, name: "pico.yaml")
    return RunSpec(
      modelName: "pico", model: try ModelSpec(document.root), modelText: Self.pico, data: try data(),
      options: options, resolvedText: "model: pico.yaml\n")
  }

  func trainer(
    _ spec: RunSpec, observers: [any TrainingObserver] = [],
    cancellation: CancellationFlag = CancellationFlag()
  ) throws -> Trainer {
    try TrainingAssembly(spec, registry: Self.registry()).trainer(
      observers: observers, cancellation: cancellation)
  }

  func files(_ directory: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    return found.filter { $0 != ".lock" && $0 != "weights" }.sorted()
  }
}

/// Does something at every event.
final class Watcher: TrainingObserver {
  private let body: (TrainingEvent) throws -> Void

  init(_ body: @escaping (TrainingEvent) throws -> Void) { self.body = body }

  func handle(_ event: TrainingEvent) throws { try body(event) }
}
