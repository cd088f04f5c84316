internal import FileSystem
internal import Foundation
internal import Imaging
internal import Synchronization

/// Decoded and resized images on disk, within a budget of bytes: a file each, named by the image's path, its state and
/// the size it was resized for, so that an image that changes is not found any more.
///
/// Several processes may share the folder. What cannot be written or read is decoded again.
final class DiskImageCache: Sendable {
  let folder: String
  private let imageSize: Int
  private let budget: Int
  private let used: Mutex<Int>

  private static let headSize = 40
  private static let magic: UInt64 = 0x3142_4752_4C50_0A0D

  /// Makes the folder; files beyond the budget go, the oldest first.
  ///
  /// - Parameter budget: in bytes, of all files in the folder.
  init?(folder: String, imageSize: Int, budget: Int) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard access(folder, W_OK | X_OK) == 0 else { return nil }
    self.folder = folder
    self.imageSize = imageSize
    self.budget = budget
    AtomicFile.removeLeftovers(in: folder)
    var files: [(path: String, size: Int, time: Int)] = []
    for name in FolderListing.names(in: folder, limit: 10_000_000) where name.hasSuffix(".rgb") {
      var status = stat()
      if stat("\(folder)/\(name)", &status) == 0 {
        files.append(("\(folder)/\(name)", Int(status.st_size), Int(status.st_mtim.tv_sec)))
      }
    }
    var total = files.reduce(0) { $0 + $1.size }
    for file in files.sorted(by: { ($0.time, $0.path) < ($1.time, $1.path) }) where total > budget {
      if unlink(file.path) == 0 { total -= file.size }
    }
    used = Mutex(total)
  }

  /// Bytes of all files.
  var bytes: Int { used.withLock { $0 } }

  private func file(_ path: String) -> String {
    var hash = ContentHash()
    hash.add(path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path)
    let stamp = FileStamp(path)
    withUnsafeBytes(of: stamp) { bytes in hash.add(bytes.map { $0 }) }
    hash.add(imageSize)
    return "\(folder)/\(hash.text).rgb"
  }

  /// - Parameter size: what the resized image must have.
  func image(_ path: String, size: ImageSize) -> Image? {
    guard let bytes = try? RandomAccessFile.contents(of: file(path)) else { return nil }
    let length = size.width * size.height * 3
    guard bytes.count == Self.headSize + length else { return nil }
    return bytes.withUnsafeBytes { raw -> Image? in
      func word(_ index: Int) -> UInt64 { raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
      let pixels = UnsafeRawBufferPointer(rebasing: raw[Self.headSize...])
      let checksum = ContentHash.of(words: pixels)
      guard word(0) == Self.magic, word(1) == UInt64(size.width), word(2) == UInt64(size.height),
        word(3) == checksum.first, word(4) == checksum.second
      else { return nil }
      return Image(width: size.width, height: size.height, pixels: Array(pixels))
    }
  }

  /// Writes the image, if the budget allows.
  func keep(_ image: Image, of path: String) {
    let size = Self.headSize + image.pixels.count
    let fits = used.withLock { used in
      if used + size > budget { return false }
      used += size
      return true
    }
    guard fits else { return }
    let checksum = image.pixels.withUnsafeBytes(ContentHash.of(words:))
    let head = [Self.magic, UInt64(image.width), UInt64(image.height), checksum.first, checksum.second]
    let name = file(path)
    var status = stat()
    let isThere = stat(name, &status) == 0
    do {
      try AtomicFile.write(to: name, durable: false) { file in
        try head.withUnsafeBytes { try file.write($0) }
        try image.pixels.withUnsafeBytes { try file.write($0) }
      }
      if isThere { used.withLock { $0 -= Int(status.st_size) } }
    } catch {
      // A full disk is no reason to stop: the image is decoded again next time.
      used.withLock { $0 -= size }
    }
  }
}
