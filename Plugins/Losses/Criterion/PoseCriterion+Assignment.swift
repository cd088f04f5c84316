import PoseCore
internal import Tensor

extension PoseCriterion {
  /// One image, decoded as far as its assignment needed it.
  ///
  /// Unchecked: one thread at a time has it.
  struct AssignedImage: @unchecked Sendable {
    var prediction: ImagePrediction
    var targets: [Instance]
    var assignments: [Assignment]

    /// The assignments to anchors of some range of numbers.
    func assignments(inside anchors: Range<Int>) -> some Sequence<Assignment> {
      assignments.lazy.filter { anchors.contains($0.anchor) }
    }
  }

  func assign(_ outputs: HeadBuffers, _ targets: [[Instance]]) -> [AssignedImage] {
    [AssignedImage](unsafeUninitializedCapacity: outputs.batch) { buffer, initialised in
      nonisolated(unsafe) let buffer = buffer
      ThreadTeam.forEach(outputs.batch) { image in
        let prediction = ImagePrediction(outputs, image: image)
        let assignments = assigner.assign(prediction, to: targets[image])
        buffer.initializeElement(
          at: image,
          to: AssignedImage(prediction: prediction, targets: targets[image], assignments: assignments))
      }
      initialised = outputs.batch
    }
  }
}
