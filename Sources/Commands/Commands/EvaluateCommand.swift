internal import ArgumentParser
internal import Data
internal import PoseCore
internal import PoseLab

/// `poselab evaluate`: COCO results against COCO annotations.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a COCO results file against an annotation file.",
    discussion: """
      The figures equal those of pycocotools. Where pycocotools itself is wrong (a NaN \
      keypoint scores a perfect match, annotation id 0 a miss) they differ, and a warning \
      says so; --strict-coco reproduces it.

        poselab evaluate --annotations gt.json --results dt.json
        poselab evaluate annotations=gt.json results=dt.json metric=coco_bbox --json
      """)

  @Option(help: "COCO annotations: the labels.") var annotations: String
  @Option(help: "COCO results: a list of detections.") var results: String
  @Option(help: "\(FileEvaluation.Metric.allNames); may be given several times.")
  var metric: [String] = []
  @Option(help: "One sigma for each keypoint, joined by commas; COCO's for 17 keypoints, else 1/K.")
  var sigmas: String?
  @Option(help: "A dataset YAML, for its sigmas.") var data: String?
  @Flag(
    name: [.customLong("strict-coco"), .customLong("strict_coco")],
    help: "Reproduce pycocotools also where it is wrong.")
  var strictCOCO = false
  @Flag(help: "Print one JSON object, all digits kept.") var json = false

  func run() throws {
    let metrics = try chosenMetrics()
    let sigmas = try chosenSigmas()
    var shown: [(String, JSONText)] = []
    for metric in metrics {
      let outcome = try FileEvaluation.run(
        annotations: annotations, results: results, metric: metric, sigmas: sigmas, strictCOCO: strictCOCO)
      if metric == metrics.first {
        for warning in outcome.warnings { Console.warning("\(warning)") }
      }
      for note in outcome.report.notes { Console.note(note) }
      if json {
        shown.append((metric.rawValue, outcome.report.json))
      } else {
        Console.output(Self.text(outcome, metric))
      }
    }
    if json { Console.output(JSONText.object(shown).text) }
  }

  private func chosenMetrics() throws -> [FileEvaluation.Metric] {
    if metric.isEmpty { return [.cocoKeypoints] }
    return try metric.flatMap { $0.split(separator: ",") }.map { name in
      guard let metric = FileEvaluation.Metric(rawValue: String(name)) else {
        throw UsageError("no metric named '\(name)'; there are: \(FileEvaluation.Metric.allNames)")
      }
      return metric
    }
  }

  private func chosenSigmas() throws -> [Double]? {
    if let sigmas {
      return try sigmas.split(separator: ",").map { text in
        guard let value = Double(text.filter { $0 != " " }), value.isFinite, value > 0 else {
          throw UsageError("--sigmas: '\(text)' is no number above 0")
        }
        return value
      }
    }
    guard let data else { return nil }
    return try UsageError.marking { try DatasetSpec(contentsOf: data).skeleton.evaluationSigmas }
  }

  private static func text(_ outcome: FileEvaluation, _ metric: FileEvaluation.Metric) -> String {
    var table = TextTable(["", ">"], indent: "  ")
    for figure in outcome.report.values { table.add(figure.name, Figures.four(figure.value)) }
    return
      "\(metric.rawValue): \(outcome.imageCount) images, \(outcome.labelCount) labels, "
      + "\(outcome.detectionCount) detections\n" + table.text
  }
}

extension FileEvaluation.Metric {
  static var allNames: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension MetricReport {
  /// `{"AP": …, …}` at full precision.
  var json: JSONText { .object(values.map { ($0.name, .number($0.value)) }) }
}
