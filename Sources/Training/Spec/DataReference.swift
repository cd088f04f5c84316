internal import Config
public import Data
internal import Foundation

/// Which data set an experiment uses.
public indirect enum DataReference: Sendable, Equatable {
  /// A dataset YAML: a path as seen from where the program runs, or the name of one that PoseLab brings.
  case file(String)
  /// Synthetic people, made before the run where their folder does not exist yet.
  case synthetic(SyntheticSource)
  /// Several to train on, at least one: the first is also measured on, and says which keypoints and classes there are.
  case mixture([MixedReference])

  /// The data set that is measured on.
  public var main: DataReference {
    if case .mixture(let parts) = self, let first = parts.first { return first.data.main }
    return self
  }
}

/// A data set of a mixture: `data: {mix: [{data: coco-pose.yaml, weight: 1}, {data: mine.yaml, weight: 3}]}`.
public struct MixedReference: Sendable, Equatable {
  public var data: DataReference
  /// How often its images come in an epoch.
  public var weight: Double

  public init(data: DataReference, weight: Double = 1) {
    self.data = data
    self.weight = weight
  }

  init(_ node: Node) throws(DiagnosticList) {
    guard case .mapping = node.value, node["synth"] == nil else {
      self.init(data: try DataReference(node))
      return
    }
    var reader = MappingReader(node, of: "a data set of the mixture")
    let data = reader.read(required: "data") { try DataReference($0) }
    let weight = reader.float("weight", in: 0...1000, default: 1)
    try reader.finish()
    guard let data else { throw reader.faults }
    if case .mixture = data {
      throw DiagnosticList([Diagnostic(.error, "a mixture holds no mixtures", at: node.location)])
    }
    self.init(data: data, weight: weight)
  }
}

/// Synthetic people to train on: `data: {synth: {output: runs/people, images: 400}}`.
public struct SyntheticSource: Sendable, Equatable {
  /// The folder, as seen from where the program runs.
  public var output: String
  public var kind: SyntheticFigure
  public var images: Int
  /// Width and height in pixels.
  public var size: Int
  public var seed: UInt64
  public var validationFraction: Double
  /// How many figures a picture has.
  public var people: ClosedRange<Int>

  public init(
    output: String, kind: SyntheticFigure = .person, images: Int = 400, size: Int = 256, seed: UInt64 = 0,
    validationFraction: Double = 0.2,
    people: ClosedRange<Int> = 1...3
  ) {
    self.output = output
    self.kind = kind
    self.images = images
    self.size = size
    self.seed = seed
    self.validationFraction = validationFraction
    self.people = people
  }

  /// Reads the mapping under `synth`.
  init(_ node: Node) throws(DiagnosticList) {
    var reader = MappingReader(node, of: "'synth'")
    let defaults = SyntheticSource(output: "")
    let output = reader.read(required: "output") { try $0.path(named: "output") }
    let kinds = SyntheticFigure.allCases.map(\.rawValue)
    let kind = reader.read("kind", default: defaults.kind.rawValue) {
      try $0.string(named: "kind", among: kinds)
    }
    images = reader.int("images", in: 1...10_000_000, default: defaults.images)
    size = reader.int("size", in: 32...4096, default: defaults.size)
    seed = UInt64(reader.int("seed", in: 0...Int.max, default: 0))
    validationFraction = reader.float(
      "validation_fraction", in: 0...1.nextDown, default: defaults.validationFraction)
    let people = reader.optionalIntList("people", count: 2...2, each: 1...50)
    if let people, people[0] > people[1] {
      reader.report("'people' must be [least, most], but the first number is the larger", at: "people")
    }
    try reader.finish()
    self.output = output ?? ""
    self.kind = SyntheticFigure(rawValue: kind) ?? defaults.kind
    self.people = people.map { $0[0]...$0[1] } ?? defaults.people
  }

  /// As a spec writes it.
  var node: Node {
    let entries: [(String, Node.Value)] = [
      ("output", .string(output)), ("kind", .string(kind.rawValue)), ("images", .int(images)),
      ("size", .int(size)),
      ("seed", seed.settingValue), ("validation_fraction", .float(validationFraction)),
      ("people", [people.lowerBound, people.upperBound].settingValue),
    ]
    return Node(.mapping(entries.map { Node.Entry(key: $0.0, value: Node($0.1)) }))
  }
}

extension DataReference {
  /// Reads the value of `data`: a path, or a mapping with the key `synth` or `mix`.
  init(_ node: Node) throws(DiagnosticList) {
    guard case .mapping = node.value else {
      do throws(Diagnostic) {
        let beside = try node.path(named: "data")
        // A name that is no file here may be one that PoseLab brings.
        let isThere = FileManager.default.fileExists(atPath: beside)
        self = .file(isThere ? beside : try node.string(named: "data"))
      } catch {
        throw DiagnosticList([error])
      }
      return
    }
    var reader = MappingReader(node, of: "'data'")
    if let mix = reader.node("mix") {
      let parts = reader.read("mix", default: [MixedReference]()) { _ in
        guard case .sequence(let nodes) = mix.value, !nodes.isEmpty else {
          throw Diagnostic(.error, "'mix' must be a list of data sets", at: mix.location)
        }
        return try nodes.map { try MixedReference($0) }
      }
      try reader.finish()
      if parts.allSatisfy({ $0.weight == 0 }) {
        throw DiagnosticList([Diagnostic(.error, "all weights of the mixture are 0", at: mix.location)])
      }
      self = .mixture(parts)
      return
    }
    let source = reader.read(required: "synth") { try SyntheticSource($0) }
    try reader.finish()
    guard let source else { throw reader.faults }
    self = .synthetic(source)
  }
}
