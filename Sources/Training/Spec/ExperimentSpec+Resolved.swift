public import Config
internal import Foundation
public import PoseCore

extension ExperimentSpec {
  /// The whole experiment, defaults filled in, every value with the place it came from.
  ///
  /// Files are named by whole paths, so that the text works wherever it is kept.
  ///
  /// - Parameter registry: fills in the arguments of named components; unknown ones stay as they were written.
  public func resolved(_ registry: Registry) -> Node {
    var entries: [Node.Entry] = []
    if let model { entries.append(Node.Entry(key: "model", value: Self.absolute(model: model))) }
    if let data { entries.append(Node.Entry(key: "data", value: node(of: data))) }
    entries.append(section("train"))
    if let augmentations {
      entries.append(
        Node.Entry(key: "augment", value: list(augmentations, registry.augmentations, at: origins["augment"]))
      )
    } else {
      entries.append(section("augment"))
    }
    entries.append(Node.Entry(key: "loss", value: Self.node(loss, registry.losses)))
    entries.append(
      Node.Entry(key: "metrics", value: list(metrics, registry.metrics, at: origins["metrics"])))
    entries += ["val", "predict", "log"].map(section)
    return Node(.mapping(entries))
  }

  private func section(_ name: String) -> Node.Entry {
    let values = Setting.section(name).compactMap { setting -> Node.Entry? in
      guard var value = setting.value(in: self) else { return nil }
      if case .string(let path) = value, Self.pathSettings.contains(setting.path) {
        value = .string(Self.absolute(path))
      }
      return Node.Entry(key: setting.key, value: Node(value, at: origins[setting.path]))
    }
    return Node.Entry(key: name, value: Node(.mapping(values)))
  }

  private static let pathSettings = ["train.pretrained", "train.resume"]

  // Components

  private func list<Context, Product>(
    _ specs: [ComponentSpec], _ table: ComponentTable<Context, Product>, at location: SourceLocation?
  ) -> Node {
    Node(.sequence(specs.map { Self.node($0, table) }), at: location)
  }

  private static func node<Context, Product>(
    _ spec: ComponentSpec, _ table: ComponentTable<Context, Product>
  ) -> Node {
    let name = Node(.string(spec.name), at: spec.location)
    var arguments = spec.arguments
    if let resolved = try? table.resolve(spec) { arguments = resolved.arguments.resolved }
    guard case .mapping(let entries) = arguments.value, !entries.isEmpty else { return name }
    return Node(.mapping([Node.Entry(key: "type", value: name)] + entries), at: spec.location)
  }

  // Files

  private func node(of data: DataReference) -> Node {
    switch data {
    case .mixture(let parts):
      Node(
        .mapping([
          Node.Entry(
            key: "mix",
            value: Node(
              .sequence(
                parts.map { part in
                  Node(
                    .mapping([
                      Node.Entry(key: "data", value: node(of: part.data)),
                      Node.Entry(key: "weight", value: Node(.float(part.weight))),
                    ]))
                })))
        ]), at: origins["data"])
    case .file(let path): Node(.string(Self.absoluteIfPresent(path)), at: origins["data"])
    case .synthetic(var source):
      Node(
        .mapping([
          Node.Entry(
            key: "synth",
            value: {
              source.output = Self.absolute(source.output)
              return source.node.located(at: origins["data"])
            }())
        ]), at: origins["data"])
    }
  }

  private static func absolute(model: Node) -> Node {
    switch model.value {
    case .string: return Node(.string(path(of: model)), at: model.location)
    case .mapping(let entries):
      let rooted = entries.map { entry in
        guard entry.key == "extends", case .string = entry.value.value else { return entry }
        return Node.Entry(
          key: entry.key, keyLocation: entry.keyLocation,
          value: Node(.string(path(of: entry.value)), at: entry.value.location))
      }
      return Node(.mapping(rooted), at: model.location)
    default: return model
    }
  }

  /// A file beside the spec or where the program runs, by its whole path; the name of a shipped model stays.
  private static func path(of model: Node) -> String {
    guard case .string(let name) = model.value else { return "" }
    let beside = (try? model.path(named: "model")) ?? name
    return absoluteIfPresent(FileManager.default.fileExists(atPath: beside) ? beside : name)
  }

  private static func absoluteIfPresent(_ path: String) -> String {
    FileManager.default.fileExists(atPath: path) ? absolute(path) : path
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/")
      ? path : SpecPath.normalized(FileManager.default.currentDirectoryPath + "/" + path)
  }
}

extension Node {
  /// The same tree, every value of it at `location`.
  fileprivate func located(at location: SourceLocation?) -> Node {
    guard case .mapping(let entries) = value else { return Node(value, at: location) }
    return Node(
      .mapping(entries.map { Entry(key: $0.key, value: $0.value.located(at: location)) }), at: location)
  }
}
