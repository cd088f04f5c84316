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
        poselab evaluate --annotations gt.json --results dt.json --metric '{type: pck, alpha: 0.1}'
      """)

  @Option(help: "COCO annotations: the labels.") var annotations: String
  @Option(help: "COCO results: a list of detections.") var results: String
  @Option(help: "A metric of 'poselab list metric', by name or with arguments; may be given several times.")
  var metric: [String] = []
  @Option(help: "One sigma for each keypoint, joined by commas; COCO's for 17 keypoints, else 1/K.")
  var sigmas: String?
  @Option(help: "A dataset YAML, for its sigmas.") var data: String?
  @Option(
    help:
      "Images that count: all, as papers do, or labelled: those with labelled keypoints, as the YOLO tools do."
  )
  var images = ImageSelection.Kind.all.rawValue
  @Flag(
    name: [.customLong("strict-coco"), .customLong("strict_coco")],
    help: "Reproduce pycocotools also where it is wrong.")
  var strictCOCO = false
  @Flag(help: "Print one JSON object, all digits kept.") var json = false

  func run() throws {
    let registry = PoseLabCommand.registry
    let metrics = try chosenMetrics(registry)
    let sigmas = try chosenSigmas()
    guard let images = ImageSelection.Kind(rawValue: images) else {
      throw UsageError("--images must be labelled or all, not '\(images)'")
    }
    var reports: [MetricReport] = []
    var selection: ImageSelection?
    for (index, metric) in metrics.enumerated() {
      let outcome = try FileEvaluation.run(
        annotations: annotations, results: results, metric: metric, registry: registry, sigmas: sigmas,
        images: images, strictCOCO: strictCOCO)
      if index == 0 {
        selection = outcome.selection
        Console.note("\(outcome.selection)")
        for warning in outcome.warnings { Console.warning("\(warning)") }
      }
      for note in outcome.report.notes { Console.note(note) }
      if json { reports.append(outcome.report) } else { Console.output(Self.text(outcome)) }
    }
    if json { Console.output(reports.json(of: selection).text) }
  }

  private func chosenMetrics(_ registry: Registry) throws -> [ComponentSpec] {
    let texts = metric.flatMap { text in
      text.hasPrefix("{") ? [text] : text.split(separator: ",").map(String.init)
    }
    return try UsageError.marking {
      try (texts.isEmpty ? ["coco_keypoints"] : texts).map { text in
        let spec = try ComponentSpec(text: text, named: "metric")
        guard registry.metrics.find(spec.name) != nil else {
          throw UsageError(
            "no metric named '\(spec.name)'; there are: \(registry.metrics.names.joined(separator: ", "))")
        }
        _ = try registry.metrics.resolve(spec)
        return spec
      }
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

  private static func text(_ outcome: FileEvaluation) -> String {
    let report = outcome.report
    var table = TextTable(["", ">"], indent: "  ")
    for figure in report.values { table.add(figure.name, Figures.four(figure.value)) }
    let details = report.tables.map { details in
      var table = TextTable([details.name] + details.columns.map { ">" + $0.name }, indent: "  ")
      for row in details.rows {
        table.rows.append(
          [row.name] + zip(details.columns, row.values).map { Figures.decimal($1, places: $0.decimals) })
      }
      return "\n\n" + table.text
    }
    return
      "\(report.name): \(outcome.imageCount) images, \(outcome.labelCount) labels, "
      + "\(outcome.detectionCount) detections\n" + table.text + details.joined()
  }
}

extension MetricReport {
  /// The fields of `{"AP": …, …}` at full precision, tables last: `"keypoints": {"nose": {…}, …}`.
  fileprivate var jsonFields: [(String, JSONText)] {
    values.map { ($0.name, .number($0.value)) }
      + tables.map { table in
        let rows = table.rows.map { row in
          (row.name, JSONText.object(zip(table.columns, row.values).map { ($0.name, .number($1)) }))
        }
        return (table.name, .object(rows))
      }
  }
}

extension [MetricReport] {
  /// `{"coco_keypoints": {"AP": …}, "pck": {…}, "images": {…}}`; reports of one name share an object, and `images`
  /// tells which images they are of.
  func json(of selection: ImageSelection?) -> JSONText {
    var names: [String] = []
    for report in self where !names.contains(report.name) { names.append(report.name) }
    var objects = names.map { name in
      var seen: Set<String> = []
      let fields = filter { $0.name == name }.flatMap(\.jsonFields)
      return (name, JSONText.object(fields.filter { seen.insert($0.0).inserted }))
    }
    if let selection { objects.append(("images", selection.document)) }
    return .object(objects)
  }
}

extension ImageSelection {
  /// `{"selection": "all", "counted": 5000, …}`.
  var document: JSONText {
    .object([
      ("selection", .string(kind.rawValue)), ("counted", .int(counted)), ("listed", .int(listed)),
      ("with_keypoints", .int(labelled)),
    ])
  }
}
