internal import Foundation
public import PoseCore

/// Rises from a part of lr0 to lr0, then falls far below where it began; iteration by iteration.
///
/// Momentum goes the other way if both its ends are given: it falls while the rate rises. Optimisers whose β₁ is
/// fixed do not follow it. The rate rises of itself, so `warmup_epochs` of 0 goes well with it.
///
/// Source: Smith and Topin, Super-Convergence, arXiv:1708.07120, in two phases.
public struct OneCycleSchedule: Schedule {
  /// How the rate goes from one end of a phase to the other.
  public enum Annealing: String, Sendable, CaseIterable {
    case cos
    case linear
  }

  /// Part of the run in which the rate rises.
  public var rise: Double
  public var initialFactor: Double
  public var finalFactor: Double
  public var annealing: Annealing
  /// At the highest and at the lowest rate; nil leaves momentum alone.
  public var momentum: (atPeak: Double, atEnds: Double)?

  public init(
    rise: Double = 0.3, initialFactor: Double = 1 / 25, finalFactor: Double, annealing: Annealing = .cos,
    momentum: (atPeak: Double, atEnds: Double)? = nil
  ) {
    self.rise = rise
    self.initialFactor = initialFactor
    self.finalFactor = finalFactor
    self.annealing = annealing
    self.momentum = momentum
  }

  public func factor(epoch: Int, of epochs: Int) -> Double {
    value(at: epoch, of: epochs, from: initialFactor, over: 1, to: finalFactor)
  }

  public func factor(iteration: Int, in length: RunLength) -> Double {
    factor(epoch: iteration, of: length.iterations)
  }

  public func momentum(iteration: Int, in length: RunLength) -> Double? {
    momentum.map {
      value(at: iteration, of: length.iterations, from: $0.atEnds, over: $0.atPeak, to: $0.atEnds)
    }
  }

  private func value(at step: Int, of steps: Int, from start: Double, over peak: Double, to end: Double)
    -> Double
  {
    let top = rise * Double(steps) - 1
    let last = Double(steps) - 1
    let place = min(Double(step), last)
    if place <= top { return top > 0 ? interpolate(place / top, from: start, to: peak) : peak }
    return interpolate(min(1, (place - top) / (last - top)), from: peak, to: end)
  }

  private func interpolate(_ share: Double, from start: Double, to end: Double) -> Double {
    switch annealing {
    case .linear: start + share * (end - start)
    case .cos: end + (start - end) / 2 * (1 + cos(Double.pi * share))
    }
  }
}

extension OneCycleSchedule {
  private static let momentumRange = ParameterDeclaration.Kind.float(0...0.999_999)

  public static let component = Component<ScheduleContext, any Schedule>(
    "one_cycle", summary: "Up to lr0 and far down again, iteration by iteration.",
    reference: "Smith and Topin, Super-Convergence, arXiv:1708.07120",
    parameters: [
      .init("pct_start", .float(0...1), default: 0.3, help: "part of the run in which the rate rises"),
      .init("div_factor", .float(1...1e12), default: 25.0, help: "the rate begins at lr0 divided by this"),
      .init(
        "final_div_factor", .float(1...1e12), default: .null,
        help: "the rate ends at its beginning divided by this; none means at lr0 · lrf"),
      .init("anneal", .choice(of: Annealing.self), default: "cos", help: "the form of rise and fall"),
      .init(
        "base_momentum", momentumRange, default: .null,
        help: "momentum at the highest rate, with max_momentum; none leaves momentum alone"),
      .init("max_momentum", momentumRange, default: .null, help: "momentum at the lowest rates"),
    ]
  ) { arguments, context in
    let initial = 1 / (try arguments.double("div_factor"))
    let final = try arguments.optionalDouble("final_div_factor").map { initial / $0 } ?? context.finalFactor
    let ends = (try arguments.optionalDouble("base_momentum"), try arguments.optionalDouble("max_momentum"))
    var momentum: (Double, Double)?
    switch ends {
    case (let low?, let high?): momentum = (low, high)
    case (nil, nil): break
    default:
      throw arguments.error(
        "base_momentum and max_momentum belong together: give both or none",
        at: ends.0 == nil ? "max_momentum" : "base_momentum")
    }
    return OneCycleSchedule(
      rise: try arguments.double("pct_start"), initialFactor: initial, finalFactor: final,
      annealing: try arguments.choice("anneal"), momentum: momentum)
  }
}
