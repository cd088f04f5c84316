import PoseLab

/// Lays an even fog over some of the pictures.
public struct Fog: Augmentation {
  /// Share of the pictures that are changed.
  public var probability: Double
  /// Thickest fog, from 0 to 1.
  public var strength: Double

  public init(probability: Double = 0.2, strength: Double = 0.5) {
    self.probability = probability
    self.strength = strength
  }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    guard context.random.bernoulli(probability) else { return sample }
    let share = context.random.uniform(0, strength)
    var sample = sample
    let fog = Image(
      width: sample.image.width, height: sample.image.height, fill: (red: 235, green: 235, blue: 240))
    sample.image = sample.image.blended(with: fog, ratio: 1 - share)
    return sample
  }

  public static let component = Component<AugmentationBuildContext, any Augmentation>(
    "fog", summary: "Lays an even fog over the picture.",
    parameters: [
      .init("p", .float(0...1), default: 0.2, help: "probability"),
      .init("strength", .float(0...1), default: 0.5, help: "thickest fog"),
    ]
  ) { arguments, _ in
    Fog(probability: try arguments.double("p"), strength: try arguments.double("strength"))
  }
}
