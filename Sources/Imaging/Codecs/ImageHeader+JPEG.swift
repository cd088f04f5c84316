extension ImageHeader {
  /// Walks the markers up to the first scan.
  ///
  /// Source: ITU-T T.81, annex B; the Exif segment by CIPA DC-008, the Adobe one by Adobe technical note 5116.
  init(jpeg source: inout HeaderSource) throws(ImageError) {
    var frame: (kind: Int, height: Int, width: Int, components: Int)?
    var orientation: ImageOrientation?
    var hasAdobeMarker = false
    var position = 2
    while true {
      // Anything before a marker is skipped, as decoders do.
      while try source.byte(at: position) != 0xFF { position += 1 }
      while try source.byte(at: position) == 0xFF { position += 1 }
      let marker = try source.byte(at: position)
      position += 1
      switch marker {
      case 0x00, 0x01, 0xD0...0xD7: continue
      case 0xD9: throw ImageError(.corrupt("it ends before a scan"))
      default: break
      }
      let length = try source.uint16(at: position)
      if length < 2 { throw ImageError(.corrupt("a segment of length \(length)")) }
      switch marker {
      case 0xC0...0xCF where marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
        let precision = try source.byte(at: position + 2)
        if precision != 8 { throw ImageError(.unsupported("a JPEG of \(precision) bits")) }
        if ![0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(marker) {
          throw ImageError(.unsupported("lossless or hierarchical JPEG"))
        }
        if frame != nil { throw ImageError(.corrupt("two frame headers")) }
        frame = (
          marker, try source.uint16(at: position + 3), try source.uint16(at: position + 5),
          try source.byte(at: position + 7)
        )
      case 0xE1 where orientation == nil && length >= 16:
        if try source.bytes(at: position + 2, atMost: 6) == Array("Exif\0\0".utf8) {
          orientation = try ImageHeader.orientation(
            inTIFF: &source, at: position + 8, count: length - 8)
        }
      case 0xEE where length >= 14:
        if try source.bytes(at: position + 2, atMost: 5) == Array("Adobe".utf8) { hasAdobeMarker = true }
      case 0xDA:
        guard let frame else { throw ImageError(.corrupt("a scan without a frame header")) }
        self.init(
          format: .jpeg, storedWidth: frame.width, storedHeight: frame.height,
          orientation: orientation ?? .upright,
          jpeg: JPEGDetails(
            components: frame.components, isProgressive: frame.kind == 0xC2 || frame.kind == 0xCA,
            hasAdobeMarker: hasAdobeMarker, scanStart: position - 2))
        return
      default: break
      }
      position += length
    }
  }
}
