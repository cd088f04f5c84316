internal import Foundation
public import PoseCore

/// Falls by a factor every so many epochs, or at given ones.
public struct StepSchedule: Schedule {
  /// When it falls; epochs are counted from 0, and the first at the lower rate is given.
  public enum Steps: Sendable, Equatable {
    case every(Int)
    case at([Int])
  }

  public let steps: Steps
  public let gamma: Double

  public init(_ steps: Steps, gamma: Double) {
    self.steps = steps
    self.gamma = gamma
  }

  public func factor(epoch: Int, of epochs: Int) -> Double {
    switch steps {
    case .every(let size): pow(gamma, Double(epoch / max(1, size)))
    case .at(let milestones): pow(gamma, Double(milestones.count { $0 <= epoch }))
    }
  }

  public static let component = Component<ScheduleContext, any Schedule>(
    "step", summary: "Multiplies the rate by gamma every so many epochs; lrf has no part in it.",
    parameters: [
      .init("step_size", .int(1...1_000_000), default: 30, help: "epochs from one step to the next"),
      .init("gamma", .float(0...1), default: 0.1, help: "factor of a step"),
      .init(
        "milestones", .intList(each: 1...1_000_000), default: .null,
        help: "epochs at which the rate falls, instead of every step_size; the first epoch is 0"),
    ]
  ) { arguments, _ in
    let steps = try arguments.optionalIntList("milestones").map(Steps.at)
    return StepSchedule(try steps ?? .every(arguments.int("step_size")), gamma: try arguments.double("gamma"))
  }
}
