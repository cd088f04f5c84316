internal import Config
internal import PoseCore
package import Training

/// The tables of settings in `--help`.
package enum SettingHelp {
  /// Widest line; what is wider would be wrapped again by the terminal's width.
  private static let width = 77
  private static let column = 26

  /// All settings of a mode under their headings.
  package static func tables(for mode: Setting.Mode) -> String {
    var blocks: [String] = []
    if mode != .train {
      let shared = ["train.imgsz", "train.batch"].compactMap { Setting.at($0) }
      blocks.append(block("Pictures", mode == .val ? shared : Array(shared.prefix(1))))
    }
    for group in mode.groups {
      let settings = Setting.all.filter { $0.group == group }
      if !settings.isEmpty { blocks.append(block(group.rawValue, settings)) }
    }
    return blocks.joined(separator: "\n\n")
  }

  private static func block(_ title: String, _ settings: [Setting]) -> String {
    ([title + ":"] + settings.map(entry)).joined(separator: "\n")
  }

  private static func entry(_ setting: Setting) -> String {
    var name = "  " + setting.name + "=" + value(setting.declaration.defaultValue ?? .null)
    name += String(repeating: " ", count: max(1, column - name.count))
    var text = setting.declaration.help
    let range = limits(setting.declaration.kind)
    if !range.isEmpty { text += " (\(range))" }
    var lines: [String] = []
    var line = name
    for word in text.split(separator: " ") {
      if line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: column)
      }
      line += (line.hasSuffix(" ") ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }

  private static func limits(_ kind: ParameterDeclaration.Kind) -> String {
    switch kind {
    case .int(let range) where range != .unbounded && range.upperBound < 100_000:
      range.limits.dropFirst().description
    case .float(let range)
    where range.upperBound <= 1000 && range.lowerBound >= 0 && range.description.count < 14:
      range.limits.dropFirst().description
    case .string(let choices) where !choices.isEmpty: choices.joined(separator: ", ")
    default: ""
    }
  }

  private static func value(_ value: Node.Value) -> String {
    switch value {
    case .null: "none"
    case .string(let text): text
    case .sequence(let nodes): "[\(nodes.map { self.value($0.value) }.joined(separator: ","))]"
    default: value.description
    }
  }
}
