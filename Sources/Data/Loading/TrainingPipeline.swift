public import PoseCore
public import Tensor

/// Augmentations in their order, ending in a picture of the network's size.
public struct TrainingPipeline: Sendable {
  public let augmentations: [any Augmentation]
  /// Side of the network's square input in pixels.
  public let imageSize: Int
  public let skeleton: Skeleton

  public init(_ augmentations: [any Augmentation], imageSize: Int, skeleton: Skeleton) {
    self.augmentations = augmentations
    self.imageSize = imageSize
    self.skeleton = skeleton
  }

  /// The same without the steps that join pictures, for the last epochs (`close_mosaic`).
  public var withoutJoining: TrainingPipeline {
    TrainingPipeline(augmentations.filter { !$0.joinsImages }, imageSize: imageSize, skeleton: skeleton)
  }

  /// Sizes of whole batches: those of the first step that has any.
  public var batchSides: BatchSides? { augmentations.lazy.compactMap(\.batchSides).first }

  /// Makes one sample.
  ///
  /// - Parameters:
  ///   - index: the image to begin with.
  ///   - random: all that the steps draw comes from here.
  ///   - partner: draws the index of an image to join with.
  ///   - load: loads an image of the data set, its long side resized to `imageSize`.
  public func sample(
    _ index: Int, random: RandomStream, partner: @escaping AugmentationContext.PartnerDrawing,
    load: @escaping AugmentationContext.Loading
  ) throws -> TrainingSample {
    var random = random
    return try process(
      try load(index), steps: augmentations.count, random: &random, partner: partner, load: load
    ).letterboxed(to: imageSize)
  }

  /// Takes a sample through the first `steps` augmentations.
  private func process(
    _ sample: TrainingSample, steps: Int, random: inout RandomStream,
    partner: @escaping AugmentationContext.PartnerDrawing, load: @escaping AugmentationContext.Loading
  ) throws -> TrainingSample {
    var sample = sample
    for step in 0..<steps {
      var context = AugmentationContext(
        random: random, imageSize: imageSize, skeleton: skeleton, partner: partner, load: load,
        loadProcessed: { index, random in
          try process(try load(index), steps: step, random: &random, partner: partner, load: load)
        })
      sample = try augmentations[step](sample, &context)
      random = context.random
    }
    return sample
  }
}
