internal import FileSystem

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// What the system says of a file without reading it: enough to tell that it is still the same.
///
/// Size and modification time alone can be kept by an edit; the change time cannot, since the system sets it at every
/// write, rename and even at every setting of the other times.
struct FileStamp: Sendable, Equatable, BitwiseCopyable {
  private var device: UInt64
  private var inode: UInt64
  private var size: Int64
  /// Nanoseconds since 1970.
  private var modified: Int64
  private var changed: Int64

  /// There is no such file.
  static let absent = FileStamp(device: 0, inode: 0, size: -1, modified: 0, changed: 0)
  /// Equal to no file, there or not: what bears it is looked at again.
  static let unsettled = FileStamp(device: 0, inode: 0, size: -2, modified: 0, changed: 0)

  private init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
  }

  /// - Parameter folder: an open folder that a relative path starts from; nil for the working folder.
  init(_ path: UnsafePointer<CChar>, in folder: Int32? = nil) {
    var status = stat()
    guard fstatat(folder ?? AT_FDCWD, path, &status, 0) == 0 else {
      self = errno == ENOENT || errno == ENOTDIR ? .absent : .unsettled
      return
    }
    func nanoseconds(_ time: timespec) -> Int64 {
      Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
    #if canImport(Darwin)
    let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
    let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    self.init(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino),
      size: Int64(status.st_size), modified: nanoseconds(modified), changed: nanoseconds(changed))
  }

  init(_ path: String) { self = path.withCString { FileStamp($0) } }

  /// The stamp itself if the file was last touched before `time`, else one that equals none.
  ///
  /// Clocks of file systems are coarse: of two writes in one tick the second leaves the stamp as it is. So files that
  /// were new when they were read are not trusted, but read again next time.
  ///
  /// - Parameter time: nanoseconds since 1970.
  func settled(before time: Int64) -> FileStamp {
    self == .absent || max(changed, modified) < time ? self : .unsettled
  }

  /// Nanoseconds since 1970, by the clock that files' times come from.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
