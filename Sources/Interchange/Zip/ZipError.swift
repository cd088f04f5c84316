public import FileSystem

/// Why a zip archive cannot be read: the file, the entry if one is to blame, and the fault.
public struct ZipError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// The operating system refused.
    case file(FileError)
    /// There is no end record, which is what the end of a zip archive is.
    case truncated
    /// A record of the archive is not as it must be; `offset` counts bytes from the start of the file.
    case malformed(offset: Int, reason: String)
    /// The entry is compressed; `method` is the format's number for how.
    case compressed(method: Int)
    case encrypted
    /// The name leads out of the archive, or holds what names must not.
    case unsafeName
    case duplicateName
    /// Bytes belong to two entries.
    case overlap(with: String)
    /// The entry does not lie within the file.
    case outOfBounds
    /// The bytes are not those that were written.
    case wrongChecksum
    case noSuchEntry
    /// The entry holds more than whoever reads it allows.
    case tooLarge(size: Int, limit: Int)
    /// What is to be written does not fit into an archive of this kind.
    case tooLargeToWrite
  }

  public let file: String
  public let entry: String?
  public let problem: Problem

  public init(file: String, entry: String? = nil, problem: Problem) {
    self.file = file
    self.entry = entry
    self.problem = problem
  }

  public var description: String {
    let place = entry.map { "\(file): entry '\(printable($0))'" } ?? file
    return "\(place): \(printable(problem.sentence))"
  }
}

extension ZipError.Problem {
  fileprivate var sentence: String {
    switch self {
    case .file(let error): "cannot \(error.operation.rawValue) this file: \(error.reason)"
    case .truncated:
      "the end of the zip archive is missing; the file is truncated, so copy or download it again"
    case .malformed(let offset, let reason): "damaged zip archive at byte \(offset): \(reason)"
    case .compressed(let method):
      "is compressed (method \(method)); only stored entries are read, which is what PyTorch writes"
    case .encrypted: "is encrypted"
    case .unsafeName:
      "has a name that leads out of the archive or holds what names must not; the file is refused"
    case .duplicateName: "appears twice"
    case .overlap(let other): "shares bytes with entry '\(other)'; the file is refused"
    case .outOfBounds: "does not lie within the file; the file is truncated or damaged"
    case .wrongChecksum: "its checksum is wrong: the file is damaged, so copy or download it again"
    case .noSuchEntry: "not in the archive"
    case .tooLarge(let size, let limit): "has \(size) bytes, but at most \(limit) are read"
    case .tooLargeToWrite: "archives of 4 GB and more, or of 65,535 entries and more, are not written"
    }
  }
}
