internal import Kernels

extension Image {
  /// Moves each pixel (x, y) of the picture to `map` of it.
  ///
  /// Bilinear between integer pixel positions, without a half-pixel shift; `border` outside, blended into the
  /// edge. Only pixels of the output are computed, however large the source. A map without inverse gives a
  /// picture of nothing but border.
  public func warped(by map: Homography, to size: ImageSize, border: UInt8 = 114) -> Image {
    precondition(size.width > 0 && size.height > 0, "Image.warped: to \(size)")
    guard let inverse = map.inverse else {
      return Image(width: size.width, height: size.height, fill: (border, border, border))
    }
    return Image(width: size.width, height: size.height) { output in
      pl_rgb_warp(
        pixels, Int32(width), Int32(height), output.baseAddress, Int32(size.width), Int32(size.height),
        inverse.elements, inverse.isAffine ? 0 : 1, border)
    }
  }
}
