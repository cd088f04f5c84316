#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A file operation the system refused, with the path and the system's own reason.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Operation: String, Sendable {
    case open, read, write, sync, rename
    case createTemporary = "create a temporary file beside"
  }

  public let operation: Operation
  public let path: String
  /// The value of `errno`.
  public let code: Int32

  public init(_ operation: Operation, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The disk or the user's quota is full.
  public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
  /// The file, or a folder on the way to it, does not exist.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// The system's text for `code`.
  public var reason: String {
    // Opening tells so of pipes, sockets and devices, where the system's text would speak of a missing device.
    if operation == .open && code == ENODEV { return "it is no regular file" }
    return String(cString: strerror(code))
  }

  public var description: String { "\(path): cannot \(operation.rawValue) this file: \(reason)" }
}
