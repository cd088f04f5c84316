internal import Kernels

extension Image {
  /// Left and right exchanged.
  public func flippedHorizontally() -> Image { upright(from: .mirroredHorizontally) }

  /// Top and bottom exchanged.
  public func flippedVertically() -> Image { upright(from: .mirroredVertically) }

  /// The upright picture of one stored in the given orientation.
  public func upright(from orientation: ImageOrientation) -> Image {
    let (w, h) = (Int64(width), Int64(height))
    // Where the upright picture's first pixel is stored, and the way to its right and lower neighbours.
    let (start, right, down): (Int64, Int64, Int64) =
      switch orientation {
      case .upright: (0, 1, w)
      case .mirroredHorizontally: (w - 1, -1, w)
      case .rotatedBy180: (w * h - 1, -1, -w)
      case .mirroredVertically: (w * (h - 1), 1, -w)
      case .transposed: (0, w, 1)
      case .turnRight: (w * (h - 1), -w, 1)
      case .transversed: (w * h - 1, -w, -1)
      case .turnLeft: (w - 1, w, -1)
      }
    if orientation == .upright { return self }
    let size = orientation.swapsAxes ? (width: height, height: width) : (width: width, height: height)
    return Image(width: size.width, height: size.height) { output in
      pl_rgb_rearrange(pixels, start, right, down, output.baseAddress, Int32(size.width), Int32(size.height))
    }
  }
}
