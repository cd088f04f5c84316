internal import Foundation

/// Tells that a process writes a run's log, from its very start: it inherits the lock with the open file, and the system
/// frees it when the process ends, however that is. The lock of the run's folder comes only moments later.
package enum LogLock {
  /// Takes the lock for whoever inherits `descriptor`.
  ///
  /// - Returns: false where another process holds it.
  package static func take(_ descriptor: Int32) -> Bool {
    // Some network file systems know no locks.
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// Whether a process holds the lock of this file; it is left alone.
  package static func isTaken(_ path: String) -> Bool { holder(of: path) != nil }

  /// The number that a `FileLock`'s file gives of the process that holds it, 0 where it gives none; nil where nobody
  /// holds it.
  static func holder(of path: String) -> Int? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return 0 }
    return Int(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self)) ?? 0
  }
}
