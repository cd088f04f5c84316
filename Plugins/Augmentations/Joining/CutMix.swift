internal import Imaging
public import PoseCore
internal import Tensor

/// Replaces a rectangle of the picture, one without objects, by the same part of another picture with the objects
/// that lie in it.
///
/// Where no rectangle is free, or the other picture has no object there, nothing happens.
///
/// Source: Yun et al., CutMix, arXiv:1905.04899; the choice of the rectangle is the reference's.
public struct CutMix: ChanceAugmentation {
  public var probability: Double
  /// The rectangle's share of the picture is 1 - a number from Beta(beta, beta).
  public var beta: Double
  /// How many rectangles are tried.
  public var areas: Int

  /// An object needs this share of its box in the rectangle to come along.
  static let leastShare: Float = 0.1

  public init(probability: Double = 0.5, beta: Double = 1, areas: Int = 3) {
    self.probability = probability
    self.beta = beta
    self.areas = areas
  }

  public var joinsImages: Bool { true }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let first = sample.letterboxed(to: context.imageSize)
    let second = try context.processedPartner()
    let drawn = (0..<areas).map { _ in draw(first.image.size, from: &context.random) }
    let choice = context.random.uniform()
    let free = drawn.filter { area in
      !area.isEmpty && first.instances.allSatisfy { area.overlap($0.box) <= 0 }
    }
    guard !free.isEmpty else { return sample }
    let area = free[min(Int(choice * Double(free.count)), free.count - 1)]
    return CutMix.apply(to: first, second, x: area.x, y: area.y) ?? sample
  }

  private func draw(_ size: ImageSize, from random: inout RandomStream) -> PixelArea {
    let side = (1 - random.beta(beta, beta)).squareRoot()
    func range(_ length: Int) -> Range<Int> {
      let half = Int(Double(length) * side) / 2
      let centre = random.integer(below: length)
      return max(0, centre - half)..<min(length, centre + half)
    }
    return PixelArea(x: range(size.width), y: range(size.height))
  }

  /// Takes columns `x` and rows `y` from another picture of the same size, with its objects there.
  ///
  /// - Returns: nil if that part of the other picture holds too little of any object.
  public static func apply(
    to first: TrainingSample, _ second: TrainingSample, x: Range<Int>, y: Range<Int>
  ) -> TrainingSample? {
    precondition(first.image.size == second.image.size, "CutMix: pictures of two sizes")
    let area = PixelArea(x: x, y: y)
    let joining = second.instances.filter { area.overlap($0.box) / ($0.box.area + 1e-7) >= leastShare }
    if joining.isEmpty { return nil }
    var joined = first
    joined.image.copy(area, from: second.image)
    joined.instances += joining.map { $0.clipped(to: area) }
    return joined
  }
}

extension CutMix {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "cutmix", summary: "Replaces an empty rectangle by the same part of another picture.",
    reference: "Yun et al., CutMix, arXiv:1905.04899",
    parameters: [
      .probability(0.5),
      .init(
        "beta", .float(1...100), default: 1.0, help: "shape of the beta distribution of the rectangle's size"),
      .init("areas", .int(1...100), default: 3, help: "rectangles that are tried"),
    ]
  ) { arguments, _ in
    CutMix(
      probability: try arguments.double("p"), beta: try arguments.double("beta"),
      areas: try arguments.int("areas"))
  }
}
