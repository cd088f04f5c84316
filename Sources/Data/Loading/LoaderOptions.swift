/// How samples are loaded. Nothing here but `imageSize` and `batchSize` changes what is loaded.
public struct LoaderOptions: Sendable {
  /// Side of the network's square input in pixels.
  public var imageSize: Int
  public var batchSize: Int
  /// Threads that load; with 0, `next()` loads itself.
  public var workers: Int
  /// Batches that may be loaded ahead of the one in use.
  public var prefetch: Int
  /// Bytes of decoded and resized images that are kept in memory over the epochs; 0 keeps none.
  public var cacheBytes: Int
  /// Keeps decoded and resized images on disk, too, from run to run; nil keeps none.
  public var diskCache: DiskCache?

  /// Where decoded images lie on disk, and how much room they may take.
  public struct DiskCache: Sendable, Equatable {
    public var folder: String
    /// Of all files in the folder, in bytes.
    public var budget: Int

    public init(folder: String, budget: Int) {
      self.folder = folder
      self.budget = budget
    }
  }

  public init(
    imageSize: Int, batchSize: Int, workers: Int = 2, prefetch: Int = 2, cacheBytes: Int = 0,
    diskCache: DiskCache? = nil
  ) {
    self.imageSize = imageSize
    self.batchSize = batchSize
    self.workers = workers
    self.prefetch = prefetch
    self.cacheBytes = cacheBytes
    self.diskCache = diskCache
  }
}
