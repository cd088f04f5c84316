public import PoseCore
internal import Sweeps

/// Ways to start the runs of a sweep.
public enum Launchers: Plugin {
  public static let name = "Launchers"

  public static func register(in registry: inout Registry) throws {
    try LocalLauncher.register(in: &registry)
    try SlurmLauncher.register(in: &registry)
  }
}
