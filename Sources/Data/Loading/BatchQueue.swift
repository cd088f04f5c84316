internal import Foundation

/// Hands samples to worker threads and their batches, in order, to one consumer.
///
/// Workers take single samples, so that the next batch is done as soon as can be, and stay at most `prefetch` batches
/// ahead. They hold the queue, not the stream the consumer holds: when that goes, the queue is cancelled and they end.
///
/// `@unchecked Sendable`: `condition` guards all state.
final class BatchQueue: @unchecked Sendable {
  private let source: any SampleSource
  private let prefetch: Int
  private let pool: PixelPool
  private let condition = NSCondition()
  private var isCancelled = false
  /// The next batch the consumer gets.
  private var nextBatch: Int
  /// The next sample a worker gets.
  private var nextPosition: Int
  private var nextPositionBatch: Int
  private var assemblies: [Int: BatchAssembly] = [:]

  init(_ source: any SampleSource, firstBatch: Int, workers: Int, prefetch: Int) {
    self.source = source
    self.prefetch = max(1, prefetch)
    pool = PixelPool(limit: max(1, prefetch) + 2)
    nextBatch = firstBatch
    nextPositionBatch = firstBatch
    nextPosition = firstBatch < source.batchCount ? source.positions(of: firstBatch).lowerBound : 0
    for number in 0..<workers {
      let thread = Thread { [self] in work() }
      thread.name = "poselab loader \(number)"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// The next batch, loaded by the caller: for streams without workers.
  func loadNext() throws -> Batch? {
    while let assembly = claimWholeBatch() {
      do {
        for position in source.positions(of: assembly.batch) {
          assembly.place(try source.sample(at: position, of: assembly.batch), at: position)
        }
      } catch {
        cancel()
        throw error
      }
      let batch = assembly.finished()
      if batch.count > 0 { return batch }
    }
    return nil
  }

  /// The next batch of the workers; waits for it.
  func takeNext() throws -> Batch? {
    while let assembly = waitForNext() {
      if let failure = assembly.failure {
        cancel()
        throw failure.error
      }
      let batch = assembly.finished()
      if batch.count > 0 { return batch }
    }
    return nil
  }

  /// Ends the workers after the sample they are at.
  func cancel() {
    condition.withLock {
      isCancelled = true
      assemblies = [:]
      condition.broadcast()
    }
  }

  private func claimWholeBatch() -> BatchAssembly? {
    condition.withLock {
      if isCancelled || nextBatch >= source.batchCount { return nil }
      nextBatch += 1
      return BatchAssembly(nextBatch - 1, of: source, pool: pool)
    }
  }

  private func waitForNext() -> BatchAssembly? {
    condition.withLock {
      while !isCancelled && nextBatch < source.batchCount {
        if let assembly = assemblies[nextBatch], assembly.missing == 0 {
          assemblies[nextBatch] = nil
          nextBatch += 1
          condition.broadcast()
          return assembly
        }
        condition.wait()
      }
      return nil
    }
  }

  // Workers

  private func work() {
    while let (assembly, position) = claim() {
      do {
        assembly.place(try source.sample(at: position, of: assembly.batch), at: position)
        finish(assembly)
      } catch {
        finish(assembly, failure: (position, error))
      }
    }
  }

  private func claim() -> (BatchAssembly, Int)? {
    condition.withLock {
      while !isCancelled && nextPositionBatch < source.batchCount {
        if nextPositionBatch > nextBatch + prefetch {
          condition.wait()
          continue
        }
        let batch = nextPositionBatch
        let assembly = assemblies[batch] ?? BatchAssembly(batch, of: source, pool: pool)
        assemblies[batch] = assembly
        let position = nextPosition
        nextPosition += 1
        if nextPosition >= source.positions(of: batch).upperBound { nextPositionBatch += 1 }
        return (assembly, position)
      }
      return nil
    }
  }

  private func finish(_ assembly: BatchAssembly, failure: (position: Int, error: any Error)? = nil) {
    condition.withLock {
      if let failure, failure.position < assembly.failure?.position ?? Int.max { assembly.failure = failure }
      assembly.missing -= 1
      if assembly.missing == 0 { condition.broadcast() }
    }
  }
}
