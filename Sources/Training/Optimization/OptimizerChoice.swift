internal import Foundation
public import PoseCore

/// The optimiser and the settings that come with it, after `auto` has been decided.
///
/// `auto` follows the rule YOLO11 was published with: SGD (learning rate 0.01, momentum 0.9) for runs of more
/// than 10,000 steps; AdamW (learning rate 0.002 · 5 / (4 + classes), β₁ 0.9) for shorter ones. Biases then warm
/// up from 0. Version 8.4.190 of the reference takes another optimiser for long runs; its published models did not.
public struct OptimizerChoice: Sendable, Equatable {
  public var name: String { component.name }
  /// With the arguments that the spec gives.
  public var component: ComponentSpec
  public var learningRate: Double
  public var momentum: Double
  public var warmupBiasLR: Double
  /// Whether it was chosen by rule.
  public var isAutomatic: Bool

  /// - Parameters:
  ///   - images: training images an epoch.
  ///   - classes: of the data set.
  public init(_ options: OptimizationOptions, images: Int, batch: Int, epochs: Int, classes: Int) {
    guard options.choosesOptimizer else {
      component = options.optimizer
      learningRate = options.lr0
      momentum = options.momentum
      warmupBiasLR = options.warmupBiasLR
      isAutomatic = false
      return
    }
    let stepImages = max(batch, options.nbs)
    let steps = (images + stepImages - 1) / stepImages * epochs
    isAutomatic = true
    momentum = 0.9
    warmupBiasLR = 0
    if steps > 10_000 {
      component = "sgd"
      learningRate = 0.01
    } else {
      component = "adamw"
      learningRate = (0.002 * 5 / Double(4 + classes) * 1e6).rounded(.toNearestOrEven) / 1e6
    }
  }

  /// For the log.
  public var summary: String {
    let given = component.hasArguments ? ", as \(component.text)" : ""
    let settings = "\(name)(lr=\(learningRate), momentum=\(momentum))\(given)"
    guard isAutomatic else { return settings }
    // Adam's β₁ stays; warm-up moves SGD's momentum to the setting.
    return "optimizer=auto chose \(settings); lr0 \(name == "sgd" ? "is" : "and momentum are") not used"
  }
}
