internal import ArgumentParser
internal import Config
internal import Foundation
internal import PoseLab
internal import Sweeps

/// `poselab report`: from runs to tables and plots.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the report of a sweep, or of any runs: a page, tables, numbers.",
    discussion: """
      Writes report.html (one file that fetches nothing: tables, tests, effects, accuracy against \
      cost, learning curves, keypoints, pictures, commands), table.md, table.tex and results.csv.

        poselab report runs/sweeps/quickstart
        poselab report quickstart --figure coco_keypoints/AP50 --output paper
        poselab report runs/pose/train runs/pose/train-2

      A sweep is named by its folder or its name. Runs are named by their folders or the end of \
      them; the first is what the others are compared with, and runs that differ in the seed \
      alone are one variant.
      """)

  @Argument(help: ArgumentHelp("A sweep, or runs.", valueName: "sweep|runs")) var names: [String]
  @Option(help: ArgumentHelp("Folder of the report.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("What decides, such as coco_keypoints/AP50.", valueName: "metric/name"))
  var figure: String?
  @Option(help: ArgumentHelp("The variant that the others are compared with.", valueName: "variant"))
  var baseline: String?
  @Option(help: ArgumentHelp("The variant whose pictures are shown; else the best.", valueName: "variant"))
  var show: String?
  @Option(help: ArgumentHelp("Pictures of each kind; 0 for none.", valueName: "number"))
  var pictures = 4
  @Option(help: ArgumentHelp("Samples of the bootstrap; 0 for no intervals.", valueName: "number"))
  var samples = 2000
  @Option(help: ArgumentHelp("The database of results; else that of the sweep.", valueName: "file"))
  var database: String?
  @Flag(help: "Print one JSON document on standard output; all else goes to standard error.")
  var json = false

  func run() throws {
    let results = try UsageError.marking { try chosen() }
    let options = ReportOptions(samples: samples, shownVariant: show, pictures: pictures)
    let finished = results.runs.count { $0.state == .finished }
    if finished < results.runs.count {
      Console.note("\(finished) of \(results.runs.count) runs are finished; the report is of these")
    }
    let analysis = SweepAnalysis(results, samples: options.samples, seed: options.seed)
    let files = try SweepReport.write(results, analysis, to: folder(of: results), options: options)
      .map(RunArchive.shortened)
    if json { return Console.output(analysis.document(of: results, files: files).text) }
    Console.output(analysis.table(of: results) + "\n")
    for note in analysis.notes { Console.note(note) }
    for file in files { Console.output(file) }
  }

  /// The results, with everything that the options name found in them.
  private func chosen() throws -> SweepResults {
    for (name, value, range) in [("pictures", pictures, 0...50), ("samples", samples, 0...1_000_000)]
    where !range.contains(value) {
      throw UsageError("--\(name) must be \(range.lowerBound) to \(range.upperBound), but is \(value)")
    }
    var results = try RunArchive(file, mayBegin: names.contains(where: Self.isRun)).results(
      names, figure: figure)
    if let baseline {
      try Self.check(baseline, "baseline", results)
      results.baseline = baseline
    }
    if let show { try Self.check(show, "show", results) }
    return results
  }

  /// Beside the folder of sweeps that the first name lies in; by custom in `runs`.
  private var file: String {
    if let database { return database }
    let sweep = (names.first ?? "") as NSString
    if FileManager.default.fileExists(atPath: sweep.appendingPathComponent("sweep.json")) {
      return Sweep.store(of: (RunArchive.absolute(names[0]) as NSString).deletingLastPathComponent)
    }
    return StoreArguments.standard
  }

  private static func isRun(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: (name as NSString).appendingPathComponent("experiment.yaml"))
  }

  private static func check(_ variant: String, _ option: String, _ results: SweepResults) throws {
    let names = results.variants
    guard !names.contains(variant) else { return }
    var hint = suggestion(for: variant, among: names)
    if hint.isEmpty { hint = "; there are: \(names.joined(separator: "; "))" }
    throw UsageError("--\(option): no variant '\(variant)'\(hint)")
  }

  /// In the sweep's folder, or beside the database.
  private func folder(of results: SweepResults) -> String {
    if let output { return output }
    let sweep = results.mode == "runs" ? nil : results.runs.first?.directory
    let above = sweep.map { ($0 as NSString).deletingLastPathComponent }
    return (above ?? (file as NSString).deletingLastPathComponent) + "/report"
  }
}
