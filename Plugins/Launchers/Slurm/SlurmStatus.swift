internal import Sweeps

/// One task of a job array, `12_3`.
struct SlurmTask: Hashable, Codable, CustomStringConvertible {
  var job: Int
  var index: Int

  var description: String { "\(job)_\(index)" }
}

/// What Slurm says of a task, or of all tasks of an array that have no line of their own.
struct SlurmStatus: Equatable {
  var job: Int
  /// Nil for the whole array.
  var index: Int?
  /// Such as `RUNNING`.
  var state: String
  var code: Int32
  var signal: Int32

  /// A line of `squeue`: task, state, exit code.
  init?(queueLine line: Substring) {
    self.init(fields: line.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  /// A line of `sacct`: `12_3|CANCELLED by 1000|0:15`.
  init?(accountLine line: Substring) {
    self.init(fields: line.split(separator: "|").map(String.init))
  }

  private init?(fields: [String]) {
    guard fields.count == 3 else { return nil }
    let parts = fields[0].split(separator: "_", maxSplits: 1)
    guard let first = parts.first, let job = Int(first) else { return nil }
    self.job = job
    // `12_[4-7]` are those that wait.
    index = parts.count > 1 ? Int(parts[1]) : nil
    state = String(fields[1].prefix { $0 != " " && $0 != "+" })
    // `code:signal`, or as wait(2) has it.
    let numbers = fields[2].split(separator: ":").compactMap { Int32($0) }
    switch numbers.count {
    case 2: (code, signal) = (numbers[0], numbers[1])
    case 1: (code, signal) = (numbers[0] >> 8 & 0xFF, numbers[0] & 0x7F)
    default: return nil
    }
  }

  func matches(_ task: SlurmTask) -> Bool { job == task.job && (index == nil || index == task.index) }

  var isWaiting: Bool {
    [
      "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "RESV_DEL_HOLD", "SPECIAL_EXIT",
      "SUSPENDED", "STOPPED",
    ].contains(state)
  }

  var isRunning: Bool { ["RUNNING", "COMPLETING", "SIGNALING", "STAGE_OUT", "RESIZING"].contains(state) }

  /// Nil while it waits or runs.
  var ending: JobEnding? {
    if isWaiting || isRunning { return nil }
    switch state {
    case "COMPLETED": return .exited(0)
    case "FAILED": return signal != 0 ? .killed(signal: signal) : .exited(code)
    case "CANCELLED": return .lost("cancelled in Slurm")
    case "TIMEOUT", "DEADLINE": return .lost("took longer than Slurm's time limit")
    case "OUT_OF_MEMORY": return .lost("needed more memory than Slurm gave it")
    case "NODE_FAIL", "BOOT_FAIL": return .evicted("its node failed")
    case "PREEMPTED": return .evicted("another job took its place")
    default: return .evicted("Slurm ended it: \(state)")
    }
  }
}
