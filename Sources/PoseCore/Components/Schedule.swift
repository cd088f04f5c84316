/// Learning rate over a run, as a factor of the initial one.
public protocol Schedule: Sendable {
  /// The factor of a whole epoch.
  ///
  /// - Parameter epoch: counted from 0.
  func factor(epoch: Int, of epochs: Int) -> Double

  /// The factor at an iteration; by default that of its epoch.
  ///
  /// - Parameter iteration: counted from 0 over the run.
  func factor(iteration: Int, in length: RunLength) -> Double

  /// The momentum at an iteration, for schedules that move it; by default it stays as it is set.
  func momentum(iteration: Int, in length: RunLength) -> Double?
}

extension Schedule {
  public func factor(iteration: Int, in length: RunLength) -> Double {
    factor(epoch: iteration / length.batchesPerEpoch, of: length.epochs)
  }

  public func momentum(iteration: Int, in length: RunLength) -> Double? { nil }
}

/// How long a run is.
public struct RunLength: Sendable, Equatable {
  public var epochs: Int
  /// At least 1.
  public var batchesPerEpoch: Int

  public init(epochs: Int, batchesPerEpoch: Int) {
    self.epochs = epochs
    self.batchesPerEpoch = max(1, batchesPerEpoch)
  }

  public var iterations: Int { epochs * batchesPerEpoch }
}

/// What a schedule is built for.
public struct ScheduleContext: Sendable {
  /// Final factor (`lrf`).
  public var finalFactor: Double

  public init(finalFactor: Double) { self.finalFactor = finalFactor }
}
