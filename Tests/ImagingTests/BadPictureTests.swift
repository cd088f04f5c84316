import FileSystem
import Foundation
import Imaging
import Testing

@Suite struct `Bad pictures` {
  private func reason(_ bytes: [UInt8], _ limits: ImageLimits = ImageLimits()) -> ImageError.Reason? {
    do throws(ImageError) {
      _ = try Image(decoding: bytes, options: DecodeOptions(limits: limits))
      return nil
    } catch {
      return error.reason
    }
  }

  /// A PNG that claims a size: header, optional chunks, no pixels.
  private func png(width: UInt32, height: UInt32, then rest: [UInt8] = []) -> [UInt8] {
    func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> UInt32(24 - 8 * $0) & 255) } }
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    bytes += Array("IHDR".utf8) + bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0]
    bytes += [0, 0, 0, 0]  // a checksum the header reader does not need
    return bytes + rest + [0, 0, 0, 0] + Array("IDAT".utf8) + [0, 0, 0, 0]
  }

  @Test func `are named with their path`() throws {
    let error = try #require(throws: ImageError.self) { try Image(contentsOf: "/no/such/picture.jpg") }
    #expect(error == ImageError(.missing, path: "/no/such/picture.jpg"))
    #expect(error.description == "/no/such/picture.jpg: no such file")
    let folder = try #require(throws: ImageError.self) { try ImageHeader(contentsOf: Fixtures.imaging.path) }
    #expect(folder.description == "\(Fixtures.imaging.path): cannot open this file: Is a directory")
  }

  @Test func `without a picture in them are told apart`() {
    #expect(reason([]) == .empty)
    #expect(reason(Array("not a picture at all".utf8)) == .notAnImage)
    #expect(reason(Array("<!DOCTYPE html><html>".utf8)) == .notAnImage)
    #expect(reason(Array("GIF89a..........".utf8)) == .unsupported("GIF"))
    #expect(reason(Array("RIFF....WEBPVP8 ".utf8)) == .unsupported("WebP"))
    #expect(reason([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]) == .unsupported("TIFF"))
    #expect(
      ImageError(.unsupported("GIF"), path: "a.jpg").description
        == "a.jpg: GIF is not supported; convert the picture to JPEG or PNG")
  }

  @Test(arguments: [
    "colour.jpg", "progressive.jpg", "cmyk-adobe.jpg", "orientation-6.jpg", "grey.jpg", "rgb.png",
    "interlaced.png",
    "palette.png", "orientation-6.png",
  ])
  func `cut at any byte are truncated`(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    for count in 1..<bytes.count {
      #expect(reason(Array(bytes[..<count])) == .truncated, "\(name) cut to \(count) bytes")
    }
    #expect(reason(bytes) == nil)
    #expect(reason(bytes + [0, 1, 2]) == nil, "bytes behind the end do no harm")
  }

  @Test(arguments: ["colour.jpg", "rgb.png", "orientation-6.jpg", "cmyk-adobe.jpg", "interlaced.png"])
  func `damaged at any byte never crash`(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let limits = ImageLimits(pixels: 1_000_000)
    for position in bytes.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[position] ^= mask
        _ = reason(damaged, limits)
      }
    }
  }

  @Test func `with wrong pixels in a PNG are corrupt`() throws {
    var bytes = try Fixtures.bytes("rgb.png")
    bytes[bytes.count / 2] ^= 0x10
    guard case .corrupt? = reason(bytes) else {
      Issue.record("not refused")
      return
    }
  }

  @Test func `of enormous size are refused by their header`() throws {
    #expect(
      reason(png(width: 60_000, height: 60_000))
        == .tooLarge(width: 60_000, height: 60_000, limit: 200_000_000))
    #expect(
      reason(png(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF))
        == .tooLarge(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF, limit: 200_000_000))
    #expect(reason(png(width: 0, height: 5)) == .corrupt("its header says 0×5 pixels"))
    #expect(
      reason(try Fixtures.bytes("colour.jpg"), ImageLimits(pixels: 390))
        == .tooLarge(width: 23, height: 17, limit: 390))
    #expect(
      ImageError(.tooLarge(width: 60_000, height: 50_000, limit: 200_000_000), path: "a.png").description
        == "a.png: 60000×50000 pixels are more than the limit of 200000000; shrink the picture or raise the limit"
    )
  }

  @Test func `with a chunk longer than the file are truncated`() {
    let chunk: [UInt8] = [0x7F, 0xFF, 0xFF, 0xFF] + Array("zTXt".utf8)
    #expect(reason(png(width: 4, height: 4, then: chunk)) == .truncated)
  }

  @Test func `with too many scans are refused before they are decoded`() throws {
    let bytes = try Fixtures.bytes("progressive.jpg")
    #expect(reason(bytes, ImageLimits(scans: 5)) == .corrupt("more than 5 scans"))
    #expect(reason(bytes, ImageLimits(scans: 20)) == nil)
    // The last scan ten thousand times over.
    let last = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let scan = Array(bytes[last..<bytes.count - 2])
    let bomb = Array(bytes[..<last]) + (0..<10_000).flatMap { _ in scan } + [0xFF, 0xD9]
    #expect(reason(bomb) == .corrupt("more than 100 scans"))
  }

  @Test func `under a wrong extension are decoded by their content`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "poselab-\(UUID().uuidString).jpg").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = try Fixtures.bytes("rgb.png")
    try AtomicFile.write(bytes, to: path)
    let header = try ImageHeader(contentsOf: path)
    #expect(header.format == .png)
    #expect(!header.matchesExtension(of: path))
    #expect(try Image(contentsOf: path) == Image(decoding: bytes))
    #expect(try RandomAccessFile.contents(of: path) == bytes, "reading changes nothing")
  }
}
