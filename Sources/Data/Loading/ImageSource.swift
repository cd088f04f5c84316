internal import Imaging
internal import PoseCore
internal import Synchronization

/// Reads the images of an index for training, each resized so that its long side is `imageSize`.
///
/// Keeps decoded images while they fit into the budget, and of the rest the latest ones for a while; remembers images
/// that cannot be read. None of this shows in the samples, so threads may come in any order.
final class ImageSource: Sendable {
  let index: DatasetIndex
  let imageSize: Int
  private let state: Mutex<DecodedImages>
  private let disk: DiskImageCache?

  /// - Parameters:
  ///   - cacheBytes: budget for images that are kept for good.
  ///   - recentCount: how many of the latest other images are kept.
  ///   - diskCache: where images are kept on disk; a folder that cannot be written is not used.
  init(
    _ index: DatasetIndex, imageSize: Int, cacheBytes: Int, recentCount: Int,
    diskCache: LoaderOptions.DiskCache? = nil
  ) {
    self.index = index
    self.imageSize = imageSize
    state = Mutex(DecodedImages(budget: cacheBytes, recentCount: recentCount))
    disk = diskCache.flatMap { DiskImageCache(folder: $0.folder, imageSize: imageSize, budget: $0.budget) }
  }

  /// Images that could not be read, by their place in the index.
  var failures: [(index: Int, error: ImageError)] {
    state.withLock { state in
      state.failures.sorted { $0.key < $1.key }.map { (index: $0.key, error: $0.value) }
    }
  }

  /// The image with its objects to train on; where it cannot be read, the next one that can.
  func sample(_ wanted: Int) throws -> TrainingSample {
    var first: ImageError?
    for offset in 0..<index.count {
      let place = (wanted + offset) % index.count
      do throws(ImageError) {
        let image = try image(place)
        let size = index.size(of: place)
        let (x, y) = (
          Float(image.width) / Float(size.width), Float(image.height) / Float(size.height)
        )
        let instances = index.trainingInstances(of: place).map { $0.scaled(x: x, y: y) }
        return TrainingSample(image: image, instances: instances, index: place)
      } catch {
        first = first ?? error
      }
    }
    throw LoaderError.noReadableImage(first ?? ImageError(.missing))
  }

  /// The decoded and resized image.
  func image(_ place: Int) throws(ImageError) -> Image {
    let known = state.withLock { state in
      (image: state.image(place), failure: state.failures[place])
    }
    if let image = known.image { return image }
    if let failure = known.failure { throw failure }
    do throws(ImageError) {
      let image = try decode(place)
      state.withLock { $0.keep(image, of: place) }
      return image
    } catch {
      state.withLock { $0.failures[place] = error }
      throw error
    }
  }

  private func decode(_ place: Int) throws(ImageError) -> Image {
    let size = Letterbox.loadedSize(of: index.size(of: place), imageSize: imageSize)
    if let disk, index.isCurrent(place), let image = disk.image(index.paths[place], size: size) {
      return image
    }
    let image = try index.decode(place).resized(to: size)
    disk?.keep(image, of: index.paths[place])
    return image
  }
}
