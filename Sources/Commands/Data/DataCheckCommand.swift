internal import ArgumentParser
internal import Config
internal import Data
internal import DataQuality
internal import FileSystem
internal import Foundation
internal import PoseCore
internal import PoseLab
internal import Training

/// `poselab data check`: what is wrong with a data set.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find what is wrong with a data set's images and labels; write a corrected copy.",
    discussion: """
      Reads every image and label once and tells, with file and line: images that are unreadable, truncated, \
      twice there (also in two splits), turned, or misnamed; boxes outside, tiny or without keypoints; keypoints \
      far from their box or labelled at (0, 0); left and right exchanged; misused visibility flags; doubtful \
      flip_idx; classes and keypoints never seen; areas and sigmas that spoil OKS.

        poselab data check data.yaml
        poselab data check data.yaml --html check.html --fix corrected

      Exit code 1 tells that there are errors; warnings alone give 0.
      """)

  @Argument(
    help: ArgumentHelp(
      "The dataset YAML, its folder, or the name of one that PoseLab brings.", valueName: "data"))
  var data: String
  @Option(help: "Look at this split alone: train, val or test.") var split: String?
  @Option(help: "Write one HTML page with pictures.") var html: String?
  @Option(help: "Write a corrected copy into this new folder; the data set itself is never changed.")
  var fix: String?
  @Option(help: "Findings of each kind to print.") var show = 5
  @Flag(help: "Print one JSON object with up to 1,000 findings of each kind.") var json = false

  func run() throws {
    let spec = try UsageError.marking { try DatasetArgument.spec(data) }
    let splits = try split.map { [try DatasetArgument.split($0, of: spec)] }
    let check = DatasetCheck(spec, splits: splits, formats: PoseLabCommand.registry.datasets)
    let line = SharedProgressLine("checking")
    let report = try check.run { line.show($0, of: $1) }
    line.close()
    if json {
      Console.output(Self.document(report).text)
    } else {
      print(report)
    }
    if let html {
      try AtomicFile.write(report.html(), to: html)
      Console.note("page with pictures: \(html)")
    }
    if let fix {
      let copying = SharedProgressLine("copying")
      let summary = try CorrectedCopy(report, to: fix).write { copying.show($0, of: $1) }
      copying.close()
      Console.note(
        "corrected copy: \(summary.file) with \(summary.images) images and \(summary.objects) objects;"
          + " \(summary.objectsChanged) objects changed, \(summary.rowsLeftOut) rows and \(summary.imagesLeftOut)"
          + " images left out")
    }
    if report.findings.errorCount > 0 { throw CommandOutcome.failed }
  }

  private func print(_ report: CheckReport) {
    for (split, images, objects) in report.counts {
      Console.output("\(split.rawValue): \(images) images, \(objects) objects")
    }
    let findings = report.findings
    for kind in findings.kinds {
      let count = findings.counts[kind, default: 0]
      Console.output("\n\(kind.severity.rawValue): \(kind.title): \(count)")
      Console.output("  \(kind.explanation) \(kind.remedy)")
      for finding in findings.examples[kind, default: []].prefix(max(0, show)) {
        Console.output("  \(finding.place): \(finding.message)")
      }
      if count > show { Console.output("  and \(count - max(0, show)) more") }
    }
    Console.output(
      findings.kinds.isEmpty
        ? "\nnothing was found" : "\n\(findings.errorCount) errors, \(findings.warningCount) warnings")
  }

  private static func document(_ report: CheckReport) -> JSONText {
    let kinds = report.findings.kinds.map { kind in
      JSONText.object([
        ("kind", .string(kind.rawValue)), ("severity", .string(kind.severity.rawValue)),
        ("title", .string(kind.title)), ("remedy", .string(kind.remedy)),
        ("correction", kind.correction.map { .string($0) } ?? .null),
        ("count", .int(report.findings.counts[kind, default: 0])),
        ("findings", .array(report.findings.examples[kind, default: []].map(Self.document))),
      ])
    }
    let splits = report.counts.map { row in
      (row.split.rawValue, JSONText.object([("images", .int(row.images)), ("objects", .int(row.objects))]))
    }
    return .object([
      ("data", .string(report.spec.file)), ("splits", .object(splits)),
      ("errors", .int(report.findings.errorCount)), ("warnings", .int(report.findings.warningCount)),
      ("kinds", .array(kinds)),
    ])
  }

  private static func document(_ finding: Finding) -> JSONText {
    var fields: [(String, JSONText)] = [("path", .string(finding.path))]
    switch finding.row {
    case .line(let line): fields.append(("line", .int(line)))
    case .annotation(let index): fields.append(("annotation", .int(index)))
    case nil: break
    }
    fields.append(("message", .string(finding.message)))
    if let image = finding.image { fields.append(("image", .string(image))) }
    return .object(fields)
  }
}

/// A data set as commands take it.
enum DatasetArgument {
  static func spec(_ name: String) throws -> DatasetSpec { try DataReference.file(name).resolve() }

  static func split(_ name: String, of spec: DatasetSpec) throws -> DatasetSplit {
    guard let split = DatasetSplit(rawValue: name) else {
      throw UsageError("--split must be train, val or test, not '\(name)'")
    }
    _ = try spec.source(of: split)
    return split
  }
}

/// A progress line whose total is known later, and which several threads may show.
///
/// `@unchecked Sendable`: `lock` guards the line.
final class SharedProgressLine: @unchecked Sendable {
  private let title: String
  private let lock = NSLock()
  private var line: ProgressLine?

  init(_ title: String) { self.title = title }

  func show(_ done: Int, of total: Int) {
    lock.withLock {
      let line = line ?? ProgressLine(title, total: total)
      self.line = line
      line.show(done)
    }
  }

  func close() { lock.withLock { line?.close() } }
}
