import FileSystem
import Foundation
import Imaging
import Testing

@Suite struct `Encoding pictures` {
  private var picture: Image {
    get throws { try Image(contentsOf: Fixtures.path("rgb.png")) }
  }

  @Test func `PNG keeps every pixel`() throws {
    let picture = try picture
    for compression in [0, 6, 9] {
      #expect(try Image(decoding: picture.png(compression: compression)) == picture)
    }
  }

  @Test func `JPEG stays close and gets closer with quality`() throws {
    let picture = try picture
    func difference(_ quality: Int) throws -> Int {
      let decoded = try Image(decoding: picture.jpeg(quality: quality, subsampling: .none))
      return zip(decoded.pixels, picture.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(try difference(100) < difference(90))
    #expect(try difference(90) < difference(30))
    #expect(try difference(100) < picture.pixels.count * 2)
    #expect(try picture.jpeg(subsampling: .quarter).count < picture.jpeg(subsampling: .none).count)
  }

  @Test func `gives the same bytes each time`() throws {
    let picture = try picture
    #expect(try picture.jpeg() == picture.jpeg())
    #expect(try picture.png() == picture.png())
  }

  @Test func `writes what the extension says`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "poselab-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let picture = try picture
    try picture.write(to: folder + "/a.JPEG")
    try picture.write(to: folder + "/a.png")
    #expect(try ImageHeader(contentsOf: folder + "/a.JPEG").format == .jpeg)
    #expect(try Image(contentsOf: folder + "/a.png") == picture)
    let unknown = try #require(throws: ImageError.self) { try picture.write(to: folder + "/a.tif") }
    #expect(
      unknown.description == "\(folder)/a.tif: the extension names no picture format; use .jpg or .png")
    let missing = try #require(throws: ImageError.self) { try picture.write(to: folder + "/b/a.png") }
    guard case .file(let error) = missing.reason else {
      Issue.record("\(missing)")
      return
    }
    #expect(error.isMissing)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.JPEG", "a.png"])
  }

  @Test func `refuses a side that JPEG cannot hold`() throws {
    let error = try #require(throws: ImageError.self) { try Image(width: 65_536, height: 1).jpeg() }
    #expect(error.description.contains("65535"))
  }
}
