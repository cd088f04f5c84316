internal import Config
internal import PoseCore

/// Turns what a command line sets, by flat names or dotted paths, into values of the spec's tree.
struct OverrideResolver {
  let mode: Setting.Mode
  let rules: MergeRules
  private(set) var faults = DiagnosticList()

  init(mode: Setting.Mode, rules: MergeRules) {
    self.mode = mode
    self.rules = rules
  }

  /// Keys of the file itself that a flat name may be.
  static let topKeys = ["model", "data", "augment", "loss", "metrics"]

  /// The tree with all overrides laid over it, the last one winning. Faults are kept.
  mutating func apply(_ overrides: [Override], to tree: Node) -> Node {
    var tree = tree
    for override in namesFirst(overrides.compactMap { placed($0) }) {
      if isMerged(override) {
        var merger = SpecMerger(rules)
        tree = merger.merge(tree, override.overlay)
        faults.append(contentsOf: merger.faults)
        continue
      }
      do throws(Diagnostic) {
        tree = try tree.applying(override)
      } catch {
        faults.append(error)
      }
    }
    return tree
  }

  /// Whether the value is laid over what is there like a file's; whole sections are set.
  private func isMerged(_ override: Override) -> Bool {
    if override.path.count > 2, rules.shorthand(override.path[0] + "." + override.path[1]) != nil {
      return true
    }
    guard Self.componentKeys.contains(override.path[0]) else { return false }
    return override.path.count > 1 || rules.isEdit(override.value, at: override.path[0])
  }

  /// Another component drops the arguments of the old one, so it is named before any of its own are set.
  private func namesFirst(_ overrides: [Override]) -> [Override] {
    var sorted: [Override] = []
    for override in overrides {
      let owner = override.path.dropLast()
      let key = rules.shorthand(owner.joined(separator: "."))
      let isArgument = { (other: Override) in
        other.path.count > owner.count && other.path.starts(with: owner) && other.path[owner.count] != key
      }
      if key != nil, override.path.last == key, let first = sorted.firstIndex(where: isArgument) {
        sorted.insert(override, at: first)
      } else {
        sorted.append(override)
      }
    }
    return sorted
  }

  /// Sections that name components, or a file.
  private static let componentKeys = ["model", "augment", "loss", "metrics"]

  /// The override with its full path; nil where there is none, or nothing is to be done.
  private mutating func placed(_ override: Override) -> Override? {
    guard override.path.count == 1, let name = override.path.first else {
      return isSection(override) ? override : nil
    }
    if Self.topKeys.contains(name) { return override }
    if let setting = Setting.named(name, in: mode) { return moved(override, setting.path) }
    if let foreign = ForeignSetting.named(name) {
      if let finding = foreign.diagnostic(override.value) { faults.append(finding) }
      return nil
    }
    if name == "task" || name == "mode" {
      if override.value.value != .string(name == "task" ? "pose" : mode.rawValue) {
        let wanted = name == "task" ? "PoseLab has one task, pose" : "the command says what is done"
        report("'\(name)': \(wanted); leave it out", override)
      }
      return nil
    }
    let known = Setting.names(in: mode) + Self.topKeys
    let hint = suggestion(for: name, among: known)
    report("unknown setting '\(name)'\(hint.isEmpty ? "; '--help' lists them all" : hint)", override)
    return nil
  }

  private mutating func isSection(_ override: Override) -> Bool {
    let name = override.path[0]
    let known = Setting.sections + Self.topKeys
    if known.contains(name) { return true }
    report("no section '\(name)'\(Config.suggestion(for: name, among: known))", override)
    return false
  }

  private func moved(_ override: Override, _ path: String) -> Override {
    Override(path, override.value, at: override.pathLocation)
  }

  private mutating func report(_ message: String, _ override: Override) {
    faults.append(Diagnostic(.error, message, at: override.pathLocation ?? override.value.location))
  }
}

extension Override {
  /// The tree that holds this value alone.
  fileprivate var overlay: Node {
    let place = pathLocation ?? value.location
    return path.reversed().reduce(value) { inner, key in
      Node(.mapping([Node.Entry(key: key, keyLocation: place, value: inner)]), at: place)
    }
  }
}

extension AugmentationOptions {
  /// The standard augmentation and its argument that a flat name stands for.
  static func place(of strength: String) -> (component: String, argument: String) {
    switch strength {
    case "mosaic", "mixup", "cutmix", "copy_paste", "bgr": (strength, "p")
    case "copy_paste_mode": ("copy_paste", "source")
    case "multi_scale": ("multi_scale", "range")
    case "fliplr": ("flip_lr", "p")
    case "flipud": ("flip_ud", "p")
    case "hsv_h", "hsv_s", "hsv_v": ("hsv", String(strength.suffix(1)))
    default: ("affine", strength)
    }
  }
}
