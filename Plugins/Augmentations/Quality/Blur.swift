internal import Imaging
public import PoseCore
internal import Tensor

/// Blurs the picture by the mean of a square around each pixel, of a random odd size.
///
/// Source: Buslaev et al., Albumentations, arXiv:1809.06839 (`Blur`); the mean is that of OpenCV's `blur`, edges
/// mirrored without repeating the last pixel.
public struct Blur: ChanceAugmentation {
  public var probability: Double
  /// Largest side of the square in pixels; smaller odd ones down to 3 are as likely.
  public var largest: Int

  public init(probability: Double = 0.1, largest: Int = 7) {
    self.probability = probability
    self.largest = largest
  }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let sizes = max(1, (largest - 1) / 2)
    return Blur.apply(to: sample, kernel: 3 + 2 * context.random.integer(below: sizes))
  }

  /// - Parameter kernel: side of the square; odd.
  public static func apply(to sample: TrainingSample, kernel: Int) -> TrainingSample {
    precondition(kernel > 0 && kernel % 2 == 1, "Blur: kernel \(kernel)")
    let (width, height) = (sample.image.width, sample.image.height)
    let radius = kernel / 2
    let columns = mirrored(width, radius: radius)
    let rows = mirrored(height, radius: radius)
    let line = 3 * width
    // Sums over the rows of the square, kept up to date from row to row; then over its columns.
    var sums = [Int32](repeating: 0, count: line)
    let source = sample.image.pixels
    var pixels = [UInt8](repeating: 0, count: source.count)
    func add(_ row: Int, _ sign: Int32) {
      let start = row * line
      for index in 0..<line { sums[index] += sign * Int32(source[start + index]) }
    }
    for row in rows[..<kernel] { add(row, 1) }
    let area = Int32(kernel * kernel)
    for y in 0..<height {
      if y > 0 {
        add(rows[y + kernel - 1], 1)
        add(rows[y - 1], -1)
      }
      for channel in 0..<3 {
        var sum: Int32 = 0
        for column in columns[..<kernel] { sum += sums[3 * column + channel] }
        for x in 0..<width {
          if x > 0 {
            sum += sums[3 * columns[x + kernel - 1] + channel] - sums[3 * columns[x - 1] + channel]
          }
          // An odd area is never halfway between two bytes.
          pixels[y * line + 3 * x + channel] = UInt8(truncatingIfNeeded: (sum + area / 2) / area)
        }
      }
    }
    var blurred = sample
    blurred.image.pixels = pixels
    return blurred
  }

  /// Positions from `-radius` to `count + radius - 1`, mirrored at both ends.
  private static func mirrored(_ count: Int, radius: Int) -> [Int] {
    let period = max(1, 2 * (count - 1))
    return (-radius..<(count + radius)).map { position in
      let place = ((position % period) + period) % period
      return place < count ? place : period - place
    }
  }
}

extension Blur {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "blur", summary: "Blurs the picture.", reference: "Buslaev et al., Albumentations, arXiv:1809.06839",
    parameters: [
      .probability(0.1),
      .init("limit", .int(3...101), default: 7, help: "largest side of the blurring square, in pixels"),
    ]
  ) { arguments, _ in
    Blur(probability: try arguments.double("p"), largest: try arguments.int("limit"))
  }
}
