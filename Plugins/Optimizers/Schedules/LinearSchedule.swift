public import PoseCore

/// Falls in a straight line from 1 to the final factor, which it would reach after the last epoch.
public struct LinearSchedule: Schedule {
  public let finalFactor: Double

  public init(finalFactor: Double) { self.finalFactor = finalFactor }

  public func factor(epoch: Int, of epochs: Int) -> Double {
    max(1 - Double(epoch) / Double(epochs), 0) * (1 - finalFactor) + finalFactor
  }

  public static let component = Component<ScheduleContext, any Schedule>(
    "linear", summary: "Straight line from lr0 to lr0 · lrf."
  ) { _, context in LinearSchedule(finalFactor: context.finalFactor) }
}
