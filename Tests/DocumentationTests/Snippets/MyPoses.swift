import PoseLab
import PoseLabCommands

/// What this package adds to PoseLab. Each component is registered here, under the name that specs use.
public enum MyPoses: Plugin {
  public static let name = "MyPoses"

  public static func register(in registry: inout Registry) throws {
    try registry.layers.register(ScaledResidual.component)
    try registry.keypointLosses.register(GemanMcClureLoss.component)
  }
}

/// The augmentation of the articles besides.
public enum MyAugmentations: Plugin {
  public static let name = "MyAugmentations"

  public static func register(in registry: inout Registry) throws {
    try registry.augmentations.register(Fog.component)
  }
}

/// The executable's whole source.
func mainOfAPackage() -> Never {
  PoseLabCommand.main(plugins: [MyPoses.self])
}
