internal import Foundation
internal import Training

extension SweepRunner {
  /// Looks at every run under way: has it ended, does it still live, is its time up?
  func look() throws {
    for index in entries.indices where entries[index].state == .running {
      refreshEpochs(index)
      if entries[index].isStranger {
        if !directory.stranger(on: entries[index].run).isThere {
          entries[index].isStranger = false
          entries[index].stranger = nil
          try ended(index, .killed(signal: SIGTERM), wasStranger: true)
          continue
        }
      } else if let ending = try entries[index].job?.poll() {
        entries[index].job = nil
        try ended(index, ending)
        continue
      }
      checkTime(index)
    }
  }

  private func ended(_ index: Int, _ ending: JobEnding, wasStranger: Bool = false) throws {
    refreshEpochs(index)
    if directory.isFinished(entries[index].run) { return try finish(index) }
    if entries[index].isOvertime { return try settle(index, .timedOut, entries[index].overtimeReason) }
    switch ending {
    case .exited(0), .exited(130):
      // Paused for its rung, or interrupted. One that ends so without having done anything would be started for ever.
      entries[index].idleEnds += 1
      let isStuck = entries[index].idleEnds > options.restarts + 1 && !isPaused(index)
      try settle(
        index, isStuck ? .failed : .interrupted,
        isStuck ? "ended before its time \(entries[index].idleEnds) times without an epoch in between" : nil)
    case .exited(74):
      try settle(index, .interrupted, "the disk is full")
      throw SweepError.diskFull(directory.path)
    case .exited where directory.stranger(on: entries[index].run).isThere:
      // A process of a runner that was killed was quicker to take the folder.
      try settle(index, .interrupted, nil)
    case .exited(let code):
      try settle(index, .failed, "ended with code \(code): \(lastLine(of: index))")
    case .killed(let signal):
      if wasStranger { return try settle(index, .interrupted, nil) }
      try evict(index, "killed by signal \(signal)\(signal == SIGKILL ? ", perhaps for want of memory" : "")")
    case .evicted(let reason): try evict(index, reason)
    case .lost(let reason): try settle(index, .failed, reason)
    }
  }

  /// Whether it has done the epochs of its rung.
  private func isPaused(_ index: Int) -> Bool {
    entries[index].target < entries[index].run.epochs && entries[index].epochs.count >= entries[index].target
  }

  /// A run that was ended from outside goes on, unless that happens again and again.
  private func evict(_ index: Int, _ reason: String) throws {
    entries[index].kills += 1
    let isHopeless = entries[index].kills > options.restarts
    try settle(
      index, isHopeless ? .failed : .interrupted,
      isHopeless ? "\(reason), \(entries[index].kills) times without an epoch in between" : reason)
  }

  /// Limits of wall time and of silence.
  private func checkTime(_ index: Int) {
    let limits = plan.spec.limits
    let size =
      (try? FileManager.default.attributesOfItem(atPath: directory.log(of: entries[index].run)))?[.size]
      as? NSNumber
    if let size, size.intValue != entries[index].logSize {
      entries[index].logSize = size.intValue
      entries[index].lastSign = clock.now
    }
    guard let started = entries[index].started, let sign = entries[index].lastSign else { return }
    if entries[index].job?.isRunning == false {
      // It waits in a queue.
      entries[index].started = clock.now
      entries[index].lastSign = clock.now
      return
    }
    if let asked = entries[index].stopAsked {
      if clock.now - asked > .seconds(options.grace) { stop(index, atOnce: true) }
      return
    }
    if let minutes = limits.minutes, clock.now - started > .seconds(minutes * 60) {
      giveUp(index, "took longer than its limit of \(Self.text(minutes)) minutes")
    } else if clock.now - sign > .seconds(limits.silentMinutes * 60) {
      giveUp(index, "gave no sign of life for \(Self.text(limits.silentMinutes)) minutes")
    }
  }

  private func giveUp(_ index: Int, _ reason: String) {
    entries[index].isOvertime = true
    entries[index].overtimeReason = reason
    entries[index].stopAsked = clock.now
    stop(index, atOnce: false)
  }

  private func stop(_ index: Int, atOnce: Bool) {
    if let job = entries[index].job {
      job.stop(atOnce: atOnce)
    } else if let process = entries[index].stranger {
      kill(pid_t(process), atOnce ? SIGKILL : SIGTERM)
    }
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e9 ? String(Int(number)) : String(number)
  }

  /// The last line of a run's log that says something.
  private func lastLine(of index: Int) -> String {
    let file = directory.log(of: entries[index].run)
    guard let handle = FileHandle(forReadingAtPath: file) else { return "see \(file)" }
    defer { try? handle.close() }
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 8192 ? size - 8192 : 0)
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    let telling = lines.last { $0.contains("error: ") } ?? lines.last { !$0.isEmpty }
    return telling.map { String($0.prefix(400)) } ?? "see \(file)"
  }

  // Outcomes

  /// Enters a run that has come to its own end.
  func finish(_ index: Int) throws {
    entries[index].state = .finished
    entries[index].reason = nil
    entries[index].job = nil
    directory.clean(entries[index].run)
    let before = entries[index].result
    if before?.state == .finished, !(before?.figures.isEmpty ?? true) { return }
    try keep(index)
  }

  func settle(_ index: Int, _ state: RunState, _ reason: String?) throws {
    entries[index].state = state
    entries[index].reason = reason
    try keep(index)
  }

  /// Brings the store up to date, and tells.
  func keep(_ index: Int) throws {
    let result = try result(of: index)
    try store.save(result, sweep: directory.path, position: entries[index].position)
    entries[index].result = result
    observe(.changed(row(index)))
  }

  /// All that is known of a run.
  func result(of index: Int) throws -> RunResult {
    let entry = entries[index]
    let folder = directory.folder(of: entry.run)
    var result = RunResult(
      id: entry.run.id, variant: entry.run.variant, seed: entry.run.seed, choices: entry.run.choices,
      state: entry.state, reason: entry.reason, directory: folder,
      command: "poselab train " + ShellText.quoted(directory.specFile(of: entry.run)),
      spec: (try? String(contentsOfFile: directory.specFile(of: entry.run), encoding: .utf8)) ?? "",
      cost: entry.run.cost)
    result.cost.latency = entry.result?.cost.latency
    result.take(try RunRecord(folder: folder))
    return result
  }

  /// Runs of one variant have one speed; it is measured when nothing else works.
  func measureLatencies() throws {
    guard let measure = options.latency else { return }
    var known: [String: Double] = [:]
    for index in entries.indices where entries[index].state == .finished {
      let variant = entries[index].run.variant
      if let latency = entries[index].result?.cost.latency {
        known[variant] = latency
        continue
      }
      if known[variant] == nil {
        observe(.note("measuring the speed of \(variant)"))
        known[variant] = try measure(entries[index].run.spec)
      }
      guard let latency = known[variant] else { continue }
      var result = try result(of: index)
      result.cost.latency = latency
      entries[index].result = result
      try store.save(result, sweep: directory.path, position: entries[index].position)
    }
  }
}

/// Text as a shell takes it for one word.
package enum ShellText {
  package static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        || "/._-+=:,@%".unicodeScalars.contains(scalar)
    }
    if isPlain && !text.isEmpty { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
