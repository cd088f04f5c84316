import Imaging
import Testing

@Suite struct `Pose drawing` {
  let blank = Image(width: 120, height: 80, fill: (0, 0, 0))

  /// A figure with one joint a side and a limb between them.
  func figure(_ left: PoseFigure.JointStyle, _ right: PoseFigure.JointStyle, opacity: Double = 1)
    -> PoseFigure
  {
    PoseFigure(
      box: nil,
      joints: [
        .init(position: .init(30.5, 40.5), side: .left, style: left, opacity: opacity),
        .init(position: .init(90.5, 40.5), side: .right, style: right, opacity: opacity),
      ], limbs: [.init(from: 0, to: 1, side: .left)])
  }

  func color(_ image: Image, _ x: Int, _ y: Int) -> [Int] {
    (0..<3).map { Int(image.pixels[(y * image.width + x) * 3 + $0]) }
  }

  @Test func `gives left and right visibly different colours`() throws {
    let image = try PoseDrawing(scale: 4).draw([figure(.filled, .filled)], over: blank)
    let left = color(image, 30, 40)
    let right = color(image, 90, 40)
    #expect(left[2] > left[0] + 100, "cool")
    #expect(right[0] > right[2] + 100, "warm")
  }

  @Test func `fills visible joints and leaves hidden ones open`() throws {
    var hidden = figure(.filled, .hollow)
    hidden.limbs = []
    let image = try PoseDrawing(scale: 4).draw([hidden], over: blank)
    #expect(color(image, 30, 40) != [0, 0, 0])
    #expect(color(image, 90, 40) == [0, 0, 0])
    #expect(color(image, 90 + 8, 40) != [0, 0, 0])
  }

  @Test func `draws neither absent joints nor limbs that end in them`() throws {
    let image = try PoseDrawing().draw([figure(.absent, .absent)], over: blank)
    #expect(image == blank)
    let one = try PoseDrawing().draw([figure(.filled, .absent)], over: blank)
    #expect(color(one, 60, 40) == [0, 0, 0])
  }

  @Test func `ignores limbs to joints that do not exist`() throws {
    var broken = figure(.filled, .filled)
    broken.limbs = [.init(from: 0, to: 7, side: .left), .init(from: -1, to: 1, side: .left)]
    let image = try PoseDrawing().draw([broken], over: blank)
    #expect(color(image, 60, 40) == [0, 0, 0])
  }

  @Test func `fades uncertain joints`() throws {
    let full = try PoseDrawing(scale: 4).draw([figure(.filled, .absent)], over: blank)
    let faint = try PoseDrawing(scale: 4).draw([figure(.filled, .absent, opacity: 0.4)], over: blank)
    #expect(color(faint, 30, 40)[2] < color(full, 30, 40)[2] / 2)
  }

  @Test func `outlines the box and writes the label inside the picture`() throws {
    var boxed = figure(.absent, .absent)
    boxed.box = .init(x: 80, y: 2, width: 30, height: 60)
    boxed.label = "person 0.93"
    boxed.color = Color(hex: 0xFF0000)
    let image = try PoseDrawing(scale: 2).draw([boxed], over: blank)
    #expect(color(image, 95, 62)[0] > 120)
    #expect(color(image, 95, 40) == [0, 0, 0])
    try keepPicture(Canvas(image).pngData(), "label.png")
  }

  @Test func `scales lines with the picture`() throws {
    func redPixels(_ width: Int, _ height: Int) throws -> Double {
      var boxed = figure(.absent, .absent)
      boxed.box = .init(
        x: Double(width) / 4, y: Double(height) / 4, width: Double(width) / 2, height: Double(height) / 2)
      boxed.color = Color(hex: 0xFF0000)
      let image = try PoseDrawing().draw([boxed], over: Image(width: width, height: height, fill: (0, 0, 0)))
      return stride(from: 0, to: image.pixels.count, by: 3).reduce(0) { $0 + Double(image.pixels[$1]) / 255 }
    }
    let ratio = try redPixels(1920, 1280) / redPixels(960, 640)
    #expect(abs(ratio - 4) < 0.1, "twice the length, twice the width")
  }
}

@Suite struct `A contact sheet` {
  func tile(_ width: Int, _ height: Int, _ shade: UInt8) -> ContactSheet.Tile {
    ContactSheet.Tile(
      image: Image(width: width, height: height, fill: (shade, 0, 0)), caption: "picture \(shade).jpg",
      figures: [
        PoseFigure(
          box: .init(x: 10, y: 10, width: Double(width) / 2, height: Double(height) / 2), label: "person",
          joints: [], limbs: [])
      ])
  }

  @Test(arguments: [(1, 1, 1), (2, 2, 1), (3, 2, 2), (5, 3, 2), (16, 4, 4), (40, 4, 4)])
  func `has a square-like grid of at most 16 tiles`(count: Int, columns: Int, rows: Int) throws {
    let sheet = ContactSheet((0..<count).map { tile(640, 480, UInt8($0 * 5)) })
    let image = try sheet.render()
    #expect(image.width <= 1920 && image.height <= 1920)
    #expect(
      abs(Double(image.width) / Double(image.height) - 640.0 * Double(columns) / (480 * Double(rows))) < 0.01)
  }

  @Test func `shows each tile in its place, whatever its shape`() throws {
    let image = try ContactSheet([tile(60, 40, 50), tile(30, 40, 100), tile(60, 20, 150)]).render()
    try keepPicture(Canvas(image).pngData(), "sheet.png")
    func red(_ across: Double, _ down: Double) -> UInt8 {
      let x = Int(across * Double(image.width))
      let y = Int(down * Double(image.height))
      return image.pixels[(y * image.width + x) * 3]
    }
    #expect(red(0.4, 0.1) == 50)
    #expect(red(0.7, 0.1) == 100)
    #expect(red(0.9, 0.1) == 0x72, "beside a narrow picture")
    #expect(red(0.4, 0.55) == 150)
    #expect(red(0.7, 0.7) == 0x72, "no fourth tile")
  }

  @Test func `is one grey tile without pictures`() throws {
    let image = try ContactSheet([]).render()
    #expect(image.pixels.allSatisfy { $0 == 0x72 })
  }
}
