extension Setting {
  /// What a command does, which decides what a flat name means.
  public enum Mode: String, Sendable, CaseIterable {
    case train
    case val
    case predict

    /// The groups whose settings matter to it, in the order of help.
    public var groups: [Group] {
      switch self {
      case .train: [.training, .optimizer, .augmentation, .loss, .validation, .run, .machine]
      case .val: [.validation, .run, .machine]
      case .predict: [.prediction, .run, .machine]
      }
    }
  }

  /// Every setting of an experiment, in the order in which specs are written.
  public static let all: [Setting] = training + augmentation + loss + validation + prediction + run

  /// Sections whose keys are settings; `augment` and `loss` may name components instead.
  static let sections = ["train", "val", "predict", "log"]

  /// The settings of one section of the file.
  static func section(_ name: String) -> [Setting] { all.filter { $0.section == name } }

  /// The setting of that dotted path.
  public static func at(_ path: String) -> Setting? { all.first { $0.path == path } }

  /// The setting that a flat name means: `conf` is another one when predicting than when validating.
  public static func named(_ name: String, in mode: Mode) -> Setting? {
    let found = all.filter { $0.name == name || $0.declaration.aliases.contains(name) }
    let wanted: Group? =
      switch mode {
      case .train: nil
      case .val: .validation
      case .predict: .prediction
      }
    return found.first { $0.group == wanted } ?? found.first { mode == .predict || $0.group != .prediction }
  }

  /// Flat names of a mode.
  static func names(in mode: Mode) -> [String] {
    Set(all.filter { mode == .predict || $0.group != .prediction }.map(\.name)).sorted()
  }
}
