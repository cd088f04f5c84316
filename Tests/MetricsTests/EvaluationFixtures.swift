import Data
import Foundation
import Metrics
import PoseCore

/// The reference evaluation's inputs and figures, `Tests/Fixtures/coco-eval`.
enum EvaluationFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/coco-eval").path

  static func path(_ name: String) -> String { folder + "/" + name }

  static let results: JSON = {
    let data = FileManager.default.contents(atPath: path("results.json")) ?? Foundation.Data()
    return JSON(try? JSONSerialization.jsonObject(with: data))
  }()

  static let caseNames = [
    "all-scores-equal", "correlated", "crowd-unlabelled-background", "empty", "many-per-image",
    "missing-images", "mixed-with-crowd", "no-bbox-field", "perfect", "random-scores", "tied-scores",
  ]

  static func set(
    _ annotations: String = "ground-truth.json", detections: String, withKeypoints: Bool, strict: Bool = false
  ) throws -> EvaluationSet {
    let labels = try COCOAnnotations.read(path(annotations), allowNonFinite: strict)
    let results = try COCOResults.read(
      path(detections), keypointCount: withKeypoints ? labels.keypointCount : nil, allowNonFinite: strict)
    return try EvaluationSet.joining(
      labels, results, keypointCount: withKeypoints ? labels.keypointCount : nil, strict: strict
    ).set
  }
}

/// A JSON value read by path.
struct JSON: @unchecked Sendable {  // never changed
  private let value: Any?

  init(_ value: Any?) { self.value = value }

  subscript(_ key: String) -> JSON { JSON((value as? [String: Any])?[key]) }

  var exists: Bool { value != nil }
  var number: Double? { (value as? NSNumber)?.doubleValue }
  var numbers: [Double] { (value as? [NSNumber])?.map(\.doubleValue) ?? [] }
  var integers: [Int] { (value as? [NSNumber])?.map(\.intValue) ?? [] }
  /// The members that are numbers.
  var figures: [String: Double] {
    (value as? [String: Any])?.compactMapValues { ($0 as? NSNumber)?.doubleValue } ?? [:]
  }
  var keys: [String] { (value as? [String: Any])?.keys.sorted() ?? [] }
}
