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

  /// Pictures pasted onto a grey one, later ones over earlier ones. No pixel is written that is covered at once.
  ///
  /// - Parameter parts: with the column and row of their upper left corners, which may lie outside.
  public init(width: Int, height: Int, grey: UInt8, pasting parts: [(image: Image, x: Int, y: Int)]) {
    let pieces = parts.map { part in
      (
        part: part, columns: max(0, part.x)..<max(0, part.x, min(width, part.x + part.image.width)),
        rows: max(0, part.y)..<max(0, part.y, min(height, part.y + part.image.height))
      )
    }
    let bounds = Set([0, height] + pieces.flatMap { [$0.rows.lowerBound, $0.rows.upperBound] })
    let edges = bounds.filter { $0 <= height }.sorted()
    self.init(width: width, height: height) { output in
      // Between two edges all rows are covered alike.
      for (top, bottom) in zip(edges, edges.dropFirst()) {
        let here = pieces.filter { $0.rows.contains(top) && !$0.columns.isEmpty }
        for gap in Image.gaps(in: width, between: here.map(\.columns)) {
          for row in top..<bottom {
            UnsafeMutableBufferPointer(rebasing: output[Image.bytes(row, gap, width)])
              .initialize(repeating: grey)
          }
        }
        for piece in here {
          let image = piece.part.image
          let (x, y) = (piece.part.x, piece.part.y)
          let columns = (piece.columns.lowerBound - x)..<(piece.columns.upperBound - x)
          image.pixels.withUnsafeBufferPointer { source in
            for row in top..<bottom {
              _ = UnsafeMutableBufferPointer(rebasing: output[Image.bytes(row, piece.columns, width)])
                .update(fromContentsOf: source[Image.bytes(row - y, columns, image.width)])
            }
          }
        }
      }
    }
  }

  /// Where some columns of a row lie in a picture's bytes.
  private static func bytes(_ row: Int, _ columns: Range<Int>, _ width: Int) -> Range<Int> {
    let start = 3 * (row * width + columns.lowerBound)
    return start..<(start + 3 * columns.count)
  }

  /// The columns that no run covers.
  private static func gaps(in width: Int, between runs: [Range<Int>]) -> [Range<Int>] {
    var (gaps, next): ([Range<Int>], Int) = ([], 0)
    for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if run.lowerBound > next { gaps.append(next..<run.lowerBound) }
      next = max(next, run.upperBound)
    }
    if next < width { gaps.append(next..<width) }
    return gaps
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
