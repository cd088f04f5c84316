public import Imaging
internal import PoseCore
internal import Tensor

/// Loads augmented samples of a split, in a new order each epoch.
///
/// A sample depends on (seed, epoch, its position in the epoch) alone, and so does the order: the batches are the same
/// for any number of workers, and a pass may begin at any batch. Partners of mosaics are drawn from the images at the
/// positions before, round the end of the epoch: eight batches of them. They are still in memory then, so that a sample
/// costs about one decoded picture.
public final class TrainingLoader: Sendable {
  public let index: DatasetIndex
  public let pipeline: TrainingPipeline
  public let options: LoaderOptions
  public let seed: UInt64
  /// How often each image comes in an epoch.
  public let weights: SampleWeights
  /// Samples of an epoch.
  public let samplesPerEpoch: Int
  private let images: ImageSource

  /// - Precondition: the index is not empty, and `pipeline` and `options` agree on the image size.
  ///
  /// - Parameter weights: how often each image comes; nil for once.
  public init(
    _ index: DatasetIndex, pipeline: TrainingPipeline, options: LoaderOptions, seed: UInt64,
    weights: SampleWeights? = nil
  ) {
    let weights = weights ?? SampleWeights(index)
    precondition(
      index.count > 0 && weights.values.count == index.count && options.batchSize > 0
        && pipeline.imageSize == options.imageSize,
      "TrainingLoader: nothing to load")
    self.index = index
    self.pipeline = pipeline
    self.options = options
    self.seed = seed
    self.weights = weights
    samplesPerEpoch = weights.total
    // Workers are at different positions, and a little apart from each other.
    let ahead = (options.prefetch + 1) * options.batchSize
    images = ImageSource(
      index, imageSize: options.imageSize, cacheBytes: options.cacheBytes,
      recentCount: TrainingLoader.partnerWindow(batchSize: options.batchSize) + ahead,
      diskCache: options.diskCache)
  }

  /// How many positions back partners are drawn from.
  package static func partnerWindow(batchSize: Int) -> Int { min(max(8 * batchSize, 32), 1000) }

  /// The last one may be smaller.
  public var batchesPerEpoch: Int { (samplesPerEpoch + options.batchSize - 1) / options.batchSize }

  /// Images that turned out unreadable so far, in the order of the index. Samples that wanted one of them took the
  /// next readable image instead.
  public var failures: [ImageError] { images.failures.map(\.error) }

  /// Begins a pass over all images.
  ///
  /// - Parameters:
  ///   - epoch: from 0.
  ///   - joiningImages: false leaves out mosaic and mixup, as in the last epochs.
  ///   - firstBatch: where to begin, for runs that continue inside an epoch.
  public func batches(epoch: Int, joiningImages: Bool = true, firstBatch: Int = 0) -> BatchStream {
    let pass = TrainingPass(
      images: images, pipeline: joiningImages ? pipeline : pipeline.withoutJoining,
      order: order(epoch: epoch),
      batchSize: options.batchSize, seed: seed, epoch: epoch)
    return BatchStream(pass, firstBatch: firstBatch, options: options)
  }

  /// Which image comes at which position of an epoch.
  private func order(epoch: Int) -> [Int32] {
    var random = RandomStream(seed: seed, purpose: .shuffling, epoch: epoch)
    return weights.order(&random)
  }
}

/// One epoch's samples.
private struct TrainingPass: SampleSource {
  let images: ImageSource
  let pipeline: TrainingPipeline
  let order: [Int32]
  let batchSize: Int
  let seed: UInt64
  let epoch: Int

  var batchCount: Int { (order.count + batchSize - 1) / batchSize }

  func positions(of batch: Int) -> Range<Int> {
    (batch * batchSize)..<min((batch + 1) * batchSize, order.count)
  }

  func inputSize(of batch: Int) -> ImageSize {
    guard let sides = pipeline.batchSides else { return ImageSize(side: pipeline.imageSize) }
    var random = RandomStream(seed: seed, purpose: .batchSize, epoch: epoch, index: batch)
    return ImageSize(side: sides.draw(&random))
  }

  func sample(at position: Int, of batch: Int) throws -> LoadedSample? {
    let random = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, index: position)
    let window = min(TrainingLoader.partnerWindow(batchSize: batchSize), order.count)
    let sample = try pipeline.sample(
      Int(order[position]), random: random,
      partner: { random in
        let back = 1 + random.integer(below: window)
        return Int(order[(position - back + order.count) % order.count])
      }, load: images.sample)
    let size = inputSize(of: batch)
    if size == sample.image.size {
      return LoadedSample(image: sample.image, instances: sample.instances, index: sample.index)
    }
    let factor = Float(size.width) / Float(sample.image.width)
    return LoadedSample(
      image: sample.image.resized(to: size),
      instances: sample.instances.map { $0.scaled(x: factor, y: factor) }, index: sample.index)
  }
}
