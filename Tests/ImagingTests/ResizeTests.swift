import Imaging
import Testing

@Suite struct `Resizing` {
  @Test(arguments: [
    (122, 86), (97, 70), (183, 43), (31, 22), (30, 21), (20, 43), (61, 12), (6, 4), (1, 1),
  ])
  func `matches the reference up and down`(width: Int, height: Int) throws {
    let tensors = try Fixtures.tensors("preprocess/resize.safetensors")
    let source = Image(width: 61, height: 43, pixels: try tensors.bytes(named: "source"))
    let resized = source.resized(to: ImageSize(width: width, height: height))
    let difference = PixelDifference(resized.pixels, try tensors.bytes(named: "resize_\(width)x\(height)"))
    #expect(difference.max <= 1 && difference.mean <= 0.006, "\(difference)")
  }

  @Test func `keeps a flat colour flat, at any ratio`() {
    let image = Image(width: 37, height: 11, fill: (0, 128, 255))
    for (width, height) in [(5, 90), (74, 22), (300, 7), (36, 11), (1, 1)] {
      let resized = image.resized(to: ImageSize(width: width, height: height))
      let allowed: [ClosedRange<UInt8>] = [0...0, 127...128, 254...255]
      for (index, value) in resized.pixels.enumerated() { #expect(allowed[index % 3].contains(value)) }
    }
  }

  @Test func `to the same size changes nothing`() throws {
    let image = try Fixtures.image("augment/source.png")
    #expect(image.resized(to: image.size) == image)
  }

  /// The rule in plain form: one pixel at a time, each written down as its definition.
  private func plain(_ image: Image, to size: ImageSize) -> [UInt8] {
    func tap(_ index: Int, _ source: Int, _ target: Int, clamps: Bool) -> (Int, Int, Int, Int) {
      let position = Float((Double(index) + 0.5) * (Double(source) / Double(target)) - 0.5)
      var first = Int(position.rounded(.down))
      var fraction = position - Float(first)
      if clamps && first < 0 { (first, fraction) = (0, 0) }
      if clamps && first >= source - 1 { (first, fraction) = (source - 1, 0) }
      func clamp(_ i: Int) -> Int { min(max(i, 0), source - 1) }
      return (
        clamp(first), clamp(first + 1), Int(((1 - fraction) * 2048).rounded(.toNearestOrEven)),
        Int((fraction * 2048).rounded(.toNearestOrEven))
      )
    }
    var output: [UInt8] = []
    for y in 0..<size.height {
      let (y0, y1, v0, v1) = tap(y, image.height, size.height, clamps: false)
      for x in 0..<size.width {
        let (x0, x1, u0, u1) = tap(x, image.width, size.width, clamps: true)
        for channel in 0..<3 {
          func row(_ y: Int) -> Int {
            let at = { (x: Int) in Int(image.pixels[3 * (y * image.width + x) + channel]) }
            return (at(x0) * u0 + at(x1) * u1) >> 4
          }
          output.append(UInt8((((row(y0) * v0) >> 16) + ((row(y1) * v1) >> 16) + 2) >> 2))
        }
      }
    }
    return output
  }

  @Test func `equals its definition on every pixel`() throws {
    let image = try Fixtures.image("augment/source.png")
    for (width, height) in [(200, 60), (75, 55), (149, 111), (33, 300), (7, 5)] {
      let size = ImageSize(width: width, height: height)
      #expect(image.resized(to: size).pixels == plain(image, to: size))
    }
  }
}
