import Foundation
import Imaging
import Interchange
import Testing

@Suite struct `Pixel operations` {
  @Test func `flips are pixel by pixel`() throws {
    let source = try Fixtures.image("augment/source.png")
    #expect(try source.flippedHorizontally() == Fixtures.image("augment/flip-horizontal.png"))
    #expect(try source.flippedVertically() == Fixtures.image("augment/flip-vertical.png"))
    #expect(source.flippedHorizontally().flippedHorizontally() == source)
  }

  @Test func `four quarter turns are none`() throws {
    let source = try Fixtures.image("augment/source.png")
    let once = source.upright(from: .turnRight)
    #expect(once.size == ImageSize(width: source.height, height: source.width))
    #expect(once.upright(from: .turnLeft) == source)
    #expect(once.upright(from: .turnRight) == source.upright(from: .rotatedBy180))
    #expect(source.upright(from: .transposed).upright(from: .transposed) == source)
    #expect(
      source.upright(from: .transversed) == source.upright(from: .transposed).upright(from: .rotatedBy180))
  }

  @Test func `colours convert to HSV exactly as in the reference`() throws {
    let tensors = try Fixtures.tensors("augment/hsv.safetensors")
    #expect(
      try Image.hsv(fromRGB: tensors.bytes(named: "grid_rgb")) == tensors.bytes(named: "grid_rgb_to_hsv"))
    let source = try Fixtures.image("augment/hsv-source.png")
    #expect(try Image.hsv(fromRGB: source.pixels) == tensors.bytes(named: "source_hsv"))
  }

  @Test func `colours convert back from HSV`() throws {
    let tensors = try Fixtures.tensors("augment/hsv.safetensors")
    let difference = PixelDifference(
      Image.rgb(fromHSV: try tensors.bytes(named: "grid_hsv")), try tensors.bytes(named: "grid_hsv_to_rgb"))
    #expect(difference.max <= 1 && difference.mean <= 0.6, "\(difference)")
  }

  @Test(arguments: [("a", 0.015, 0.7, -0.4), ("b", -0.31, -0.55, 0.37), ("c", 0.73, 0.2, 0.9)])
  func `HSV gains go through the reference's tables`(
    name: String, hue: Double, saturation: Double, value: Double
  ) throws {
    let tensors = try Fixtures.tensors("augment/hsv.safetensors")
    let tables = HSVTables(hue: hue, saturation: saturation, value: value)
    #expect(try tables.elements == tensors.bytes(named: "\(name).lut"))
    let source = try Fixtures.image("augment/hsv-source.png")
    var hsv = Image.hsv(fromRGB: source.pixels)
    for index in hsv.indices { hsv[index] = tables.elements[index % 3 * 256 + Int(hsv[index])] }
    #expect(try hsv == tensors.bytes(named: "\(name).hsv"))
    let changed = source.mapped(by: tables)
    let difference = PixelDifference(
      changed.pixels, try Fixtures.image("augment/hsv-\(name).png").pixels)
    #expect(difference.max <= 1 && difference.mean <= 0.6, "\(difference)")
    #expect(changed.pixels == Image.rgb(fromHSV: hsv), "one pass or two")
  }

  @Test func `hue stays in its circle for any gain`() {
    for hue in [-2.5, -1, -1e-18, 0, 0.999_999, 1, 7.3] {
      #expect(HSVTables(hue: hue, saturation: 0, value: 0).elements.prefix(256).allSatisfy { $0 < 180 })
    }
  }

  struct Mosaic: Decodable {
    struct Case: Decodable {
      var canvasWh: [Int]
      var patchOffsetXy: [[Int]]
      var png: String
    }
    var inputs: [String]
    var cases: [Case]
  }

  @Test func `pasting fills a mosaic's canvas`() throws {
    let mosaic = try Fixtures.json(Mosaic.self, at: Fixtures.folder.appending(path: "augment/mosaic.json"))
    for expected in mosaic.cases {
      var canvas = Image(width: expected.canvasWh[0], height: expected.canvasWh[1])
      for (input, offset) in zip(mosaic.inputs, expected.patchOffsetXy) {
        canvas.paste(try Fixtures.image("augment/\(input)"), x: offset[0], y: offset[1])
      }
      #expect(try canvas == Fixtures.image("augment/\(expected.png)"))
      let parts = try zip(mosaic.inputs, expected.patchOffsetXy).map { input, offset in
        (image: try Fixtures.image("augment/\(input)"), x: offset[0], y: offset[1])
      }
      #expect(Image(width: canvas.width, height: canvas.height, grey: 114, pasting: parts) == canvas)
    }
  }

  @Test func `pasting beyond the canvas does nothing`() {
    let canvas = Image(width: 6, height: 4)
    let patch = Image(width: 3, height: 3, fill: (1, 2, 3))
    for (x, y) in [(6, 0), (-3, 0), (0, 4), (0, -3), (100, 100)] {
      var changed = canvas
      changed.paste(patch, x: x, y: y)
      #expect(changed == canvas)
    }
  }

  @Test func `pasting several at once is pasting one after the other`() {
    var state: UInt64 = 3
    func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<200 {
      let size = (width: 1 + below(30), height: 1 + below(30))
      let parts = (0..<below(6)).map { part in
        let colour = UInt8(20 * part + 1)
        return (
          image: Image(
            width: 1 + below(25), height: 1 + below(25),
            fill: (colour, colour + 1, colour + 2)), x: below(60) - 30,
          y: below(60) - 30
        )
      }
      var expected = Image(width: size.width, height: size.height, fill: (9, 9, 9))
      for part in parts { expected.paste(part.image, x: part.x, y: part.y) }
      #expect(Image(width: size.width, height: size.height, grey: 9, pasting: parts) == expected)
    }
  }

  @Test(arguments: [("a", 0.5), ("b", 0.37109375), ("c", 0.6180339887)])
  func `mixup blends like the reference`(name: String, ratio: Double) throws {
    let (first, second) = (
      try Fixtures.image("augment/mixup-in0.png"), try Fixtures.image("augment/mixup-in1.png")
    )
    #expect(try first.blended(with: second, ratio: ratio) == Fixtures.image("augment/mixup-\(name).png"))
  }

  @Test func `network input is the byte over 255`() {
    let image = Image(width: 256, height: 1, pixels: (0..<768).map { UInt8($0 / 3) })
    var output = [Float](repeating: -1, count: 768)
    output.withUnsafeMutableBufferPointer { image.writeUnitFloats(to: $0) }
    for (index, value) in output.enumerated() { #expect(value == Float(index / 3) / 255) }
  }
}
