public import PoseCore

/// Optimisers and learning-rate schedules.
public enum Optimizers: Plugin {
  public static let name = "Optimizers"

  public static func register(in registry: inout Registry) throws {
    try registry.optimizers.register(SGD.component)
    try registry.optimizers.register(Adam.component)
    try registry.optimizers.register(Adam.decoupledComponent)
    try registry.optimizers.register(RMSprop.component)
    try registry.optimizers.register(Lion.component)
    try registry.optimizers.register(Muon.component)
    try registry.optimizers.register(MuSGD.component)
    try registry.schedules.register(LinearSchedule.component)
    try registry.schedules.register(CosineSchedule.component)
    try registry.schedules.register(OneCycleSchedule.component)
    try registry.schedules.register(StepSchedule.component)
    try registry.schedules.register(ConstantSchedule.component)
  }
}
