internal import Foundation

extension SweepRunner {
  /// Where everything stands.
  public var progress: SweepProgress {
    let rows = entries.indices.map(row)
    return SweepProgress(rows: rows, timeLeft: timeLeft(rows))
  }

  func row(_ index: Int) -> SweepProgress.Row {
    let entry = entries[index]
    let decisive = entry.state == .finished ? entry.result?[figure: plan.spec.figure] : nil
    let latest = entry.epochs.last?.metrics.first { $0.name == "metrics/mAP50-95(P)" }?.value
    var left: Double?
    if !entry.state.isFinal, let last = entry.epochs.last, last.epoch > 0 {
      left = last.seconds / Double(last.epoch) * Double(max(0, entry.target - last.epoch))
    }
    return SweepProgress.Row(
      variant: entry.run.variant, seed: entry.run.seed, state: entry.state, reason: entry.reason,
      epoch: entry.epochs.count, epochs: entry.run.epochs, figure: decisive ?? latest, timeLeft: left,
      directory: directory.folder(of: entry.run), log: directory.log(of: entry.run))
  }

  /// By the mean time of an epoch so far, and as many runs at once as there may be.
  private func timeLeft(_ rows: [SweepProgress.Row]) -> Double? {
    let done = entries.filter { !$0.epochs.isEmpty }
    let epochs = done.reduce(0) { $0 + $1.epochs.count }
    guard epochs > 0 else { return nil }
    let mean = done.reduce(0) { $0 + ($1.epochs.last?.seconds ?? 0) } / Double(epochs)
    let open = entries.filter { !$0.state.isFinal }
    let left = open.reduce(0) { $0 + max(0, $1.target - $1.epochs.count) }
    return mean * Double(left) / Double(max(1, min(launcher.capacity, open.count)))
  }

  /// The sweep as reports want it.
  public func results() throws -> SweepResults? { try store.results(of: directory.path) }
}

extension SweepPlan {
  /// What the store keeps of the sweep.
  func stored(in directory: String) -> ResultStore.Sweep {
    ResultStore.Sweep(
      directory: directory, name: spec.name, mode: spec.mode.rawValue,
      axes: spec.mode == .cases
        ? [] : spec.axes.map { SweepResults.Axis(name: $0.name, levels: $0.levels.map(\.name)) },
      baseline: baseline, figure: spec.figure, spec: document)
  }
}
