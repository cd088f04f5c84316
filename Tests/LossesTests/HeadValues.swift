import Losses
import PoseCore

/// Head outputs in arrays, for tests: per level `[batch, height, width, channels]`.
struct HeadValues: Sendable {
  var batch: Int
  var grid: AnchorGrid
  var classes: Int
  var keypointCount: Int
  var dimensions: Int
  var regMax: Int
  var boxes: [[Float]]
  var scores: [[Float]]
  var keypoints: [[Float]]

  func withBuffers<Result>(_ body: (HeadBuffers) throws -> Result) rethrows -> Result {
    // The arrays must not move while their pointers are in use: keep copies of our own.
    let storage = [boxes, scores, keypoints].map { $0.map(Storage.init) }
    return try withExtendedLifetime(storage) {
      try body(
        HeadBuffers(
          batch: batch, grid: grid, classes: classes, keypointCount: keypointCount, dimensions: dimensions,
          regMax: regMax, boxes: storage[0].map { .init($0.pointer) },
          scores: storage[1].map { .init($0.pointer) },
          keypoints: storage[2].map { .init($0.pointer) }))
    }
  }

  /// The loss and its gradients, in `HeadValues` of the same shapes.
  func evaluate(
    _ loss: PoseCriterion, targets: [[Instance]]
  ) throws -> (value: PoseCriterionValue, gradients: HeadValues) {
    // Values that must be overwritten.
    let storage = [boxes, scores, keypoints].map {
      $0.map { Storage([Float](repeating: .nan, count: $0.count)) }
    }
    let value = try withBuffers { outputs in
      try loss.evaluate(
        outputs, targets: targets,
        gradients: HeadGradients(
          boxes: storage[0].map(\.pointer), scores: storage[1].map(\.pointer),
          keypoints: storage[2].map(\.pointer)))
    }
    var gradients = self
    gradients.boxes = storage[0].map(\.values)
    gradients.scores = storage[1].map(\.values)
    gradients.keypoints = storage[2].map(\.values)
    return (value, gradients)
  }

  private final class Storage {
    let pointer: UnsafeMutablePointer<Float>
    private let count: Int

    init(_ values: [Float]) {
      count = values.count
      pointer = .allocate(capacity: max(1, count))
      pointer.initialize(from: values, count: count)
    }

    deinit { pointer.deallocate() }

    var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
  }
}

extension HeadValues {
  /// Splits `[batch, channels, anchors]` into levels of `[batch, height, width, channels]`.
  static func levels(of values: [Float], batch: Int, channels: Int, grid: AnchorGrid) -> [[Float]] {
    zip(grid.levels, grid.offsets).map { level, offset in
      var result = [Float](repeating: 0, count: batch * level.cellCount * channels)
      for image in 0..<batch {
        for channel in 0..<channels {
          for cell in 0..<level.cellCount {
            result[(image * level.cellCount + cell) * channels + channel] =
              values[(image * channels + channel) * grid.count + offset + cell]
          }
        }
      }
      return result
    }
  }

  /// Normal random values of every kind.
  static func random(
    batch: Int, levels: [AnchorGrid.Level], classes: Int, keypointCount: Int, dimensions: Int, regMax: Int,
    scale: Float = 1, generator: inout Generator
  ) -> HeadValues {
    func values(_ channels: Int) -> [[Float]] {
      levels.map { level in
        (0..<batch * level.cellCount * channels).map { _ in scale * generator.normal() }
      }
    }
    return HeadValues(
      batch: batch, grid: AnchorGrid(levels: levels), classes: classes, keypointCount: keypointCount,
      dimensions: dimensions, regMax: regMax, boxes: values(4 * regMax), scores: values(classes),
      keypoints: values(keypointCount * dimensions))
  }
}
