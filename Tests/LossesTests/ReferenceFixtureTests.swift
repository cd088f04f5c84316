import Losses
import PoseCore
import Testing

@Suite struct `The pose loss` {
  @Test(arguments: [
    "coco17_nc3", "k5d3_nc2_default_sigmas", "k4d3_nc1_own_sigmas", "k5d2_nc1", "no_targets",
    "k2d3_nc5_two_levels_8_bins", "k4d3_nc3_one_level_no_bins",
  ])
  func `equals the reference on raw head outputs`(name: String) throws {
    try check(LossCase.heads(name), items: 1e-5, gradients: 1e-4)
  }

  @Test func `equals the reference on the outputs of a network`() throws {
    let reference = try LossCase.network()
    let (value, _) = try reference.outputs.evaluate(reference.loss, targets: reference.targets)
    #expect(relativeError([value.items], [reference.items]) < 2e-5)
    #expect(relativeError([[value.total]], [[reference.record.total]]) < 2e-5)
    #expect(value.positives == reference.record.foregroundAnchors)
  }

  private func check(_ reference: LossCase, items: Float, gradients tolerance: Float) throws {
    let outputs = reference.outputs
    let (value, gradients) = try outputs.evaluate(reference.loss, targets: reference.targets)
    for (item, expected) in zip(value.items, reference.items) {
      #expect(abs(item - expected) <= items * abs(expected))
    }
    #expect(abs(value.total - reference.record.total) <= items * reference.record.total)
    #expect(value.positives == reference.record.foregroundAnchors)
    #expect(abs(value.targetScoreSum - reference.record.targetScoresSum) <= 1e-4 * value.targetScoreSum)
    let pairs = [
      (gradients.boxes, try reference.gradient("grad_boxes", channels: 4 * outputs.regMax)),
      (gradients.scores, try reference.gradient("grad_scores", channels: outputs.classes)),
      (
        gradients.keypoints,
        try reference.gradient("grad_kpts", channels: outputs.keypointCount * outputs.dimensions)
      ),
    ]
    for (ours, theirs) in pairs { #expect(relativeError(ours, theirs) < tolerance) }
    #expect(try outputs.withBuffers { try reference.loss.evaluate($0, targets: reference.targets) } == value)
  }
}

@Suite struct `Task-aligned assignment` {
  @Test(arguments: ["coco17_nc3", "k5d3_nc2_default_sigmas", "k4d3_nc1_own_sigmas", "k5d2_nc1", "network"])
  func `equals the reference, candidate by candidate`(name: String) throws {
    let reference = try name == "network" ? LossCase.network() : LossCase.heads(name)
    let anchors = reference.outputs.grid.count
    let most = reference.targets.map(\.count).max() ?? 0
    let alignments = try reference.floats("assign.align_metric")
    let overlaps = try reference.floats("assign.overlaps")
    let chosen = try reference.ints("assign.mask_pos")
    let foreground = try reference.ints("assign.fg_mask")
    let targets = try reference.ints("assign.target_gt_idx")
    let scores = try reference.floats("assign.target_scores")
    let classes = reference.outputs.classes
    let assigner = TaskAlignedAssigner()

    reference.outputs.withBuffers { outputs in
      for (image, instances) in reference.targets.enumerated() {
        let prediction = ImagePrediction(outputs, image: image)
        for (index, instance) in instances.enumerated() {
          let row = (image * most + index) * anchors..<(image * most + index + 1) * anchors
          let candidates = assigner.candidates(of: instance, in: prediction)
          var ours = (
            overlaps: [Float](repeating: 0, count: anchors), alignments: [Float](repeating: 0, count: anchors)
          )
          for candidate in candidates {
            ours.overlaps[candidate.anchor] = candidate.overlap
            ours.alignments[candidate.anchor] = candidate.alignment
          }
          #expect(relativeError([ours.overlaps], [Array(overlaps[row])]) < 1e-3)
          #expect(relativeError([ours.alignments], [Array(alignments[row])]) < 1e-3)
          let best = Set(assigner.best(of: candidates, anchors: anchors).map(\.anchor))
          #expect(best == Set((0..<anchors).filter { chosen[row.lowerBound + $0] != 0 }))
        }
        let assignments = assigner.assign(prediction, to: instances)
        let positives = (0..<anchors).filter { foreground[image * anchors + $0] != 0 }
        #expect(assignments.map(\.anchor) == positives)
        for assignment in assignments {
          let anchor = image * anchors + assignment.anchor
          #expect(assignment.target == targets[anchor])
          let expected = scores[anchor * classes + instances[assignment.target].classIndex]
          #expect(abs(assignment.score - expected) <= 1e-3 * expected)
        }
      }
    }
  }

  @Test func `decodes boxes as the reference does`() throws {
    let reference = try LossCase.network()
    let boxes = try reference.floats("assign.pd_bboxes")
    let scores = try reference.floats("assign.pd_scores")
    reference.outputs.withBuffers { outputs in
      for image in 0..<outputs.batch {
        let prediction = ImagePrediction(outputs, image: image)
        for index in 0..<outputs.grid.count {
          let anchor = outputs.grid.anchor(index)
          let box = prediction.box(at: anchor)
          let row = image * outputs.grid.count + index
          #expect(
            relativeError([[box.x1, box.y1, box.x2, box.y2]], [Array(boxes[row * 4..<row * 4 + 4])]) < 1e-5)
          #expect(abs(prediction.score(at: anchor, class: 0) - scores[row]) < 1e-6)
        }
      }
    }
  }
}
