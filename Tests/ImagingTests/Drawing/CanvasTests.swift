import Imaging
import Testing

@Suite struct `A canvas` {
  /// 7×3, every pixel different.
  let picture = Image(width: 7, height: 3, pixels: (0..<63).map { UInt8($0 * 4 % 256) })

  @Test func `gives back the picture it was made of`() throws {
    #expect(try Canvas(picture).image() == picture)
  }

  @Test func `fills whole pixels exactly`() throws {
    let canvas = try Canvas(width: 5, height: 4, background: .black)
    canvas.rectangle(Canvas.Rectangle(x: 1, y: 2, width: 3, height: 1), fill: Color(hex: 0x102030))
    let image = try canvas.image()
    #expect(image.width == 5 && image.height == 4)
    for y in 0..<4 {
      for x in 0..<5 {
        let inside = y == 2 && (1...3).contains(x)
        let start = (y * 5 + x) * 3
        #expect(Array(image.pixels[start..<start + 3]) == (inside ? [0x10, 0x20, 0x30] : [0, 0, 0]))
      }
    }
  }

  @Test func `mixes translucent colours with what lies below`() throws {
    let canvas = try Canvas(width: 2, height: 1, background: .white)
    canvas.rectangle(Canvas.Rectangle(x: 0, y: 0, width: 1, height: 1), fill: Color.black.faded(0.5))
    let pixels = try canvas.image().pixels
    #expect(abs(Int(pixels[0]) - 128) <= 1)
    #expect(pixels[3] == 255)
  }

  @Test func `confines drawing to the clipped area`() throws {
    let canvas = try Canvas(width: 6, height: 2, background: .black)
    canvas.clipped(to: Canvas.Rectangle(x: 2, y: 0, width: 2, height: 2)) {
      canvas.rectangle(Canvas.Rectangle(x: 0, y: 0, width: 6, height: 2), fill: .white)
    }
    canvas.rectangle(Canvas.Rectangle(x: 5, y: 1, width: 1, height: 1), fill: .white)
    let pixels = try canvas.image().pixels
    let red = stride(from: 0, to: 36, by: 3).map { pixels[$0] }
    #expect(red == [0, 0, 255, 255, 0, 0, 0, 0, 255, 255, 0, 255])
  }

  @Test func `leaves out what is not finite and goes on drawing`() throws {
    let canvas = try Canvas(picture)
    canvas.line(from: .init(.nan, 1), to: .init(3, .infinity), color: .white, width: 1)
    canvas.circle(center: .init(1e300, 0), radius: 3, fill: .white)
    canvas.circle(center: .init(2, 2), radius: .nan, fill: .white)
    canvas.rectangle(.init(x: 0, y: 0, width: .infinity, height: 2), fill: .white)
    canvas.text("x", at: .init(.nan, 0), size: 12)
    canvas.text("x", at: .init(0, 0), size: .nan)
    canvas.polyline([.init(0, 0)], color: .white, width: .nan, dash: [0, 0])
    canvas.polygon([], fill: .white)
    #expect(try canvas.image() == picture)
    canvas.rectangle(.init(x: 0, y: 0, width: 1, height: 1), fill: .white)
    #expect(try canvas.image().pixels[0] == 255)
  }

  @Test func `draws the same bytes twice`() throws {
    func drawn() throws -> Image {
      let canvas = try Canvas(width: 90, height: 40)
      canvas.text("person 0.87", at: .init(4, 5), size: 12, background: Color(hex: 0xE4572E), padding: 2)
      canvas.line(from: .init(3.3, 30.1), to: .init(80.2, 21.7), color: .black, width: 1.7, dash: [3, 2])
      return try canvas.image()
    }
    #expect(try drawn() == drawn())
  }

  @Test func `measures text that grows with its size and length`() throws {
    let canvas = try Canvas(width: 10, height: 10)
    let short = canvas.textSize("left", size: 12)
    let long = canvas.textSize("left ankle", size: 12)
    let large = canvas.textSize("left", size: 24)
    #expect(long.width > 1.5 * short.width && long.height == short.height)
    #expect((1.8...2.2).contains(large.width / short.width))
    #expect((1.8...2.2).contains(large.height / short.height))
    #expect(canvas.textSize("", size: 12).width == 0)
  }

  @Test func `refuses a page that cairo cannot make`() {
    let error = #expect(throws: DrawingError.self) { try Canvas(width: 40_000, height: 2) }
    #expect(error?.description.hasPrefix("cannot draw on a picture of 40000×2 pixels") == true)
  }

  @Test func `writes an SVG document and nothing else from an SVG page`() throws {
    let canvas = try Canvas.svg(width: 30, height: 20)
    canvas.circle(center: .init(10, 10), radius: 4, fill: .black)
    #expect(throws: DrawingError.self) { try canvas.image() }
    #expect(throws: DrawingError.self) { try canvas.pngData() }
    let text = String(decoding: try canvas.svgData(), as: UTF8.self)
    #expect(text.contains("<svg") && text.contains("</svg>") && text.contains("viewBox=\"0 0 30 20\""))
    #expect(throws: DrawingError.self) { try Canvas(width: 3, height: 3).svgData() }
  }

  @Test func `writes a PNG file`() throws {
    let data = try Canvas(picture).pngData()
    #expect(Array(data.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }
}
