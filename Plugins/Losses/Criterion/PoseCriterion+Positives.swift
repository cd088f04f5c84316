import PoseCore
internal import Tensor

extension PoseCriterion {
  /// The parts that only positive anchors have.
  struct PositiveParts {
    var box = 0.0
    var sides = 0.0
    var pose = 0.0
    var visibility = 0.0

    static func += (a: inout Self, b: Self) {
      a.box += b.box
      a.sides += b.sides
      a.pose += b.pose
      a.visibility += b.visibility
    }
  }

  /// What the derivative of each part is multiplied by.
  struct PositiveFactors {
    var box: Float
    var sides: Float
    var pose: Float
    var visibility: Float
  }

  /// Sums of the losses of boxes and keypoints, without gains and divisors; writes the gradients with both.
  func positiveLosses(
    _ outputs: HeadBuffers, _ images: [AssignedImage], divisor: Double, keypointDivisor: Double,
    gradients: HeadGradients?
  ) -> PositiveParts {
    let batch = Double(outputs.batch)
    let factors = PositiveFactors(
      box: Float(Double(gains.box) * batch / divisor), sides: Float(Double(gains.dfl) * batch / divisor),
      pose: Float(Double(gains.pose) * batch / keypointDivisor),
      visibility: Float(Double(gains.kobj) * batch / keypointDivisor))
    var sums = [PositiveParts](repeating: PositiveParts(), count: outputs.batch)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      ThreadTeam.forEach(outputs.batch) { index in
        if let gradients { outputs.clear(gradients, image: index) }
        let image = images[index]
        let anchors = PositiveAnchorLoss(
          loss: self, factors: factors, outputs: outputs, image: index, prediction: image.prediction,
          gradients: gradients)
        for assignment in image.assignments {
          sums[index] += anchors.evaluate(assignment, target: image.targets[assignment.target])
        }
      }
    }
    return sums.reduce(into: PositiveParts(), +=)
  }
}

extension HeadBuffers {
  /// Sets the gradients of one image's boxes and keypoints to zero.
  fileprivate func clear(_ gradients: HeadGradients, image: Int) {
    for (level, shape) in grid.levels.enumerated() {
      let boxChannels = shape.cellCount * 4 * regMax
      (gradients.boxes[level] + image * boxChannels).update(repeating: 0, count: boxChannels)
      let keypointChannels = shape.cellCount * keypointCount * dimensions
      (gradients.keypoints[level] + image * keypointChannels).update(repeating: 0, count: keypointChannels)
    }
  }
}
