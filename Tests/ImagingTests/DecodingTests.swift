import Foundation
import Imaging
import Testing

@Suite struct `Decoding pictures` {
  struct Expected: Decodable {
    var width: Int
    var height: Int
    var sha256: String
  }

  private func expected() throws -> [String: Expected] {
    try Fixtures.json([String: Expected].self, at: Fixtures.imaging.appending(path: "index.json"))
  }

  @Test func `digests are those of the standard`() {
    #expect(sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func `gives the pixels of the reference for every kind of file`() throws {
    let expected = try expected()
    #expect(expected.count == 27)
    for (name, expected) in expected.sorted(by: { $0.key < $1.key }) {
      let image = try Image(contentsOf: Fixtures.path(name))
      #expect(image.width == expected.width && image.height == expected.height, "\(name)")
      #expect(sha256(image.pixels) == expected.sha256, "\(name)")
    }
  }

  @Test func `reads headers without decoding`() throws {
    for (name, expected) in try expected() {
      let header = try ImageHeader(contentsOf: Fixtures.path(name))
      #expect(header.width == expected.width && header.height == expected.height, "\(name)")
      #expect(header.matchesExtension(of: name))
      #expect(header == (try ImageHeader(decoding: Fixtures.bytes(name))))
    }
  }

  @Test(arguments: 1...8)
  func `turns pictures upright`(orientation: Int) throws {
    let path = Fixtures.path("orientation-\(orientation).jpg")
    let header = try ImageHeader(contentsOf: path)
    #expect(header.orientation.rawValue == orientation)
    #expect(header.storedWidth == 23 && header.storedHeight == 17)
    let stored = try Image(contentsOf: path, options: DecodeOptions(appliesOrientation: false))
    #expect(stored == (try Image(contentsOf: Fixtures.path("orientation-1.jpg"))))
    let upright = try Image(contentsOf: path)
    #expect(upright == stored.upright(from: header.orientation))
    // Where the stored picture's corner at the top left has to go.
    let corner: [Int: (x: Int, y: Int)] = [
      1: (0, 0), 2: (22, 0), 3: (22, 16), 4: (0, 16), 5: (0, 0), 6: (16, 0), 7: (16, 22), 8: (0, 22),
    ]
    let (x, y) = try #require(corner[orientation])
    let offset = 3 * (y * upright.width + x)
    #expect(Array(upright.pixels[offset..<offset + 3]) == Array(stored.pixels[0..<3]))
  }

  @Test(arguments: [(DecodeOptions.JPEGScale.half, 12, 9), (.quarter, 6, 5), (.eighth, 3, 3)])
  func `decodes JPEG at reduced size`(scale: DecodeOptions.JPEGScale, width: Int, height: Int) throws {
    for name in ["colour-444.jpg", "grey.jpg", "cmyk-adobe.jpg", "progressive.jpg"] {
      let full = try Image(contentsOf: Fixtures.path(name))
      let small = try Image(contentsOf: Fixtures.path(name), options: DecodeOptions(jpegScale: scale))
      #expect(small.width == width && small.height == height)
      func mean(_ image: Image) -> Double {
        Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
      }
      #expect(abs(mean(full) - mean(small)) < 32, "\(name)")
    }
  }

  @Test func `picks the reduced size that keeps a wanted side`() {
    typealias Scale = DecodeOptions.JPEGScale
    #expect(Scale.smallest(keepingLongSide: 640, ofWidth: 4000, height: 3000) == .quarter)
    #expect(Scale.smallest(keepingLongSide: 640, ofWidth: 2999, height: 5120) == .eighth)
    #expect(Scale.smallest(keepingLongSide: 640, ofWidth: 1279, height: 100) == .half)
    #expect(Scale.smallest(keepingLongSide: 640, ofWidth: 427, height: 640) == .full)
    #expect(Scale.smallest(keepingLongSide: 640, ofWidth: 40, height: 30) == .full)
  }

  struct Photographs: Decodable {
    struct Picture: Decodable {
      var hw: [Int]
      var sha256OfRgbBytes: String
    }
    var images: [String: Picture]
  }

  @Test(.enabled(if: Fixtures.shared != nil, "needs the shared photographs"))
  func `decodes photographs to the same bytes as the reference`() throws {
    let shared = try #require(Fixtures.shared)
    let photographs = try Fixtures.json(
      Photographs.self, at: shared.appending(path: "fixtures/preprocess/letterbox.json"))
    for (name, expected) in photographs.images {
      let image = try Image(contentsOf: shared.appending(path: "coco-mini/\(name)").path)
      #expect([image.height, image.width] == expected.hw)
      #expect(sha256(image.pixels) == expected.sha256OfRgbBytes, "\(name)")
    }
  }
}
