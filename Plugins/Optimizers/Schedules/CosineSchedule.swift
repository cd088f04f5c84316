internal import Foundation
public import PoseCore

/// Falls along half a cosine from 1 to the final factor.
///
/// Source: He et al., Bag of Tricks for Image Classification, arXiv:1812.01187.
public struct CosineSchedule: Schedule {
  public let finalFactor: Double

  public init(finalFactor: Double) { self.finalFactor = finalFactor }

  public func factor(epoch: Int, of epochs: Int) -> Double {
    max((1 - cos(Double(epoch) * Double.pi / Double(epochs))) / 2, 0) * (finalFactor - 1) + 1
  }

  public static let component = Component<ScheduleContext, any Schedule>(
    "cosine", summary: "Half a cosine from lr0 to lr0 · lrf.", reference: "He et al., arXiv:1812.01187"
  ) { _, context in CosineSchedule(finalFactor: context.finalFactor) }
}
