internal import Kernels

extension Image {
  /// Bilinear resize, as OpenCV's `INTER_LINEAR` on bytes: pixel centres at +0.5, edges repeated, 11-bit weights
  /// and no antialiasing when shrinking.
  public func resized(to size: ImageSize) -> Image {
    precondition(size.width > 0 && size.height > 0, "Image.resized: to \(size)")
    if size == self.size { return self }
    return Image(width: size.width, height: size.height) { output in
      resize(to: size, into: output, from: 0, stride: 3 * size.width)
    }
  }

  /// Resizes into a part of a larger buffer.
  ///
  /// - Parameters:
  ///   - start: offset of the first pixel in bytes.
  ///   - stride: bytes from row to row.
  func resize(
    to size: ImageSize, into output: UnsafeMutableBufferPointer<UInt8>, from start: Int, stride: Int
  ) {
    precondition(start + (size.height - 1) * stride + 3 * size.width <= output.count, "Image.resize: room")
    let status = pl_rgb_resize_bilinear(
      pixels, Int32(width), Int32(height), output.baseAddress.map { $0 + start }, Int32(size.width),
      Int32(size.height), stride)
    precondition(status == 0, "Image.resize: out of memory")
  }
}
