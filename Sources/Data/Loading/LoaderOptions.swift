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

  public init(imageSize: Int, batchSize: Int, workers: Int = 2, prefetch: Int = 2, cacheBytes: Int = 0) {
    self.imageSize = imageSize
    self.batchSize = batchSize
    self.workers = workers
    self.prefetch = prefetch
    self.cacheBytes = cacheBytes
  }
}
