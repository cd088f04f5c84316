public import Config
internal import Foundation
public import PoseCore
internal import Training

extension SweepSpec {
  /// Reads an ablation and its parents; the experiment itself is checked when the sweep is planned.
  ///
  /// - Parameters:
  ///   - file: a spec with the section `ablation`.
  ///   - overrides: dotted paths that begin with `ablation` change the sweep; all others the base experiment, by
  ///     the planner.
  ///   - registry: names elements of lists that a spec edits.
  /// - Throws: every fault of the section.
  public init(
    contentsOf file: String, overriding overrides: [Override] = [], registry: Registry
  ) throws(DiagnosticList) {
    let own = overrides.filter { $0.path.first == "ablation" }
    let tree = try SpecLoader(.experiment(registry)).load(file, overriding: own)
    let stem = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    try self.init(tree, name: stem)
  }

  /// - Parameter name: of the sweep, where the spec gives none.
  public init(_ tree: Node, name: String) throws(DiagnosticList) {
    guard let section = tree["ablation"] else {
      throw DiagnosticList([
        Diagnostic(
          .error,
          "this is no ablation: it has no section 'ablation'; run a single experiment with 'poselab train'",
          at: tree.location)
      ])
    }
    var reader = MappingReader(section, of: "'ablation'")
    self.init(&reader, name: name)
    location = section.location
    experiment = tree.removing("ablation")
    self.section = section
    try reader.finish()
  }

  private init(_ reader: inout MappingReader, name: String) {
    self.name = reader.string("name", default: name)
    mode = reader.choice("mode", default: reader.has("cases") ? Mode.cases : .grid)
    figure = reader.string("figure", default: "coco_keypoints/AP")
    seeds = reader.read("seeds", default: [0]) { try SweepSpec.seeds($0) }
    axes = reader.dictionary("axes") { try SweepSpec.axis($0, $1) }.map(\.value)
    cases = reader.dictionary("cases") { try SweepSpec.level($0, $1) }.map(\.value)
    baseline = reader.read("baseline", default: [:]) { try SweepSpec.combination($0, named: "baseline") }
    exclude = reader.read("exclude", default: []) { node in
      try node.list(named: "exclude").enumerated().map {
        try SweepSpec.combination($1, named: "exclude[\($0)]")
      }
    }
    samples = reader.optionalInt("samples", in: 1...100_000)
    samplingSeed = UInt64(reader.int("sampling_seed", in: 0...Int.max, default: 0))
    halving = reader.section("halving") { halving in
      let standard = Halving()
      return Halving(
        factor: halving.int("factor", in: 2...100, default: standard.factor),
        epochs: halving.int("epochs", in: 1...100_000, default: standard.epochs),
        figure: halving.string("figure", default: standard.figure))
    }
    budget = reader.section("budget") { budget in
      Budget(
        epochs: budget.optionalInt("epochs", in: 1...Int.max),
        minutes: budget.optionalFloat("minutes", in: 0.001...1e9),
        runs: budget.optionalInt("runs", in: 1...Int.max))
    }
    limits = reader.section("limits") { limits in
      Limits(
        minutes: limits.optionalFloat("minutes", in: 0.001...1e9),
        silentMinutes: limits.float("silent_minutes", in: 0.001...1e9, default: Limits().silentMinutes))
    }
    experiment = Node(.mapping([]))
    section = Node(.mapping([]))
    check(&reader)
  }

  /// The base experiment and the section `ablation` as one text, for the record; `overrides` stand above it.
  func text(overriding overrides: [Override]) -> String {
    let tree = Node(.mapping([Node.Entry(key: "ablation", value: section)]))
    let settings = overrides.filter { $0.path.first != "ablation" }.map {
      "#   \($0.dottedPath)=\(SweepSpec.text($0.value))\n"
    }
    let head = settings.isEmpty ? "" : "# With these settings:\n" + settings.joined()
    return head + YAMLWriter().text(experiment.merging(tree))
  }

  // Parts

  private static func seeds(_ node: Node) throws -> [UInt64] {
    // A number means so many seeds.
    if case .int(let count) = node.value {
      _ = try node.int(named: "seeds", in: 1...10_000)
      return (0..<UInt64(count)).map { $0 }
    }
    let seeds = try node.intList(named: "seeds", count: 1...10_000, each: 0...Int.max)
    for (index, seed) in seeds.enumerated() where seeds[..<index].contains(seed) {
      throw Diagnostic(.error, "seed \(seed) is there twice", at: node.location)
    }
    return seeds.map(UInt64.init)
  }

  private static func axis(_ name: String, _ node: Node) throws -> Axis {
    let levels: [Level]
    switch node.value {
    case .sequence(let values):
      levels = values.map { value in
        Level(
          name: text(value), overrides: [Override(name, value, at: value.location)], location: value.location)
      }
    case .mapping(let entries): levels = try entries.map { try level($0.key, $0.value) }
    default:
      throw Diagnostic(
        .error,
        "axis '\(name)' must map names of levels to settings, or list values of the setting '\(name)', but is"
          + " \(node.value)", at: node.location)
    }
    guard levels.count > 1 else {
      throw Diagnostic(.error, "axis '\(name)' needs two levels or more", at: node.location)
    }
    for (index, level) in levels.enumerated()
    where levels[..<index].contains(where: { $0.name == level.name }) {
      throw Diagnostic(.error, "axis '\(name)' has level '\(level.name)' twice", at: level.location)
    }
    return Axis(name: name, levels: levels)
  }

  private static func level(_ name: String, _ node: Node) throws -> Level {
    if node.isNull { return Level(name: name, overrides: [], location: node.location) }
    let overrides = try node.mapping(named: name).map { Override($0.key, $0.value, at: $0.keyLocation) }
    for override in overrides where override.path.contains("") {
      throw Diagnostic(.error, "'\(override.dottedPath)' is no setting", at: override.pathLocation)
    }
    return Level(name: name, overrides: overrides, location: node.location)
  }

  /// Levels by axis, `{neck: bifpn}`; a bare name is a case.
  private static func combination(_ node: Node, named name: String) throws -> [String: String] {
    if case .string(let only) = node.value { return ["case": only] }
    let entries = try node.mapping(named: name)
    return Dictionary(entries.map { ($0.key, text($0.value)) }) { first, _ in first }
  }

  /// A plain value as people write it.
  private static func text(_ node: Node) -> String {
    let text = YAMLWriter().text(node)
    return text.split(separator: "\n").joined(separator: " ").trimmingCharacters(in: ["\"", "'", " "])
  }

  // What does not fit together

  private func check(_ reader: inout MappingReader) {
    if mode == .cases {
      if cases.isEmpty { reader.report("mode 'cases' needs cases", at: "mode") }
      if reader.has("axes") { reader.report("'axes' do nothing in mode 'cases'", at: "axes") }
      for index in cases.indices where cases[..<index].contains(where: { $0.name == cases[index].name }) {
        reader.report("case '\(cases[index].name)' is there twice", at: "cases")
      }
    } else {
      if axes.isEmpty, !reader.faults.hasErrors {
        reader.report("mode '\(mode.rawValue)' needs axes", at: "mode")
      }
      if reader.has("cases") { reader.report("'cases' needs mode 'cases'", at: "cases") }
    }
    if mode == .random, samples == nil { reader.report("mode 'random' needs 'samples'", at: "mode") }
    if !figure.contains("/") {
      reader.report(
        "'figure' is written METRIC/NAME, like coco_keypoints/AP, but is '\(figure)'", at: "figure")
    }
    if reader.has("baseline") { checkNames(baseline, "baseline", &reader) }
    for combination in exclude { checkNames(combination, "exclude", &reader) }
    if !reader.faults.hasErrors, isExcluded(baselineCombination) {
      reader.report("the baseline is excluded, and nothing would be compared with it", at: "exclude")
    }
  }

  private func checkNames(
    _ combination: [String: String], _ key: String, _ reader: inout MappingReader
  ) {
    for (axis, level) in combination.sorted(by: { $0.key < $1.key }) {
      if mode == .cases {
        if axis != "case" {
          reader.report("'\(key)' names a case in mode 'cases'", at: key)
        } else if !cases.contains(where: { $0.name == level }) {
          reader.report("no case '\(level)'\(suggestion(for: level, among: cases.map(\.name)))", at: key)
        }
        continue
      }
      guard let found = axes.first(where: { $0.name == axis }) else {
        reader.report("no axis '\(axis)'\(suggestion(for: axis, among: axes.map(\.name)))", at: key)
        continue
      }
      if !found.levels.contains(where: { $0.name == level }) {
        let hint = suggestion(for: level, among: found.levels.map(\.name))
        reader.report("axis '\(axis)' has no level '\(level)'\(hint)", at: key)
      }
    }
  }
}
