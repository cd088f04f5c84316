internal import Foundation
public import Layers
public import Tensor

/// A slowly moving average of all numbers of a model, running statistics included: what is validated and kept.
///
/// average ← d · average + (1 - d) · values with d = 0.9999 · (1 - exp(-updates / 2000)); updates count from 1.
/// Constants stay as they are.
///
/// Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992.
public final class ExponentialMovingAverage {
  public let decay: Double
  public let timeConstant: Double
  /// As long as the store's `values`.
  public let average: Tensor
  public private(set) var updates = 0
  private let store: ParameterStore

  /// The average begins as the store's numbers.
  public init(_ store: ParameterStore, decay: Double = 0.9999, timeConstant: Double = 2000) {
    self.store = store
    self.decay = decay
    self.timeConstant = timeConstant
    average = Tensor(uninitialized: store.values.shape, on: store.device)
    store.device.engine.copy(store.values, to: average)
  }

  /// How much of the old average the given update (counted from 1) keeps.
  public func decay(update: Int) -> Double { decay * (1 - exp(-Double(update) / timeConstant)) }

  public func update() {
    updates += 1
    let keep = Float(decay(update: updates))
    for range in [0..<store.trainableCount, store.parameterCount..<store.values.count] where !range.isEmpty {
      store.device.engine.exponentialMovingAverage(
        average.run(range, shape: [range.count]), toward: store.values.run(range, shape: [range.count]),
        decay: keep)
    }
  }

  /// Takes up a saved average.
  ///
  /// - Precondition: as many numbers as the model has.
  public func restore(_ numbers: [Float], updates: Int) {
    numbers.withUnsafeBufferPointer { average.copyFromHost($0) }
    self.updates = updates
  }

  /// Runs `body` while the model holds the average; its own numbers come back unchanged.
  public func whileApplied<Result>(_ body: () throws -> Result) rethrows -> Result {
    let engine = store.device.engine
    let own = Tensor(uninitialized: store.values.shape, on: store.device)
    engine.copy(store.values, to: own)
    engine.copy(average, to: store.values)
    store.markChanged()
    defer {
      engine.copy(own, to: store.values)
      store.markChanged()
    }
    return try body()
  }
}
