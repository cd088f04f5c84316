internal import Config
internal import Foundation
internal import PoseCore

/// Hands what happens in a run to its loggers, and turns their failures into warnings.
final class RunLog {
  private struct Entry {
    var name: String
    var logger: any RunLogger
    /// Told already; a log that fails epoch by epoch for the same reason says so once.
    var told: Set<String> = []
    var silenced = 0
  }

  private var entries: [Entry]
  private let spec: String
  private let makeGraph: () -> LoggedGraph

  /// - Parameters:
  ///   - spec: the resolved experiment, as YAML.
  ///   - graph: of the model; asked for when the run begins.
  init(
    _ loggers: [(name: String, logger: any RunLogger)] = [], spec: String = "",
    graph: @escaping () -> LoggedGraph = { LoggedGraph(nodes: []) }
  ) {
    entries = loggers.map { Entry(name: $0.name, logger: $0.logger) }
    self.spec = spec
    makeGraph = graph
  }

  /// - Parameters:
  ///   - epoch: epochs that are done.
  ///   - history: of the run so far.
  /// - Returns: warnings.
  func handle(_ event: TrainingEvent, epoch: Int, history: [EpochRecord]) -> [String] {
    if entries.isEmpty { return [] }
    switch event {
    case .started(let summary):
      let run = LoggedRun(
        summary: summary, spec: spec, settings: Self.settings(spec), model: makeGraph(),
        history: summary.resumedAt == nil ? [] : history)
      return each { try $0.start(run) }
    case .epochFinished(let record):
      return each { try $0.log(record) }
    case .picture(let path):
      let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
      let picture = LoggedPicture(name: name, path: path, epoch: epoch)
      return each { try $0.log(picture) }
    case .finished(let outcome):
      return finish(.ended(outcome))
    default:
      return []
    }
  }

  func finish(_ ending: LoggedEnding) -> [String] {
    let warnings = each { try $0.finish(ending) }
    return warnings
      + entries.compactMap { entry in
        guard entry.silenced > 0 else { return nil }
        let times = "\(entry.silenced) more time\(entry.silenced == 1 ? "" : "s")"
        return "logger '\(entry.name)': the same happened \(times)"
      }
  }

  private func each(_ body: (any RunLogger) throws -> Void) -> [String] {
    var warnings: [String] = []
    for index in entries.indices {
      var faults: [String] = []
      do {
        try body(entries[index].logger)
      } catch {
        faults.append("\(error)")
      }
      for fault in faults + entries[index].logger.takeWarnings() {
        if entries[index].told.insert(fault).inserted {
          warnings.append("logger '\(entries[index].name)': \(fault)")
        } else {
          entries[index].silenced += 1
        }
      }
    }
    return warnings
  }

  /// Every value of the spec by its dotted path.
  static func settings(_ spec: String) -> [(path: String, value: String)] {
    guard let document = try? Document(text: spec, name: "experiment.yaml") else { return [] }
    return settings(document.root, at: "")
  }

  private static func settings(_ node: Node, at path: String) -> [(path: String, value: String)] {
    if case .mapping(let entries) = node.value, !entries.isEmpty {
      return entries.flatMap { settings($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
    guard !path.isEmpty else { return [] }
    if case .sequence(let nodes) = node.value, nodes.contains(where: { $0["type"] != nil }) {
      return nodes.enumerated().flatMap { settings($0.element, at: "\(path).\($0.offset)") }
    }
    if case .string(let text) = node.value { return [(path, text)] }
    return [(path, node.flowText)]
  }
}
