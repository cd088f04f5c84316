internal import Training

extension SweepRunner {
  /// Successive halving: who is trained how far. All follows from the epochs in the folders, so that a runner which is
  /// started again decides the same.
  func advanceRungs() throws {
    guard plan.spec.mode == .successiveHalving, let epochs = plan.runs.first?.epochs else { return }
    let halving = plan.spec.halving
    var alive = variants(where: { _ in true })
    for rung in halving.rungs(upTo: epochs) {
      let rows = entries.indices.filter { alive.contains(entries[$0].run.variant) }
      for index in rows where !entries[index].state.isFinal {
        entries[index].target = min(rung, entries[index].run.epochs)
      }
      let isOpen = rows.contains { index in
        let entry = entries[index]
        return entry.state == .running
          || (!entry.state.isFinal && entry.epochs.count < min(rung, entry.run.epochs))
      }
      if isOpen || rung >= epochs { return }
      alive = try survivors(of: alive, after: rung)
    }
  }

  private func variants(where condition: (Entry) -> Bool) -> [String] {
    var seen: Set<String> = []
    return entries.filter(condition).map(\.run.variant).filter { seen.insert($0).inserted }
  }

  /// Ranks variants by their mean over seeds and stops the others. The baseline, which all is compared with, goes on.
  private func survivors(of alive: [String], after rung: Int) throws -> [String] {
    let figure = plan.spec.halving.figure
    var means: [(variant: String, value: Double)] = []
    for variant in alive {
      let values = entries.filter { $0.run.variant == variant }.compactMap { entry in
        entry.epochs.first { $0.epoch == rung }?.columns.first { $0.name == figure }?.value
      }
      guard !values.isEmpty else { continue }
      means.append((variant, values.reduce(0, +) / Double(values.count)))
    }
    let ranked = means.enumerated().sorted {
      let (a, b) = ($0.element.value, $1.element.value)
      return (a.isNaN ? -Double.infinity : a, -$0.offset) > (b.isNaN ? -Double.infinity : b, -$1.offset)
    }.map(\.element.variant)
    let count = plan.spec.halving.survivors(of: ranked.count)
    var chosen = Set(ranked.prefix(count))
    chosen.insert(plan.baseline)
    for index in entries.indices where !chosen.contains(entries[index].run.variant) {
      guard !entries[index].state.isFinal, let place = ranked.firstIndex(of: entries[index].run.variant)
      else { continue }
      try settle(
        index, .stopped, "rank \(place + 1) of \(ranked.count) after \(rung) epoch\(rung == 1 ? "" : "s")")
    }
    return alive.filter(chosen.contains)
  }
}
