/// An 8-bit RGB picture: `[height, width, 3]`, rows from the top, no padding between rows.
public struct Image: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `height × width × 3` bytes.
  public var pixels: [UInt8]

  /// - Precondition: `pixels.count == width × height × 3`.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == width * height * 3, "Image: pixel count")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A picture of one colour.
  public init(width: Int, height: Int, fill: (red: UInt8, green: UInt8, blue: UInt8) = (114, 114, 114)) {
    var pixels = [UInt8](repeating: fill.red, count: width * height * 3)
    if fill.green != fill.red || fill.blue != fill.red {
      for i in stride(from: 0, to: pixels.count, by: 3) {
        pixels[i + 1] = fill.green
        pixels[i + 2] = fill.blue
      }
    }
    self.init(width: width, height: height, pixels: pixels)
  }
}
