internal import Config
internal import PoseCore

/// Turns what a command line sets, by flat names or dotted paths, into values of the spec's tree.
struct OverrideResolver {
  let mode: Setting.Mode
  let registry: Registry
  private(set) var faults = DiagnosticList()

  init(mode: Setting.Mode, registry: Registry) {
    self.mode = mode
    self.registry = registry
  }

  /// Keys of the file itself that a flat name may be.
  static let topKeys = ["model", "data", "augment", "loss", "metrics"]

  /// The tree with all overrides laid over it, the last one winning. Faults are kept.
  mutating func apply(_ overrides: [Override], to tree: Node) -> Node {
    var tree = tree
    for override in overrides {
      guard let placed = placed(override) else { continue }
      do throws(Diagnostic) {
        if case .sequence(let elements)? = tree["augment"]?.value, placed.path.count == 2,
          placed.path[0] == "augment", let setting = Setting.at(placed.dottedPath)
        {
          tree = try patch(elements, setting.name, placed, in: tree)
        } else {
          tree = try Self.withMappings(tree, on: placed).applying(placed)
        }
      } catch {
        faults.append(error)
      }
    }
    return tree
  }

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

  /// Names on the override's way become mappings, so that arguments can be set below them.
  private static func withMappings(_ tree: Node, on override: Override) -> Node {
    guard override.path.count > 1, case .mapping(var entries) = tree.value,
      let position = entries.firstIndex(where: { $0.key == override.path[0] })
    else { return tree }
    let node = entries[position].value
    switch (override.path[0], node.value) {
    case ("loss", .string): entries[position].value = node.asMapping(under: "type")
    case ("model", .string): entries[position].value = node.asMapping(under: "extends")
    case ("train", .mapping(var settings)):
      guard override.path.count > 2,
        let place = settings.firstIndex(where: { $0.key == override.path[1] }),
        ["optimizer", "schedule"].contains(override.path[1]), case .string = settings[place].value.value
      else { return tree }
      settings[place].value = settings[place].value.asMapping(under: "type")
      entries[position].value = Node(.mapping(settings), at: node.location)
    case ("augment", .sequence(var nodes)), ("metrics", .sequence(var nodes)):
      guard override.path.count > 2, let index = Int(override.path[1]), nodes.indices.contains(index),
        case .string = nodes[index].value
      else { return tree }
      nodes[index] = nodes[index].asMapping(under: "type")
      entries[position].value = Node(.sequence(nodes), at: node.location)
    default: return tree
    }
    return Node(.mapping(entries), at: tree.location)
  }

  /// Sets the strength that a flat name means in a list of augmentations.
  private func patch(
    _ elements: [Node], _ strength: String, _ override: Override, in tree: Node
  ) throws(Diagnostic) -> Node {
    let (component, argument) = AugmentationOptions.place(of: strength)
    let wanted = registry.augmentations.find(component)
    let index = elements.firstIndex { element in
      let name = (try? ComponentSpec(element, named: "augment"))?.name ?? ""
      return name == component || (wanted != nil && registry.augmentations.find(name)?.name == wanted?.name)
    }
    guard let index else {
      throw Diagnostic(
        .error, "the list under 'augment' has no '\(component)'; add it there to set '\(strength)'",
        at: override.pathLocation)
    }
    var element = elements[index]
    if case .string = element.value { element = element.asMapping(under: "type") }
    for alias in wanted?.parameters.first(where: { $0.name == argument })?.aliases ?? [] {
      element = element.removing(alias)
    }
    var nodes = elements
    nodes[index] = try element.applying(Override(argument, override.value, at: override.pathLocation))
    return try tree.applying(Override("augment", Node(.sequence(nodes), at: tree["augment"]?.location)))
  }
}

extension Node {
  /// `{key: this}`.
  fileprivate func asMapping(under key: String) -> Node {
    Node(.mapping([Entry(key: key, keyLocation: location, value: self)]), at: location)
  }
}

extension AugmentationOptions {
  /// The standard augmentation and its argument that a flat name stands for.
  static func place(of strength: String) -> (component: String, argument: String) {
    switch strength {
    case "mosaic", "mixup": (strength, "p")
    case "fliplr": ("flip_lr", "p")
    case "flipud": ("flip_ud", "p")
    case "hsv_h", "hsv_s", "hsv_v": ("hsv", String(strength.suffix(1)))
    default: ("affine", strength)
    }
  }
}
