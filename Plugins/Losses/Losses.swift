public import PoseCore

/// The losses that come with PoseLab, and the parts they are made of.
///
/// Reading order: `YOLOPoseLoss` (head outputs as tensors), `PoseCriterion` (the same on host memory), then the
/// parts: `Assigner`, `BoxLoss`, `SideLoss`, `ClassificationLoss`, `KeypointLoss`. A part takes one positive anchor
/// or one run of class scores, and gives the loss and its derivative.
public enum Losses: Plugin {
  public static let name = "Losses"

  public static func register(in registry: inout Registry) throws {
    try registry.losses.register(YOLOPoseLoss.component)
    try registry.assigners.register(TaskAlignedAssigner.component)
    try registry.boxLosses.register(CIoULoss.component)
    try registry.sideLosses.register(DistributionFocalLoss.component)
    try registry.sideLosses.register(SideDistanceLoss.component)
    try registry.classLosses.register(BinaryCrossEntropyLoss.component)
    try registry.keypointLosses.register(OKSKeypointLoss.component)
  }
}
