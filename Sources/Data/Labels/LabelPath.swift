/// Where the label file of an image lies: `labels` in place of the last folder called `images`, `.txt` in place of
/// the extension.
enum LabelPath {
  private static let slash = UInt8(ascii: "/")

  static func of(image path: String) -> String {
    // Bytes, since large data sets have hundreds of thousands of paths.
    var bytes = Array(path.utf8)
    let name = bytes.lastIndex(of: slash).map { $0 + 1 } ?? 0
    if let dot = bytes[name...].lastIndex(of: UInt8(ascii: ".")) { bytes.removeSubrange(dot...) }
    // A relative path may begin with the folder itself, which the field's tools do not see but nobody means.
    var end = name - 1
    while end >= 0 {
      let start = bytes[..<end].lastIndex(of: slash).map { $0 + 1 } ?? 0
      if bytes[start..<end].elementsEqual("images".utf8) {
        bytes.replaceSubrange(start..<end, with: "labels".utf8)
        break
      }
      end = start - 1
    }
    bytes += ".txt".utf8
    return String(decoding: bytes, as: UTF8.self)
  }
}
