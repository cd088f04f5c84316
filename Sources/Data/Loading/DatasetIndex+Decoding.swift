package import Imaging

extension DatasetIndex {
  /// Reads an image's pixels; it must still have the size that its labels are for.
  package func decode(_ image: Int) throws(ImageError) -> Image {
    let decoded = try Image(contentsOf: paths[image])
    let expected = size(of: image)
    if decoded.size == expected { return decoded }
    throw ImageError(
      .corrupt("it has changed since it was indexed: it was \(expected), now it is \(decoded.size)"),
      path: paths[image])
  }
}
