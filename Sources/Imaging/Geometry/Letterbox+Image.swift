internal import Kernels

extension Letterbox {
  /// Scales and pads a picture.
  ///
  /// - Parameter image: of size `source`, or already of size `loaded`.
  /// - Returns: a picture of size `output`.
  public func apply(to image: Image) -> Image {
    precondition(image.size == source || image.size == loaded, "Letterbox: \(image.size) is not \(source)")
    var image = image
    if image.size != loaded && loaded != resized {
      image = image.resized(to: loaded)
    }
    if resized == output { return image.resized(to: resized) }
    var canvas = Image(
      width: output.width, height: output.height,
      fill: (Letterbox.padding, Letterbox.padding, Letterbox.padding))
    let stride = 3 * canvas.width
    canvas.pixels.withUnsafeMutableBufferPointer { pixels in
      image.resize(to: resized, into: pixels, from: top * stride + 3 * left, stride: stride)
    }
    return canvas
  }
}
