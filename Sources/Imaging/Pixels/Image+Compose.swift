internal import Kernels

extension Image {
  /// Copies a picture onto this one; what lies beyond the edges is left out.
  ///
  /// - Parameters:
  ///   - x: column of the picture's left edge; may be negative.
  ///   - y: row of its top edge; may be negative.
  public mutating func paste(_ image: Image, x: Int, y: Int) {
    let columns = max(0, x)..<max(0, x, min(width, x + image.width))
    let rows = max(0, y)..<max(0, y, min(height, y + image.height))
    if columns.isEmpty { return }
    let stride = 3 * width
    pixels.withUnsafeMutableBytes { target in
      image.pixels.withUnsafeBytes { source in
        for row in rows {
          let start = 3 * ((row - y) * image.width + columns.lowerBound - x)
          let target = UnsafeMutableRawBufferPointer(
            rebasing: target[
              (row * stride + 3 * columns.lowerBound)..<(row * stride + 3 * columns.upperBound)])
          target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<start + target.count]))
        }
      }
    }
  }

  /// Mixes two pictures of one size: `ratio` of this one, the rest of the other; truncated, as mixup does.
  ///
  /// - Parameter ratio: 0…1.
  public func blended(with other: Image, ratio: Double) -> Image {
    precondition(size == other.size, "Image.blended: \(size) with \(other.size)")
    precondition((0...1).contains(ratio), "Image.blended: ratio \(ratio)")
    return Image(width: width, height: height) { output in
      pl_u8_blend(pixels, other.pixels, ratio, output.baseAddress, output.count)
    }
  }

  /// Writes a network's input: `[height, width, 3]` values in 0…1, the byte divided by 255.
  ///
  /// - Precondition: `output` has room for `pixels.count` values.
  public func writeUnitFloats(to output: UnsafeMutableBufferPointer<Float>) {
    precondition(output.count >= pixels.count, "Image.writeUnitFloats: room for \(output.count) values")
    pl_u8_to_unit_f32(pixels, output.baseAddress, pixels.count)
  }
}
