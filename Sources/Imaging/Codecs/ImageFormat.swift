/// A file format that pictures are read from and written to.
public enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg = "JPEG"
  case png = "PNG"

  /// Extensions in use for the format, in lower case; the first is the usual one.
  public var pathExtensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .png: ["png"]
    }
  }

  /// The format that a path's extension promises, if it is one of ours.
  public init?(pathExtensionOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let given = name[name.index(after: dot)...].lowercased()
    guard let found = ImageFormat.allCases.first(where: { $0.pathExtensions.contains(given) }) else {
      return nil
    }
    self = found
  }

  static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  static let jpegSignature: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// Finds the format by the first bytes of a file, 16 of them if the file has as many.
  static func sniff(_ start: [UInt8]) throws(ImageError) -> ImageFormat {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      start.dropFirst(offset).starts(with: text.utf8)
    }
    if start.isEmpty { throw ImageError(.empty) }
    if start.starts(with: jpegSignature) { return .jpeg }
    if start.starts(with: pngSignature) { return .png }
    if jpegSignature.starts(with: start) || pngSignature.starts(with: start) { throw ImageError(.truncated) }
    if starts("GIF8") { throw ImageError(.unsupported("GIF")) }
    if starts("RIFF") && starts("WEBP", at: 8) { throw ImageError(.unsupported("WebP")) }
    if starts("BM") && start.count >= 10 && start[6..<10].allSatisfy({ $0 == 0 }) {
      throw ImageError(.unsupported("BMP"))
    }
    if start.starts(with: [0x49, 0x49, 0x2A, 0]) || start.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
      throw ImageError(.unsupported("TIFF"))
    }
    if starts("ftyp", at: 4) { throw ImageError(.unsupported("HEIF or AVIF")) }
    if start.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || starts("jP  ", at: 4) {
      throw ImageError(.unsupported("JPEG 2000"))
    }
    throw ImageError(.notAnImage)
  }
}
