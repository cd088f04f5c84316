extension ImageHeader {
  /// Reads the first chunk, then looks for Exif data among the chunks before the pixels.
  ///
  /// Source: PNG specification, third edition, sections 5, 11.2.1 and 11.3.4.5 (eXIf).
  init(png source: inout HeaderSource) throws(ImageError) {
    guard try source.uint32(at: 8) == 13, try source.tag(at: 12) == "IHDR" else {
      throw ImageError(.corrupt("it does not begin with an IHDR chunk"))
    }
    let (width, height) = (try source.uint32(at: 16), try source.uint32(at: 20))
    var orientation: ImageOrientation?
    var position = 33
    while orientation == nil {
      let length = try source.uint32(at: position)
      if length > 0x7FFF_FFFF { throw ImageError(.corrupt("a chunk of \(length) bytes")) }
      let kind = try source.tag(at: position + 4)
      if kind == "IDAT" || kind == "IEND" { break }
      if kind == "eXIf" {
        orientation = try ImageHeader.orientation(inTIFF: &source, at: position + 8, count: length)
      }
      position += 12 + length
    }
    self.init(
      format: .png, storedWidth: width, storedHeight: height, orientation: orientation ?? .upright)
  }
}
