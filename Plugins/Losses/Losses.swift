public import PoseCore

/// The losses that come with PoseLab, and the parts they are made of.
///
/// Reading order: `YOLOPoseLoss` (head outputs as tensors), `PoseCriterion` (the same on host memory), then the
/// parts: `Assigner`, `BoxLoss`, `SideLoss`, `ClassificationLoss`, `KeypointLoss`, `LikelihoodLoss`. A part takes one
/// positive anchor or one run of class scores, and gives the loss and its derivative.
public enum Losses: Plugin {
  public static let name = "Losses"

  public static func register(in registry: inout Registry) throws {
    try registry.losses.register(YOLOPoseLoss.component)
    try registry.losses.register(YOLOPoseLoss.yolo26Component)
    try registry.assigners.register(TaskAlignedAssigner.component)
    try registry.assigners.register(TaskAlignedAssigner.keypointComponent)
    try registry.assigners.register(SimOTAAssigner.component)
    try registry.boxLosses.register(IoULoss.component)
    try registry.boxLosses.register(GIoULoss.component)
    try registry.boxLosses.register(DIoULoss.component)
    try registry.boxLosses.register(CIoULoss.component)
    try registry.boxLosses.register(SIoULoss.component)
    try registry.sideLosses.register(DistributionFocalLoss.component)
    try registry.sideLosses.register(SideDistanceLoss.component)
    try registry.classLosses.register(BinaryCrossEntropyLoss.component)
    try registry.classLosses.register(FocalLoss.component)
    try registry.classLosses.register(VarifocalLoss.component)
    try registry.classLosses.register(QualityFocalLoss.component)
    try registry.keypointLosses.register(OKSKeypointLoss.component)
    try registry.keypointLosses.register(AbsolutePenalty.component)
    try registry.keypointLosses.register(SmoothAbsolutePenalty.component)
    try registry.keypointLosses.register(WingPenalty.component)
    try registry.keypointLosses.register(AdaptiveWingPenalty.component)
    try registry.keypointLosses.register(LikelihoodAlone.component)
    try registry.likelihoodLosses.register(ResidualLogLikelihoodLoss.component)
  }
}
