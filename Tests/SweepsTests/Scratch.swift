import Config
import Foundation
import PoseCore
import PoseLab
import Sweeps

/// A folder that goes when the test is over.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "poselab-sweeps-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

  func write(_ text: String, to name: String) throws {
    let file = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Reads an ablation whose section is `section`.
  func spec(_ section: String, base: String = "train: {epochs: 4}", name: String = "ablation.yaml") throws
    -> SweepSpec
  {
    let indented = section.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    try write(
      "model: yolo11n-pose.yaml\ndata: {synth: {output: people, images: 10, size: 64}}\n\(base)\nablation:\n\(indented)\n",
      to: name)
    return try SweepSpec(contentsOf: file(name), registry: Registry.standard())
  }

  /// Plans it, without a look at the models.
  func plan(_ section: String, base: String = "train: {epochs: 4}") throws -> SweepPlan {
    try Scratch.planner().plan(spec(section, base: base))
  }

  static func planner() throws -> SweepPlanner {
    SweepPlanner(registry: try Registry.standard()) { _ in RunResult.Cost(parameters: 7) }
  }
}

extension SweepPlan {
  var variants: [String] {
    var seen: Set<String> = []
    return runs.map(\.variant).filter { seen.insert($0).inserted }
  }
}
