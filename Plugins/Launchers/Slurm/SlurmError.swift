/// Why Slurm cannot run jobs.
public enum SlurmError: Error, Sendable, Equatable, CustomStringConvertible {
  case missing(command: String)
  /// A command of Slurm's failed, with what it said.
  case failed(command: String, reason: String)
  /// `sbatch` printed something else than a job's number.
  case notUnderstood(command: String, output: String)

  /// Whether the same may work in a moment.
  var isPassing: Bool {
    guard case .failed(_, let reason) = self else { return false }
    return ["Unable to contact", "imed out", "temporarily"].contains { reason.contains($0) }
  }

  public var description: String {
    switch self {
    case .missing(let command):
      "the launcher 'slurm' needs Slurm's command '\(command)', which is not in PATH; on Debian the package "
        + "slurm-client has it (slurm-wlm has the whole of Slurm)"
    case .failed(let command, let reason): "\(command): \(reason)"
    case .notUnderstood(let command, let output): "\(command) printed '\(output)' instead of a job's number"
    }
  }
}
