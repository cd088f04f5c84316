public import PoseCore
internal import Training

/// Where runs are logged besides their folder.
public enum Loggers: Plugin {
  public static let name = "Loggers"

  public static func register(in registry: inout Registry) throws {
    try registry.loggers.register(TensorBoardLogger.component)
    try registry.loggers.register(MLflowLogger.component)
  }
}
