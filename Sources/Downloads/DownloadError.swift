public import FileSystem

/// Why a file could not be fetched or unpacked, and what to do.
public struct DownloadError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Problem: Sendable, Equatable {
    /// An answer that repeating does not change, such as 404.
    case refused(status: Int)
    /// Still failing after the last attempt.
    case failed(attempts: Int, reason: String)
    /// A redirection to something that is not HTTP, or from HTTPS to HTTP.
    case unsafeRedirection(String)
    case noSpace(needed: Int, available: Int)
    case file(FileError)
    case badArchive(entry: String?, reason: String)
    /// Not the picture that the annotations are of.
    case wrongPicture(String)
    case cancelled
  }

  /// The address, or the archive's path.
  public var source: String
  public var problem: Problem

  public init(_ source: String, _ problem: Problem) {
    self.source = source
    self.problem = problem
  }

  /// There is no room for what is to come.
  public var isDiskFull: Bool {
    switch problem {
    case .noSpace: true
    case .file(let error): error.isDiskFull
    default: false
    }
  }

  public var description: String {
    switch problem {
    case .refused(let status):
      "\(source): the server answers \(status); is the address right?"
    case .failed(let attempts, let reason):
      "\(source): gave up after \(attempts) attempts: \(reason); run the same command again to go on"
    case .unsafeRedirection(let target):
      "\(source): refused to follow a redirection to \(target)"
    case .noSpace(let needed, let available):
      "\(source): takes \(ByteCount(needed)), but \(ByteCount(available)) are free; make room, or choose another "
        + "folder with --output"
    case .file(let error): error.description
    case .badArchive(let entry, let reason):
      "\(source): \(entry.map { "entry '\($0)': " } ?? "")\(reason); remove the archive to fetch it again"
    case .wrongPicture(let reason): "\(source): \(reason)"
    case .cancelled: "\(source): stopped; run the same command again to go on"
    }
  }
}

/// A number of bytes for people.
public struct ByteCount: Sendable, CustomStringConvertible {
  public var bytes: Int

  public init(_ bytes: Int) { self.bytes = bytes }

  public var description: String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1000, unit + 1 < units.count {
      value /= 1000
      unit += 1
    }
    if unit == 0 { return "\(bytes) bytes" }
    let tenths = (value * 10).rounded()
    return value < 10 && unit > 1 ? "\(tenths / 10) \(units[unit])" : "\(Int(value.rounded())) \(units[unit])"
  }
}
