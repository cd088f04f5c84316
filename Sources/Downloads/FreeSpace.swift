internal import Foundation

/// Room on a disk.
enum FreeSpace {
  /// Bytes that may still be written below a folder, which need not exist yet; nil where the system does not tell.
  static func bytes(at folder: String) -> Int? {
    var path = folder
    while true {
      var status = statvfs()
      if statvfs(path, &status) == 0 {
        let (bytes, isTooMuch) = UInt64(status.f_bavail).multipliedReportingOverflow(
          by: UInt64(status.f_frsize))
        return isTooMuch ? .max : Int(clamping: bytes)
      }
      let parent = (path as NSString).deletingLastPathComponent
      guard parent != path else { return nil }
      path = parent.isEmpty ? "." : parent
    }
  }

  /// - Throws: `DownloadError.Problem.noSpace`.
  static func require(_ needed: Int, at folder: String) throws(DownloadError) {
    if let available = bytes(at: folder), available < needed {
      throw DownloadError(folder, .noSpace(needed: needed, available: available))
    }
  }
}
