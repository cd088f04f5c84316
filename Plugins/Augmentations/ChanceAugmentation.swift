public import PoseCore
internal import Tensor

/// An augmentation that happens to a sample with a given probability, or leaves it alone.
public protocol ChanceAugmentation: Augmentation {
  var probability: Double { get }
  /// What happens if it does.
  func changed(_ sample: TrainingSample, _ context: inout AugmentationContext) throws -> TrainingSample
}

extension ChanceAugmentation {
  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    context.random.bernoulli(probability) ? try changed(sample, &context) : sample
  }
}

extension ParameterDeclaration {
  /// The argument `p`.
  static func probability(_ standard: Double) -> ParameterDeclaration {
    .init("p", .float(0...1), default: .float(standard), help: "probability", aliases: ["probability"])
  }
}
