import PoseCore
internal import Tensor

extension PoseCriterion {
  /// Some cells of one level of one image; the unit of work, the same for any number of threads.
  private struct Chunk {
    var image: Int
    var level: Int
    var cells: Range<Int>
  }

  /// The sum of the class losses of all anchors, without gain and divisor; writes the gradients with both.
  func classLoss(
    _ outputs: HeadBuffers, _ images: [AssignedImage], divisor: Double, gradients: HeadGradients?
  ) -> Double {
    let classes = outputs.classes
    let chunks = chunks(of: outputs)
    let factor = Float(Double(gains.cls) * Double(outputs.batch) / divisor)
    var sums = [Double](repeating: 0, count: chunks.count)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      ThreadTeam.forEach(chunks.count) { index in
        let chunk = chunks[index]
        let count = chunk.cells.count * classes
        let start =
          (chunk.image * outputs.grid.levels[chunk.level].cellCount + chunk.cells.lowerBound) * classes
        let logits = UnsafeBufferPointer(start: outputs.scores[chunk.level] + start, count: count)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { scratch in
          let targets = UnsafeMutableBufferPointer(rebasing: scratch[..<count])
          targets.initialize(repeating: 0)
          let anchors = chunk.cells.shifted(by: outputs.grid.offsets[chunk.level])
          let image = images[chunk.image]
          for assignment in image.assignments(inside: anchors) {
            let cell = assignment.anchor - anchors.lowerBound
            let classIndex = image.targets[assignment.target].classIndex
            targets[cell * classes + classIndex] = assignment.score
          }
          var gradient = UnsafeMutableBufferPointer(rebasing: scratch[count...])
          if let gradients { gradient = .init(start: gradients.scores[chunk.level] + start, count: count) }
          sums[index] = classificationLoss.evaluate(
            logits: logits, targets: .init(targets), gradient: gradient)
          if gradients != nil {
            for element in gradient.indices { gradient[element] *= factor }
          }
        }
      }
    }
    return sums.reduce(0, +)
  }

  private func chunks(of outputs: HeadBuffers) -> [Chunk] {
    let size = max(1, 8192 / max(1, outputs.classes))
    var chunks: [Chunk] = []
    for image in 0..<outputs.batch {
      for (level, shape) in outputs.grid.levels.enumerated() {
        for start in stride(from: 0, to: shape.cellCount, by: size) {
          chunks.append(
            Chunk(image: image, level: level, cells: start..<min(start + size, shape.cellCount)))
        }
      }
    }
    return chunks
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
