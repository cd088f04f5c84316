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

  /// Makes one sample.
  ///
  /// - Parameters:
  ///   - index: the image to begin with.
  ///   - imageCount: images in the data set, for drawing partners.
  ///   - random: all that the steps draw comes from here.
  ///   - load: loads an image of the data set, its long side resized to `imageSize`.
  public func sample(
    _ index: Int, imageCount: Int, random: RandomStream, load: @escaping AugmentationContext.Loading
  ) throws -> TrainingSample {
    var random = random
    return try process(
      try load(index), steps: augmentations.count, imageCount: imageCount, random: &random, load: load
    ).letterboxed(to: imageSize)
  }

  /// Takes a sample through the first `steps` augmentations.
  private func process(
    _ sample: TrainingSample, steps: Int, imageCount: Int, random: inout RandomStream,
    load: @escaping AugmentationContext.Loading
  ) throws -> TrainingSample {
    var sample = sample
    for step in 0..<steps {
      var context = AugmentationContext(
        random: random, imageSize: imageSize, imageCount: imageCount, skeleton: skeleton, load: load,
        loadProcessed: { index, random in
          try process(
            try load(index), steps: step, imageCount: imageCount, random: &random, load: load)
        })
      sample = try augmentations[step](sample, &context)
      random = context.random
    }
    return sample
  }
}
