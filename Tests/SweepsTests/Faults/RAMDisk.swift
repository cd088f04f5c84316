import Foundation

/// A small file system that goes when the test is over.
final class RAMDisk {
  private let scratch: Scratch
  var path: String { scratch.path }

  /// Whether this process may mount one.
  static let isPossible: Bool = {
    guard getuid() == 0, let disk = try? RAMDisk(kilobytes: 64) else { return false }
    return !disk.path.isEmpty
  }()

  init(kilobytes: Int) throws {
    scratch = try Scratch()
    try Self.call("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", scratch.path)
  }

  func resize(kilobytes: Int) throws {
    try Self.call("mount", "-o", "remount,size=\(kilobytes)k", scratch.path)
  }

  deinit { try? Self.call("umount", "--lazy", scratch.path) }

  private static func call(_ words: String...) throws {
    let (code, output) = try SlurmCluster.run("/usr/bin/env", words)
    guard code == 0 else { throw SlurmCluster.Failure(description: output) }
  }
}
