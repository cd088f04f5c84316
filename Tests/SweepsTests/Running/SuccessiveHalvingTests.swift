import Sweeps
import Testing

@Suite struct `Successive halving` {
  private let section = """
    mode: successive_halving
    halving: {factor: 3, epochs: 1}
    seeds: 2
    axes: {rate: {base: {}, low: {train.lr0: 0.001}, mid: {train.lr0: 0.02}, high: {train.lr0: 0.1}}}
    """
  private let qualities: [(prefix: String, FakeLauncher.Behaviour)] = [
    ("baseline", .trains(quality: 0.1)), ("rate-low", .trains(quality: 0.2)),
    ("rate-mid", .trains(quality: 0.4)), ("rate-high", .trains(quality: 0.3)),
  ]

  /// Epochs by variant.
  private func epochs(_ sweep: FakeSweep) throws -> [String: [Int]] {
    Dictionary(grouping: try sweep.runs(), by: \.variant).mapValues { $0.map(\.epochs.count) }
  }

  @Test func `stops the weak after each rung, but for the baseline`() throws {
    let sweep = try FakeSweep(section)
    let launcher = FakeLauncher(sweep.folder, capacity: 3, qualities)
    #expect(try sweep.run(launcher))
    // Rungs are 1, 3 and 4 epochs: two of four go on, then one of three, and with it the baseline.
    #expect(
      try epochs(sweep) == [
        "baseline": [4, 4], "rate=low": [1, 1], "rate=mid": [4, 4], "rate=high": [3, 3],
      ])
    let runs = try sweep.runs()
    #expect(runs.first { $0.variant == "rate=low" }?.reason == "rank 3 of 4 after 1 epoch")
    #expect(runs.first { $0.variant == "rate=high" }?.reason == "rank 2 of 3 after 3 epochs")
    #expect(runs.filter { $0.state == .stopped }.count == 4)
    #expect(runs.filter { $0.state == .finished }.count == 4)
  }

  @Test func `decides the same when it is started anew after every few runs`() throws {
    let sweep = try FakeSweep(section)
    var starts = 0
    for _ in 0..<20 {
      let launcher = FakeLauncher(sweep.folder, qualities)
      launcher.startsLeft = 3
      let isDone = (try? sweep.run(launcher)) != nil
      starts += launcher.starts.count
      if isDone { break }
    }
    #expect(
      try epochs(sweep) == [
        "baseline": [4, 4], "rate=low": [1, 1], "rate=mid": [4, 4], "rate=high": [3, 3],
      ])
    // Eight for the first rung, six for the second, four for the third: none twice.
    #expect(starts == 18)
  }

  @Test func `goes on with the others where a variant fails`() throws {
    let sweep = try FakeSweep(section)
    try sweep.run(FakeLauncher(sweep.folder, [("rate-mid", .exits(1, after: 0))] + qualities))
    let runs = try sweep.runs()
    #expect(runs.filter { $0.variant == "rate=mid" }.allSatisfy { $0.state == .failed })
    #expect(runs.first { $0.variant == "rate=high" }?.state == .finished)
    #expect(runs.first { $0.variant == "rate=low" }?.state == .stopped)
  }
}
