internal import Foundation

/// Does jobs one after the other on a thread of its own, so that training never waits for the server.
///
/// A job that fails for a passing reason is tried again, at first after half a second, then after twice as long each
/// time. What waits meanwhile is bounded: files are given up first, then the oldest figures.
///
/// `@unchecked Sendable`: `run` belongs to the thread; everything else is guarded by `condition`.
final class MLflowQueue: @unchecked Sendable {
  private var run: MLflowRun
  private let server: MLflowServer
  private let limit: Int
  private let condition = NSCondition()
  private var jobs: [MLflowJob] = []
  private var warnings: [String] = []
  private var isClosed = false
  private var isDone = false
  /// The server wants nothing of this run.
  private var isRefused = false
  private var dropped = 0

  /// - Parameter limit: jobs that may wait.
  init(_ run: MLflowRun, limit: Int) {
    self.run = run
    server = run.server
    self.limit = limit
    let thread = Thread { [self] in work() }
    thread.name = "mlflow"
    thread.start()
  }

  func add(_ job: MLflowJob) {
    condition.withLock {
      if isRefused || isClosed { return }
      jobs.append(job)
      if jobs.count > limit {
        // The first job may be under way.
        let rest = jobs.indices.dropFirst()
        let victim = rest.first { jobs[$0].isFile } ?? rest.first { jobs[$0].isMetrics }
        if let victim {
          jobs.remove(at: victim)
          dropped += 1
        }
      }
      condition.signal()
    }
  }

  func takeWarnings() -> [String] {
    condition.withLock {
      defer { warnings = [] }
      return warnings
    }
  }

  /// Waits until everything is sent, and breaks off what is not by then.
  ///
  /// - Parameter seconds: how long to wait at most.
  func close(within seconds: Double) {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    isClosed = true
    condition.broadcast()
    while !isDone, condition.wait(until: deadline) {}
    let left = isDone ? 0 : jobs.count
    jobs = []
    let lost = left + dropped
    if lost > 0 && !isRefused {
      warnings.append(
        "\(lost) message\(lost == 1 ? "" : "s") could not be sent to the server; the run's folder has everything,"
          + " and a run that is resumed sends its epochs again")
    }
    condition.broadcast()
    condition.unlock()
    if left > 0 { server.stop() }
  }

  // The thread

  private func work() {
    var pause = 0.5
    while let job = next() {
      do {
        try run.perform(job)
        pause = 0.5
        finish()
      } catch let fault as MLflowFault where fault.isTransient {
        warn("\(fault); trying again while the run goes on")
        sleep(pause)
        pause = min(2 * pause, 30)
      } catch {
        refuse(job, error)
      }
    }
  }

  /// The oldest job, which stays in the list until it is done; nil when all is over.
  private func next() -> MLflowJob? {
    condition.withLock {
      while jobs.isEmpty && !isClosed { condition.wait() }
      if jobs.isEmpty {
        isDone = true
        condition.broadcast()
      }
      return jobs.first
    }
  }

  private func finish() {
    condition.withLock { if !jobs.isEmpty { jobs.removeFirst() } }
  }

  private func refuse(_ job: MLflowJob, _ error: any Error) {
    condition.withLock {
      if jobs.isEmpty { return }
      warnings.append("\(error)")
      if case .begin = job {
        isRefused = true
        jobs = []
      } else {
        jobs.removeFirst()
      }
    }
  }

  private func warn(_ text: String) {
    condition.withLock { if !jobs.isEmpty, !warnings.contains(text) { warnings.append(text) } }
  }

  /// Waits, but not beyond the end.
  private func sleep(_ seconds: Double) {
    let end = Date(timeIntervalSinceNow: seconds)
    condition.withLock {
      while !jobs.isEmpty, Date() < end { _ = condition.wait(until: end) }
    }
  }
}
