/// The batches of one pass, in order.
///
/// For one consumer. When the stream goes or is cancelled, its worker threads end.
public final class BatchStream: Sendable {
  /// Batches of the whole pass, also where the stream began later.
  public let batchCount: Int
  private let queue: BatchQueue
  private let hasWorkers: Bool

  init(_ source: any SampleSource, firstBatch: Int, options: LoaderOptions) {
    batchCount = source.batchCount
    let workers = max(0, options.workers)
    hasWorkers = workers > 0
    queue = BatchQueue(source, firstBatch: firstBatch, workers: workers, prefetch: options.prefetch)
  }

  deinit { queue.cancel() }

  /// The next batch; nil at the end, or once cancelled.
  ///
  /// - Throws: `LoaderError`, or what an augmentation throws; then the stream is at its end.
  public func next() throws -> Batch? { hasWorkers ? try queue.takeNext() : try queue.loadNext() }

  public func cancel() { queue.cancel() }
}
