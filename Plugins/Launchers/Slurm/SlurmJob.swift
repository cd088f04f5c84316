internal import Sweeps

/// A task of a job array.
final class SlurmJob: LaunchedJob {
  /// What the runner wants of it, in the order of urgency.
  enum Wish: Int, Comparable {
    case none, checkpoint, end

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  private weak var launcher: SlurmLauncher?
  /// Nil until it was submitted.
  var task: SlurmTask?
  var isRunning = false
  var ending: JobEnding?
  var wish = Wish.none
  /// What Slurm was told.
  var granted = Wish.none
  /// Looks in a row at which Slurm did not know it.
  var absences = 0

  init(_ launcher: SlurmLauncher) { self.launcher = launcher }

  func poll() throws -> JobEnding? {
    if ending == nil { try launcher?.refresh() }
    return ending
  }

  func stop(atOnce: Bool) { wish = max(wish, atOnce ? .end : .checkpoint) }
}
