package import Imaging

extension DatasetIndex {
  /// Whether the image and its labels are as they were when they were indexed.
  func isCurrent(_ image: Int) -> Bool { check?.isCurrent(image) ?? true }

  /// Reads an image's pixels; it must still have the size that its labels are for.
  package func decode(_ image: Int) throws(ImageError) -> Image {
    if !isCurrent(image) {
      throw ImageError(
        .corrupt("it or its labels have changed since they were indexed; start again to use them"),
        path: paths[image])
    }
    let decoded = try Image(contentsOf: paths[image])
    let expected = size(of: image)
    if decoded.size == expected { return decoded }
    throw ImageError(
      .corrupt("it has changed since it was indexed: it was \(expected), now it is \(decoded.size)"),
      path: paths[image])
  }
}
