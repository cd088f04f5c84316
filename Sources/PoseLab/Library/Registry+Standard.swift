internal import Augmentations
internal import Backbones
internal import BuildingBlocks
internal import Data
internal import Heads
internal import Launchers
internal import Loggers
internal import Losses
internal import Metrics
internal import Necks
internal import ONNXRuntime
internal import OneDNN
internal import OpenBLAS
internal import Optimizers
public import PoseCore

extension Registry {
  /// Everything that PoseLab brings. A program adds its own with `install`.
  ///
  /// - Throws: `RegistryError` where two plugins claim one name, which the tests rule out.
  public static func standard() throws -> Registry {
    var registry = Registry()
    let plugins: [any Plugin.Type] = [
      OneDNN.self, OpenBLAS.self, ONNXRuntime.self, BuildingBlocks.self, Backbones.self, Necks.self,
      Heads.self, Losses.self, Augmentations.self, Metrics.self, Optimizers.self, Launchers.self,
      Loggers.self,
      StandardDatasets.self,
    ]
    for plugin in plugins { try registry.install(plugin) }
    return registry
  }
}
