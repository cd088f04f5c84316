public import Config
internal import Foundation
internal import Interchange
public import PoseCore
public import Training

/// The model that a user named: its description, and its weights where the name means some.
///
/// Four forms: the name or path of a YAML (`yolo11n-pose.yaml`), a mapping laid over the file under its `extends`, a
/// whole model in place, or a file of weights (`best.safetensors`, `yolo11n-pose.pt`), which tells what model it belongs
/// to.
public struct ModelSource: Sendable {
  /// As the user named it.
  public var name: String
  public var spec: ModelSpec
  /// The model's YAML.
  public var document: Node
  /// A safetensors or PyTorch file.
  public var weights: String?
  /// What the weights say of themselves.
  public var description: ModelDescription?

  /// - Throws: every fault of the model's file, or why the weights cannot be used.
  public init(_ node: Node, specs: ShippedSpecs = ShippedSpecs()) throws {
    switch node.value {
    case .string(let name):
      if ExportedGraph.isNamed(name) {
        throw Diagnostic(
          .error,
          "'\(name)' is an exported model: val, predict and benchmark take it; all else needs its weights, a"
            + " .safetensors or .pt file", at: node.location)
      } else if Self.isWeights(name) {
        try self.init(weights: try Self.existing(node), name: name, at: node.location, specs: specs)
      } else {
        try self.init(named: name, at: node.location, specs: specs)
      }
    case .mapping:
      guard let base = node["extends"] else {
        self.init(name: "model", document: node, scale: nil, spec: try ModelSpec(node))
        return
      }
      try self.init(
        named: try base.string(named: "extends"), at: base.location, specs: specs,
        changes: node.removing("extends"))
    default:
      throw Diagnostic(
        .error, "'model' must be a name, a path or a mapping, but is \(node.value)", at: node.location)
    }
  }

  private init(
    named name: String, at location: SourceLocation?, specs: ShippedSpecs, changes: Node? = nil
  ) throws {
    let (document, scale) = try ModelSpec.document(named: name, at: location, specs: specs, changes: changes)
    self.init(
      name: name, document: document, scale: scale,
      spec: try ModelSpec(document, scale: scale, at: location))
  }

  private init(name: String, document: Node, scale: String?, spec: ModelSpec) {
    self.name = name
    self.spec = spec
    self.document = scale.map { document.setting("scale", .string($0)) } ?? document
  }

  /// Weights that PoseLab wrote say what model they are of; of others the file's name must tell.
  private init(weights: String, name: String, at location: SourceLocation?, specs: ShippedSpecs) throws {
    let checkpoint = try Checkpoint(weights)
    if let description = checkpoint.description {
      let document = try Document(text: description.spec, name: weights)
      self.init(name: name, document: document.root, scale: nil, spec: try ModelSpec(document.root))
      self.description = description
    } else {
      let stem = ((weights as NSString).lastPathComponent as NSString).deletingPathExtension
      do {
        try self.init(named: stem + ".yaml", at: nil, specs: specs)
      } catch {
        throw Diagnostic(
          .error,
          "\(weights): these weights do not say what model they are of; give its YAML as model=, and them as"
            + " pretrained=", at: location)
      }
      self.name = name
    }
    self.weights = weights
  }

  /// Whether a name means a file of weights.
  public static func isWeights(_ name: String) -> Bool { WeightsFile.isNamed(name) }

  private static func existing(_ node: Node) throws -> String {
    let beside = try node.path(named: "model")
    let path = FileManager.default.fileExists(atPath: beside) ? beside : try node.string(named: "model")
    guard FileManager.default.fileExists(atPath: path) else {
      let hint = NearestFile.suggestion(for: path, endings: WeightsFile.extensions.map { "." + $0 })
      throw Diagnostic(
        .error, "no file '\(path)'\(hint)\(Self.remedy(path, after: hint.isEmpty ? "; " : " "))",
        at: node.location)
    }
    return path
  }

  /// Where weights that are not there are to be had, for names under which the reference publishes some.
  private static func remedy(_ path: String, after separator: String) -> String {
    let name = (path as NSString).lastPathComponent
    guard name.hasPrefix("yolo"), name.hasSuffix("-pose.pt") else { return "" }
    return
      "; PoseLab downloads nothing: get '\(name)' from https://github.com/ultralytics/assets/releases, or begin"
      + " without weights: model=\(name.dropLast(3)).yaml"
  }

  /// The model's YAML with the scale it has, and as many classes and keypoints as `skeleton` and `classCount` say.
  public func text(skeleton: Skeleton, classCount: Int) -> String {
    let shape = [skeleton.keypointCount, skeleton.dimensions].settingValue
    return YAMLWriter().text(
      document.setting("nc", .int(classCount)).setting("kpt_shape", shape))
  }
}

extension Node {
  /// This mapping with one value set.
  fileprivate func setting(_ key: String, _ value: Value) -> Node {
    (try? applying(Override(key, Node(value)))) ?? self
  }
}
