public import Imaging
public import Tensor

/// One picture with its labels on the way through the training pipeline.
public struct TrainingSample: Sendable {
  public var image: Image
  /// In pixels of `image`.
  public var instances: [Instance]
  /// Index of the (first) image in its data set.
  public var index: Int

  public init(image: Image, instances: [Instance], index: Int) {
    self.image = image
    self.instances = instances
    self.index = index
  }
}

/// Changes training samples at random. Values, not objects: worker threads share them.
///
/// All randomness comes from the context's stream, so a sample depends on (seed, epoch, place in the epoch) alone.
public protocol Augmentation: Sendable {
  /// Turned off for the last `close_mosaic` epochs: those that join pictures.
  var joinsImages: Bool { get }
  func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample
}

extension Augmentation {
  public var joinsImages: Bool { false }
}

/// What an augmentation may draw on for one sample.
public struct AugmentationContext {
  public var random: RandomStream
  /// Side of the square the network will see, in pixels.
  public let imageSize: Int
  /// Number of images in the data set, for drawing partners.
  public let imageCount: Int
  /// Loads another image of the data set, its long side resized to `imageSize`.
  public let load: (_ index: Int) throws -> TrainingSample
  public let skeleton: Skeleton

  public init(
    random: RandomStream, imageSize: Int, imageCount: Int, skeleton: Skeleton,
    load: @escaping (_ index: Int) throws -> TrainingSample
  ) {
    self.random = random
    self.imageSize = imageSize
    self.imageCount = imageCount
    self.skeleton = skeleton
    self.load = load
  }
}

/// What an augmentation is built for.
public struct AugmentationBuildContext: Sendable {
  public var imageSize: Int
  public var skeleton: Skeleton

  public init(imageSize: Int, skeleton: Skeleton) {
    self.imageSize = imageSize
    self.skeleton = skeleton
  }
}
