internal import Foundation
internal import Imaging
public import PoseCore
public import Tensor

/// Covers a random rectangle of the picture, or of every object; keypoints under it become hidden.
///
/// A covered keypoint stays labelled: where a joint is can be told from the rest of the body, and that it cannot be
/// seen is what the visibility output shall learn. Boxes stay as they are.
///
/// Source: Zhong et al., Random Erasing Data Augmentation, arXiv:1708.04896 (image-aware and object-aware).
public struct Erasing: Augmentation {
  /// What a rectangle is drawn in.
  public enum Target: String, Sendable, CaseIterable {
    case picture
    /// Every object's box, each with the probability.
    case object
  }

  /// What covers it.
  public enum Fill: String, Sendable, CaseIterable {
    /// The grey of padding.
    case grey
    /// Random bytes.
    case noise
  }

  public var probability: Double
  public var target: Target
  public var fill: Fill
  /// Share of picture or box, from and to.
  public var area: ClosedRange<Double>
  /// The rectangle's height over width is drawn from this to its inverse, evenly in the logarithm.
  public var aspect: Double

  public init(
    probability: Double = 0.5, target: Target = .picture, fill: Fill = .noise,
    area: ClosedRange<Double> = 0.02...0.33, aspect: Double = 0.3
  ) {
    self.probability = probability
    self.target = target
    self.fill = fill
    self.area = area
    self.aspect = aspect
  }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let size = sample.image.size
    let whole = Box(x1: 0, y1: 0, x2: Float(size.width), y2: Float(size.height))
    var result = sample
    for box in target == .picture ? [whole] : sample.instances.map(\.box) {
      guard context.random.bernoulli(probability) else { continue }
      let within = PixelArea(around: box, in: size)
      guard !within.isEmpty else { continue }
      let drawn = draw(in: within, from: &context.random)
      result = Erasing.apply(to: result, x: drawn.x, y: drawn.y, fill: fill, &context.random)
    }
    return result
  }

  private func draw(in area: PixelArea, from random: inout RandomStream) -> PixelArea {
    let share = random.uniform(self.area.lowerBound, self.area.upperBound)
    let ratio = exp(random.uniform(log(aspect), -log(aspect)))
    let pixels = share * Double(area.x.count * area.y.count)
    func range(_ length: Double, in range: Range<Int>) -> Range<Int> {
      let count = min(range.count, max(1, Int(length.rounded())))
      let start = range.lowerBound + random.integer(below: range.count - count + 1)
      return start..<(start + count)
    }
    return PixelArea(
      x: range((pixels / ratio).squareRoot(), in: area.x), y: range((pixels * ratio).squareRoot(), in: area.y)
    )
  }

  /// Covers columns `x` and rows `y`.
  public static func apply(
    to sample: TrainingSample, x: Range<Int>, y: Range<Int>, fill: Fill, _ random: inout RandomStream
  ) -> TrainingSample {
    let area = PixelArea(x: x, y: y)
    var sample = sample
    let row = 3 * sample.image.width
    sample.image.pixels.withUnsafeMutableBufferPointer { pixels in
      for y in area.y {
        for index in (y * row + 3 * area.x.lowerBound)..<(y * row + 3 * area.x.upperBound) {
          pixels[index] = fill == .grey ? 114 : UInt8(truncatingIfNeeded: random.next() >> 40)
        }
      }
    }
    sample.instances = sample.instances.map { $0.occluded(by: area) }
    return sample
  }
}

extension Erasing {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "erase", summary: "Covers a random rectangle; keypoints under it become hidden.",
    reference: "Zhong et al., Random Erasing Data Augmentation, arXiv:1708.04896",
    parameters: [
      .probability(0.5),
      .init(
        "target", .choice(of: Target.self), default: "picture", help: "one rectangle a picture or an object"),
      .init("fill", .choice(of: Fill.self), default: "noise", help: "what covers it"),
      .init(
        "area", .floatList(count: 2...2, each: 0...1), default: [0.02, 0.33],
        help: "least and largest share of the picture or box"),
      .init(
        "aspect", .float(0.05...1), default: 0.3, help: "least height over width; the most is its inverse"),
    ]
  ) { arguments, _ in
    let area = try arguments.doubleList("area")
    if area[0] > area[1] {
      throw arguments.error("'area' must be [least, largest], but the first number is the larger", at: "area")
    }
    return Erasing(
      probability: try arguments.double("p"), target: try arguments.choice("target"),
      fill: try arguments.choice("fill"), area: area[0]...area[1], aspect: try arguments.double("aspect"))
  }
}
