public import PoseCore

/// Stays at 1; warm-up, if any, leads to it.
public struct ConstantSchedule: Schedule {
  public init() {}

  public func factor(epoch: Int, of epochs: Int) -> Double { 1 }

  public static let component = Component<ScheduleContext, any Schedule>(
    "constant", summary: "lr0 throughout; lrf has no part in it."
  ) { _, _ in ConstantSchedule() }
}
