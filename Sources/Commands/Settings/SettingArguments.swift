package import Config
package import Training

/// The arguments of a command that works on an experiment: files, and settings as `key=value` or `--key value`.
package struct SettingArguments {
  /// What is no setting: the spec, or pictures.
  package private(set) var files: [String] = []
  /// Settings in their order.
  package private(set) var overrides: [Override] = []
  /// Values of the command's own keys, such as `source`.
  package private(set) var own: [String: [String]] = [:]

  /// - Parameter ownKeys: keys that are no settings of the experiment.
  /// - Throws: a `DiagnosticList` with every argument that cannot be read.
  package init(_ arguments: [String], mode: Setting.Mode, ownKeys: Set<String> = []) throws {
    var pairs: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      guard argument.hasPrefix("--") else {
        if argument.hasPrefix("-"), argument.count > 1 {
          throw UsageError("unknown option '\(argument)'; settings are written key=value or --key value")
        }
        if argument.contains("=") { pairs.append(argument) } else { files.append(argument) }
        continue
      }
      let body = argument.dropFirst(2)
      if let equals = body.firstIndex(of: "=") {
        pairs.append(Self.key(body[..<equals]) + body[equals...])
        continue
      }
      let key = Self.key(body)
      let next = index < arguments.count ? arguments[index] : nil
      if Self.isSwitch(key, mode), next.map({ !Self.truthValues.contains($0) }) ?? true {
        pairs.append(key + "=true")
      } else if let next {
        pairs.append(key + "=" + next)
        index += 1
      } else {
        throw UsageError("'--\(key)' needs a value: --\(key) VALUE, or \(key)=VALUE")
      }
    }
    try take(pairs, ownKeys)
  }

  private mutating func take(_ pairs: [String], _ ownKeys: Set<String>) throws {
    var settings: [String] = []
    for pair in pairs {
      let key = String(pair.prefix { $0 != "=" })
      if ownKeys.contains(key) {
        own[key, default: []].append(String(pair.dropFirst(key.count + 1)))
      } else {
        settings.append(pair)
      }
    }
    overrides = try Override.parse(settings)
  }

  /// The spec file; one at most. Predictions take pictures, so there a spec is known by its ending.
  package func specFile(_ mode: Setting.Mode) throws -> String? {
    let specs = mode == .predict ? files.filter(Self.isSpec) : files
    if specs.count > 1 {
      throw UsageError(
        "one spec at a time, but there are \(specs.count): \(specs.joined(separator: ", "));"
          + " settings are written key=value")
    }
    return specs.first
  }

  /// The files that are no spec.
  package var pictures: [String] { files.filter { !Self.isSpec($0) } }

  private static func isSpec(_ file: String) -> Bool { file.hasSuffix(".yaml") || file.hasSuffix(".yml") }

  /// `close-mosaic` is `close_mosaic`.
  private static func key(_ text: Substring) -> String { String(text.replacing("-", with: "_")) }

  private static let truthValues = ["true", "false", "True", "False"]

  /// Whether the setting is a truth value, so that its bare name means `true`.
  private static func isSwitch(_ key: String, _ mode: Setting.Mode) -> Bool {
    (Setting.at(key) ?? Setting.named(key, in: mode))?.declaration.kind == .bool
  }
}
