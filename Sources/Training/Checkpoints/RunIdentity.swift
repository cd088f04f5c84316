internal import Foundation

/// What a run's numbers depend on besides its weights: to be noticed if a resumed run has others.
public struct RunIdentity: Sendable, Codable, Equatable {
  public var options: TrainingOptions
  /// Of the training and the validation split; see `DatasetIndex.fingerprint`.
  public var trainFingerprint: String
  public var validationFingerprint: String
  public var engine: String
  /// Loss and augmentations with their arguments, as text.
  public var components: [String: String]

  public init(
    options: TrainingOptions, trainFingerprint: String, validationFingerprint: String, engine: String,
    components: [String: String] = [:]
  ) {
    self.components = components
    self.options = options
    self.trainFingerprint = trainFingerprint
    self.validationFingerprint = validationFingerprint
    self.engine = engine
  }

  /// Why a run that began as this one may not end as it would have when it goes on as `other`; each a sentence.
  public func differences(from other: RunIdentity) -> [String] {
    var found: [String] = []
    if trainFingerprint != other.trainFingerprint {
      found.append("the training images or their labels have changed since the run began")
    }
    if validationFingerprint != other.validationFingerprint {
      found.append("the validation images or their labels have changed since the run began")
    }
    if engine != other.engine {
      found.append("the run began with the engine '\(engine)' and goes on with '\(other.engine)'")
    }
    let before = Self.settings(options).merging(components) { $1 }
    let after = Self.settings(other.options).merging(other.components) { $1 }
    let changed = Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }
    if !changed.isEmpty {
      let texts = changed.map { "\($0) \(before[$0] ?? "none") → \(after[$0] ?? "none")" }
      found.append("settings have changed since the run began: \(texts.joined(separator: ", "))")
    }
    return found
  }

  /// Settings that change numbers, by name.
  private static func settings(_ options: TrainingOptions) -> [String: String] {
    guard let data = try? JSONEncoder().encode(options),
      let groups = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    else { return [:] }
    var settings: [String: String] = [:]
    for group in ["schedule", "optimization", "augmentation", "evaluation"] {
      for (key, value) in groups[group] as? [String: Any] ?? [:] where !harmless.contains(key) {
        settings[key] = "\(value)"
      }
    }
    return settings
  }

  /// Those that may change: they say how long to go on and what is written.
  private static let harmless: Set<String> = [
    "patience", "time", "pause_after", "pretrained", "save", "save_json", "save_txt", "save_csv",
    "save_conf",
    "line_width",
  ]
}
