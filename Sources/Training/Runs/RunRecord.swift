internal import Foundation

/// What a run's folder says of the run: epochs so far, and once it has ended by itself its outcome.
public struct RunRecord: Sendable {
  public var epochs: [EpochRecord]
  /// By metric, in the order of names; those of tables as `keypoints/nose/OKS`. Empty until the run has ended.
  public var metrics: [(metric: String, values: [(name: String, value: Double)])]
  /// Seconds of training; nil until the run has ended.
  public var seconds: Double?
  /// How it ended; nil if it has not.
  public var ending: TrainingOutcome.Ending?
  public var environment: String
  public var spec: String
  public var images: ImageScoreTable?

  /// Reads a run's folder, whatever of it is there.
  ///
  /// - Throws: if a file that is there is damaged; each is written whole, so someone has changed it.
  public init(folder: String) throws {
    func text(_ name: String) -> String? { try? String(contentsOfFile: folder + "/" + name, encoding: .utf8) }
    environment = text("environment.json") ?? ""
    spec = text("experiment.yaml") ?? ""
    epochs = try ResultsTable(jsonLines: text("metrics.jsonl") ?? "").records
    metrics = []
    guard let summary = text(RunDirectory.summaryName) else { return }
    guard let fields = try JSONSerialization.jsonObject(with: Data(summary.utf8)) as? [String: Any] else {
      throw CocoaError(.fileReadCorruptFile, userInfo: [NSFilePathErrorKey: folder])
    }
    ending = (fields["ending"] as? String).flatMap(TrainingOutcome.Ending.init(rawValue:))
    seconds = (fields["seconds"] as? NSNumber)?.doubleValue
    let found = fields["metrics"] as? [String: [String: Any]] ?? [:]
    metrics = found.sorted { $0.key < $1.key }.map { metric, values in
      (metric: metric, values: Self.figures(values))
    }
    let scores = folder + "/" + ImageScoreTable.fileName
    if FileManager.default.fileExists(atPath: scores) { images = try ImageScoreTable(contentsOf: scores) }
  }

  private static func figures(
    _ values: [String: Any], within path: String = ""
  ) -> [(name: String, value: Double)] {
    values.sorted { $0.key < $1.key }.flatMap { name, value in
      if let table = value as? [String: Any] { return figures(table, within: path + name + "/") }
      return (value as? NSNumber).map { [(name: path + name, value: $0.doubleValue)] } ?? []
    }
  }
}
