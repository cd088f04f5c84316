public import PoseCore

/// The loss of one-stage pose models with a decoupled head: boxes, keypoints, visibilities and classes of the
/// anchors which an assigner chooses, and classes of all anchors.
///
/// - Boxes and distributions of their sides: mean over positive anchors, weighted by target score.
/// - Classes: sum over all anchors and classes, divided by the sum of the target scores.
/// - Keypoints: plain mean over positive anchors and keypoints. `KeypointEncoding` says where it lies.
/// - Visibility: binary cross-entropy, the mean over positive anchors and keypoints; labelled or not is the target.
///
/// Source: YOLOv8-pose and its successors; Maji et al., YOLO-Pose, arXiv:2204.06806.
///
/// The result is the same to the last bit whatever the number of threads.
public struct PoseCriterion: Sendable {
  public var assigner: any Assigner
  public var boxLoss: any BoxLoss
  public var sideLoss: any SideLoss
  public var classificationLoss: any ClassificationLoss
  public var keypointLoss: any KeypointLoss
  public var gains: PoseLossGains

  public init(
    assigner: any Assigner, boxLoss: any BoxLoss, sideLoss: any SideLoss,
    classificationLoss: any ClassificationLoss, keypointLoss: any KeypointLoss, gains: PoseLossGains
  ) {
    self.assigner = assigner
    self.boxLoss = boxLoss
    self.sideLoss = sideLoss
    self.classificationLoss = classificationLoss
    self.keypointLoss = keypointLoss
    self.gains = gains
  }

  /// The loss that the YOLO pose models are trained with.
  ///
  /// - Parameter regMax: bins of a side's distribution in the head.
  public init(sigmas: [Float], regMax: Int = 16, gains: PoseLossGains = PoseLossGains()) {
    self.init(
      assigner: TaskAlignedAssigner(), boxLoss: CIoULoss(),
      sideLoss: regMax > 1 ? DistributionFocalLoss() : SideDistanceLoss(),
      classificationLoss: BinaryCrossEntropyLoss(), keypointLoss: OKSKeypointLoss(sigmas: sigmas),
      gains: gains)
  }

  /// Computes the loss and, if wanted, the derivatives of its total.
  ///
  /// - Parameters:
  ///   - targets: one list an image; coordinates in input pixels.
  ///   - gradients: every element of these buffers is written.
  public func evaluate(
    _ outputs: HeadBuffers, targets: [[Instance]], gradients: HeadGradients? = nil
  ) throws(PoseTargetError) -> PoseCriterionValue {
    try check(targets, for: outputs)
    return evaluate(outputs, images: assign(outputs, targets), gradients: gradients)
  }

  /// The same for anchors that are assigned already.
  func evaluate(
    _ outputs: HeadBuffers, images: [AssignedImage], gradients: HeadGradients? = nil
  ) -> PoseCriterionValue {
    var scoreSum = 0.0
    var positives = 0
    for image in images {
      for assignment in image.assignments { scoreSum += Double(assignment.score) }
      positives += image.assignments.count
    }
    let divisor = max(scoreSum, 1)

    let classes = classLoss(outputs, images, divisor: divisor, gradients: gradients)
    let keypointDivisor = Double(max(positives, 1) * max(outputs.keypointCount, 1))
    let parts = positiveLosses(
      outputs, images, divisor: divisor, keypointDivisor: keypointDivisor, gradients: gradients)

    let box = Double(gains.box) * parts.box / divisor
    let pose = Double(gains.pose) * parts.pose / keypointDivisor
    let kobj = Double(gains.kobj) * parts.visibility / keypointDivisor
    let cls = Double(gains.cls) * classes / divisor
    let dfl = Double(gains.dfl) * parts.sides / divisor
    return PoseCriterionValue(
      box: Float(box), pose: Float(pose), kobj: Float(kobj), cls: Float(cls), dfl: Float(dfl),
      total: Float((box + pose + kobj + cls + dfl) * Double(outputs.batch)), positives: positives,
      targetScoreSum: Float(scoreSum))
  }

  func check(_ targets: [[Instance]], for outputs: HeadBuffers) throws(PoseTargetError) {
    guard targets.count == outputs.batch else {
      throw .imageCount(found: targets.count, batch: outputs.batch)
    }
    for (image, instances) in targets.enumerated() {
      for (index, instance) in instances.enumerated() {
        guard (0..<outputs.classes).contains(instance.classIndex) else {
          throw .classOutOfRange(
            image: image, instance: index, found: instance.classIndex, classes: outputs.classes)
        }
        guard instance.keypoints.count == outputs.keypointCount else {
          throw .keypointCount(
            image: image, instance: index, found: instance.keypoints.count, expected: outputs.keypointCount)
        }
        let box = instance.box
        guard (box.x1 + box.y1 + box.x2 + box.y2).isFinite,
          instance.keypoints.allSatisfy({ $0.visibility == .unlabelled || ($0.x + $0.y).isFinite })
        else { throw .notFinite(image: image, instance: index) }
      }
    }
  }
}
