import Config
import Foundation
import Metrics
import PoseCore
import Testing

/// Metrics of keypoints against the same definitions written down with NumPy: `keypoint-metrics.json`.
@Suite struct `Metrics of keypoints on files` {
  private static let expected: JSON = {
    let data = FileManager.default.contents(atPath: EvaluationFixtures.path("keypoint-metrics.json"))
    return JSON(try? JSONSerialization.jsonObject(with: data ?? Foundation.Data()))
  }()

  private static let names = ["correlated", "mixed-with-crowd", "tied-scores"]

  private static func report(_ text: String, on name: String) throws -> MetricReport {
    let metric = try KeypointMetrics.make(text, skeleton: .cocoPerson)
    let set = try EvaluationFixtures.set(detections: "detections-\(name).json", withKeypoints: true)
    for image in set.evaluatedImages() { metric.update(image) }
    return metric.compute()
  }

  private func expect(_ value: Double?, _ key: String, _ name: String) {
    let wanted = Self.expected[name][key].number ?? .nan
    #expect(abs((value ?? .nan) - wanted) < 1e-9 * max(1, wanted), "\(key)")
  }

  @Test(arguments: names) func `give the figures of plain definitions`(name: String) throws {
    let pck = try Self.report("pck", on: name)
    expect(pck["PCK@0.05"], "pck", name)
    expect(pck["mPCK@0.05"], "mpck", name)
    expect(pck["matched"], "matched", name)
    expect(pck.tables.first?["left_wrist", "PCK@0.05"], "pck_left_wrist", name)
    let head = try Self.report("pckh", on: name)
    expect(head["PCKh@0.5"], "pckh", name)
    #expect(head.notes.contains { $0.hasPrefix("the distance of the ears stands for MPII's head segment") })
    #expect(head.notes.contains { $0.contains("left_ear to right_ear is unknown there") })
    expect(try Self.report("auc", on: name)["AUC"], "auc", name)
    // The area is that of many small steps.
    let steps = Self.expected[name]["auc_steps"].number ?? .nan
    #expect(abs((try Self.report("auc", on: name)["AUC"] ?? .nan) - steps) < 1e-5)
    let epe = try Self.report("epe", on: name)
    expect(epe["EPE"], "epe", name)
    expect(epe["median"], "epe_median", name)
    expect(epe.tables.first?["nose", "EPE"], "epe_nose", name)
    expect(try Self.report("nme", on: name)["NME"], "nme", name)
    expect(try Self.report("{type: nme, normalize: bbox_diagonal}", on: name)["NME"], "nme_diagonal", name)
  }

  @Test(arguments: names) func `tell kinds of errors as plain definitions do`(name: String) throws {
    let report = try Self.report("keypoint_oks", on: name)
    for (key, wanted) in Self.expected[name]["oks"].figures {
      #expect(abs((report[key] ?? .nan) - wanted) < 1e-9 * max(1, wanted), "\(key)")
    }
    let kinds = ["good", "jitter", "inversion", "swap", "miss"].compactMap { report[$0] }
    #expect(abs(kinds.reduce(0, +) - 1) < 1e-12)
    let table = try #require(report.tables.first)
    #expect(table.rows.map(\.name) == Skeleton.cocoPerson.names)
    #expect(table.rows.reduce(0) { $0 + $1.values[0] } > 500)
  }

  @Test func `find nothing wrong with labels given back as detections`() throws {
    for (metric, figure, best) in [
      ("pck", "PCK@0.05", 1.0), ("pckh", "PCKh@0.5", 1), ("auc", "AUC", 1), ("epe", "EPE", 0),
      ("nme", "NME", 0),
      ("keypoint_oks", "OKS", 1), ("keypoint_oks", "good", 1),
    ] {
      let value = try Self.report(metric, on: "perfect")[figure] ?? .nan
      #expect(abs(value - best) < 1e-3, "\(metric)")
    }
  }
}

enum KeypointMetrics {
  static func make(_ text: String, skeleton: Skeleton, classNames: [String] = ["person"]) throws -> any Metric
  {
    var registry = Registry()
    try registry.install(Metrics.self)
    return try registry.metrics.make(
      ComponentSpec(text: text, named: "metric"),
      in: MetricContext(skeleton: skeleton, classNames: classNames))
  }
}
