/// Why a run cannot begin or go on.
public enum RunError: Error, Sendable, Equatable {
  case folder(String, reason: String)
  /// Another process writes to this folder.
  case inUse(String, process: Int?)
  case nothingToResume(String)
  /// The run has done all its epochs.
  case alreadyFinished(String, epochs: Int)
  /// A batch's loss, or a step's gradient, is not a number. The batch is kept in the file.
  case notFinite(what: String, epoch: Int, batch: Int, replay: String?)
  /// The disk is full; the last checkpoint is whole.
  case diskFull(path: String, lastCheckpoint: String?)
}

extension RunError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .folder(let path, let reason): "\(path): cannot make this folder: \(reason)"
    case .inUse(let path, let process):
      "\(path): another process\(process.map { " (\($0))" } ?? "") works on this run; wait for it or take another name"
    case .nothingToResume(let path):
      "\(path): no weights/last.safetensors here, so there is nothing to resume"
    case .alreadyFinished(let path, let epochs):
      "\(path): this run has done all of its \(epochs) epochs; begin a new one from its weights instead"
    case .notFinite(let what, let epoch, let batch, let replay):
      "the \(what) became infinite or not a number in epoch \(epoch), batch \(batch); training has stopped and "
        + "the last checkpoint is as it was. Try a lower lr0."
        + (replay.map { " The batch is in \($0)." } ?? "")
    case .diskFull(let path, let last):
      "\(path): the disk is full; training has stopped."
        + (last.map { " \($0) is whole: free some space and resume." } ?? "")
    }
  }
}
