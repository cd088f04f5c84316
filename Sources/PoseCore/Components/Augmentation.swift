public import Tensor

/// Changes training samples at random. Values, not objects: worker threads share them.
///
/// All randomness comes from the context's stream, so a sample depends on (seed, epoch, place in the epoch) alone.
public protocol Augmentation: Sendable {
  /// Turned off for the last `close_mosaic` epochs: those that join pictures.
  var joinsImages: Bool { get }
  /// Sizes that the loader brings whole batches to, after the last step; nil leaves the network's size.
  var batchSides: BatchSides? { get }
  func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample
}

extension Augmentation {
  public var joinsImages: Bool { false }
  public var batchSides: BatchSides? { nil }
}

/// What an augmentation may draw on for one sample.
public struct AugmentationContext {
  /// Loads one image of the data set; see `load`.
  public typealias Loading = (_ index: Int) throws -> TrainingSample
  /// Draws the index of an image; see `drawPartner()`.
  public typealias PartnerDrawing = (_ random: inout RandomStream) -> Int
  /// Loads one image and takes it through augmentations; see `loadProcessed`.
  public typealias Processing = (_ index: Int, _ random: inout RandomStream) throws -> TrainingSample

  public var random: RandomStream
  /// Side of the square the network will see, in pixels.
  public let imageSize: Int
  /// Loads another image of the data set, its long side resized to `imageSize`.
  public let load: Loading
  /// The same, taken through all augmentations listed before this one: a partner on equal terms, as mixup needs.
  public let loadProcessed: Processing
  public let skeleton: Skeleton
  private let partner: PartnerDrawing

  /// - Parameters:
  ///   - partner: draws the index of an image to join with.
  ///   - loadProcessed: by default there are no augmentations before this one.
  public init(
    random: RandomStream, imageSize: Int, skeleton: Skeleton, partner: @escaping PartnerDrawing,
    load: @escaping Loading, loadProcessed: Processing? = nil
  ) {
    self.random = random
    self.imageSize = imageSize
    self.skeleton = skeleton
    self.partner = partner
    self.load = load
    self.loadProcessed = loadProcessed ?? { index, _ in try load(index) }
  }

  /// The index of an image to join with this one.
  ///
  /// The loader offers images that it has used shortly before in this epoch, which are likely to be decoded already.
  public mutating func drawPartner() -> Int { partner(&random) }
}

/// What an augmentation is built for.
public struct AugmentationBuildContext: Sendable {
  public var imageSize: Int
  /// The network's input sides are multiples of it.
  public var sizeMultiple: Int
  public var skeleton: Skeleton

  public init(imageSize: Int, sizeMultiple: Int = 32, skeleton: Skeleton) {
    self.imageSize = imageSize
    self.sizeMultiple = sizeMultiple
    self.skeleton = skeleton
  }
}
