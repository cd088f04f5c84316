public import Imaging
internal import PoseCore
internal import Synchronization

/// Loads the images of a split as they are, letterboxed, each once.
public final class ValidationLoader: Sendable {
  public let index: DatasetIndex
  public let options: LoaderOptions
  private let plan: Plan
  private let failed = Failures()

  /// The sizes of the network's input.
  public enum Shapes: Sendable {
    /// Squares of the options' image size, in the order of the index.
    case square
    /// One size for all, in the order of the index.
    case fixed(ImageSize)
    /// Batches of pictures of like shape with little padding, in the order of their shapes ("rect"): sides are multiples
    /// of the stride.
    case rectangular(stride: Int)
  }

  /// Which images make up which batch, and of which size.
  fileprivate enum Plan: Sendable {
    case fixed(ImageSize)
    /// Batches of like shape, each with its own input size.
    case rectangular(RectangularBatches)
  }

  public init(_ index: DatasetIndex, options: LoaderOptions, shapes: Shapes = .square) {
    precondition(index.count > 0 && options.batchSize > 0, "ValidationLoader: nothing to load")
    self.index = index
    self.options = options
    switch shapes {
    case .square: plan = .fixed(ImageSize(side: options.imageSize))
    case .fixed(let size): plan = .fixed(size)
    case .rectangular(let stride):
      let sizes = (0..<index.count).map(index.size(of:))
      plan = .rectangular(
        RectangularBatches(
          sizes: sizes, imageSize: options.imageSize, batchSize: options.batchSize, stride: stride))
    }
  }

  /// - Parameter stride: see `Shapes.rectangular`; nil gives squares.
  public convenience init(_ index: DatasetIndex, options: LoaderOptions, rectangularStride stride: Int?) {
    self.init(index, options: options, shapes: stride.map { .rectangular(stride: $0) } ?? .square)
  }

  public var batchCount: Int { (index.count + options.batchSize - 1) / options.batchSize }

  /// Images that turned out unreadable so far, in the order of the index; their batches are smaller.
  public var failures: [ImageError] { failed.sorted }

  /// Begins a pass over all images.
  public func batches() -> BatchStream {
    let pass = ValidationPass(index: index, options: options, plan: plan, failed: failed)
    return BatchStream(pass, firstBatch: 0, options: options)
  }

  fileprivate final class Failures: Sendable {
    private let errors = Mutex<[Int: ImageError]>([:])

    func note(_ error: ImageError, of image: Int) { errors.withLock { $0[image] = error } }

    var sorted: [ImageError] {
      errors.withLock { errors in errors.sorted { $0.key < $1.key }.map(\.value) }
    }
  }
}

private struct ValidationPass: SampleSource {
  let index: DatasetIndex
  let options: LoaderOptions
  let plan: ValidationLoader.Plan
  let failed: ValidationLoader.Failures

  var batchCount: Int { (index.count + options.batchSize - 1) / options.batchSize }

  func positions(of batch: Int) -> Range<Int> {
    (batch * options.batchSize)..<min((batch + 1) * options.batchSize, index.count)
  }

  func inputSize(of batch: Int) -> ImageSize {
    switch plan {
    case .fixed(let size): size
    case .rectangular(let batches): batches.shapes[batch]
    }
  }

  /// The long side of pictures before they are padded.
  private func loadedSide(of batch: Int) -> Int {
    switch plan {
    case .fixed(let size): max(size.width, size.height)
    case .rectangular: options.imageSize
    }
  }

  func sample(at position: Int, of batch: Int) throws -> LoadedSample? {
    let place =
      switch plan {
      case .fixed: position
      case .rectangular(let batches): batches.order[position]
      }
    do throws(ImageError) {
      let image = try index.decode(place)
      let letterbox = Letterbox.validation(
        source: image.size, imageSize: loadedSide(of: batch), network: inputSize(of: batch))
      let instances = index.trainingInstances(of: place).map { $0.mapped(by: letterbox) }
      return LoadedSample(
        image: letterbox.apply(to: image), instances: instances, index: place, letterbox: letterbox)
    } catch {
      failed.note(error, of: place)
      return nil
    }
  }
}
