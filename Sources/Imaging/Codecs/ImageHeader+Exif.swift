extension ImageHeader {
  /// Finds the orientation in Exif data, which has the structure of a TIFF file.
  ///
  /// - Parameters:
  ///   - start: where the byte order mark is; `count` bytes follow from there.
  /// - Returns: `nil` if there is none or the data make no sense: a picture is not refused for its metadata.
  static func orientation(
    inTIFF source: inout HeaderSource, at start: Int, count: Int
  ) throws(ImageError) -> ImageOrientation? {
    guard count >= 14 else { return nil }
    let littleEndian: Bool
    switch try source.uint16(at: start) {
    case 0x4949: littleEndian = true
    case 0x4D4D: littleEndian = false
    default: return nil
    }
    guard try source.uint16(at: start + 2, littleEndian: littleEndian) == 42 else { return nil }
    let directory = try source.uint32(at: start + 4, littleEndian: littleEndian)
    guard directory >= 8, directory + 2 <= count else { return nil }
    let entries = try source.uint16(at: start + directory, littleEndian: littleEndian)
    for entry in 0..<entries {
      let offset = directory + 2 + entry * 12
      guard offset + 12 <= count else { return nil }
      guard try source.uint16(at: start + offset, littleEndian: littleEndian) == 0x0112 else { continue }
      guard try source.uint16(at: start + offset + 2, littleEndian: littleEndian) == 3 else { return nil }
      return ImageOrientation(rawValue: try source.uint16(at: start + offset + 8, littleEndian: littleEndian))
    }
    return nil
  }
}
