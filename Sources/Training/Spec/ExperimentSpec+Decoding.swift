public import Config
public import PoseCore

extension ExperimentSpec {
  /// Reads an experiment and checks all of it: keys, types, ranges, and every name against the registry.
  ///
  /// - Parameters:
  ///   - file: the spec; nil begins with the defaults.
  ///   - overrides: flat names (`epochs`) or dotted paths (`train.epochs`), laid over the file, the last one winning.
  ///   - mode: what the experiment is wanted for, which decides what a flat name means and what must be given.
  /// - Throws: every fault found.
  public init(
    file: String?, overriding overrides: [Override] = [], for mode: Setting.Mode, registry: Registry
  ) throws(DiagnosticList) {
    let (spec, faults) = Self.read(file: file, overriding: overrides, for: mode, registry: registry)
    try faults.throwErrors()
    self = spec
  }

  /// Reads an experiment from the tree of a spec whose parents have been merged.
  ///
  /// - Throws: every fault found.
  public init(
    _ tree: Node, overriding overrides: [Override] = [], for mode: Setting.Mode, registry: Registry
  ) throws(DiagnosticList) {
    let (spec, faults) = Self.read(tree, overriding: overrides, for: mode, registry: registry)
    try faults.throwErrors()
    self = spec
  }

  /// Reads an experiment as far as it can be read.
  ///
  /// - Returns: the spec, with stand-ins for what is faulty, and every fault and remark.
  public static func read(
    file: String?, overriding overrides: [Override] = [], for mode: Setting.Mode, registry: Registry
  ) -> (spec: ExperimentSpec, faults: DiagnosticList) {
    let rules = MergeRules.experiment(registry)
    var faults = DiagnosticList()
    var tree = Node(.mapping([]))
    if let file {
      do throws(DiagnosticList) {
        tree = try SpecLoader(rules).load(file, collecting: &faults)
      } catch {
        return (ExperimentSpec(), error)
      }
    }
    var (spec, found) = read(tree, overriding: overrides, for: mode, registry: registry)
    faults.append(contentsOf: found)
    faults.sort()
    spec.notes = faults.diagnostics.filter { $0.severity != .error }
    return (spec, faults)
  }

  private static func read(
    _ tree: Node, overriding overrides: [Override], for mode: Setting.Mode, registry: Registry
  ) -> (spec: ExperimentSpec, faults: DiagnosticList) {
    let rules = MergeRules.experiment(registry)
    var faults = DiagnosticList()
    var resolver = OverrideResolver(mode: mode, rules: rules)
    let whole = resolver.apply(overrides, to: tree)
    var reader = ExperimentReader(registry: registry, mode: mode, rules: rules)
    var spec = reader.read(whole)
    faults.append(contentsOf: resolver.faults)
    faults.append(contentsOf: reader.faults)
    faults.sort()
    spec.notes = faults.diagnostics.filter { $0.severity != .error }
    return (spec, faults)
  }
}

/// Turns the merged tree of an experiment into its spec.
struct ExperimentReader {
  let registry: Registry
  let mode: Setting.Mode
  let rules: MergeRules
  private(set) var faults = DiagnosticList()
  private var spec = ExperimentSpec()

  init(registry: Registry, mode: Setting.Mode, rules: MergeRules) {
    self.registry = registry
    self.mode = mode
    self.rules = rules
  }

  /// The spec, with stand-ins where `faults` has errors.
  mutating func read(_ tree: Node) -> ExperimentSpec {
    if let fault = Self.otherKind(tree) {
      faults.append(fault)
      return spec
    }
    var reader = MappingReader(tree, of: "the experiment")
    if reader.faults.hasErrors {
      faults = reader.faults
      return spec
    }
    readModel(&reader)
    spec.data = reader.read("data", default: nil) { $0.isNull ? nil : try DataReference($0) }
    if let place = reader.node("data")?.location { spec.origins["data"] = place }
    for section in Setting.sections {
      let settings = Setting.section(section)
      reader.section(section) { readSection(settings, &$0) }
    }
    readAugmentations(&reader)
    readLoss(&reader)
    readMetrics(&reader)
    explainMisplaced(&reader)
    reader.allowNotes()
    reportMissing(&reader)
    do throws(DiagnosticList) { try reader.finish() } catch {}
    faults.append(contentsOf: reader.faults)
    checkNames()
    if !faults.hasErrors { checkOptions() }
    return spec
  }

  private mutating func readModel(_ reader: inout MappingReader) {
    guard let node = reader.node("model"), !node.isNull else { return }
    switch node.value {
    case .string, .mapping: spec.model = node
    default: reader.report("'model' must be a name, a path or a mapping, but is \(node.value)", at: "model")
    }
    spec.origins["model"] = node.location
  }

  private mutating func readSection(_ settings: [Setting], _ reader: inout MappingReader) {
    for setting in settings {
      guard let node = reader.node(setting.key) else { continue }
      spec.origins[setting.path] = node.location
      reader.collect { try setting.apply(try Self.rooted(node, setting), to: &spec) }
    }
    for entry in reader.entries {
      guard let foreign = ForeignSetting.named(entry.key), !settings.contains(where: { $0.key == entry.key })
      else { continue }
      _ = reader.node(entry.key)
      if let finding = foreign.diagnostic(entry.value, at: entry.keyLocation) {
        reader.faults.append(finding)
      }
    }
  }

  /// Values that name files, as seen from where the program runs; and what other tools write in their place.
  private static func rooted(_ node: Node, _ setting: Setting) throws(Diagnostic) -> Node {
    guard setting.path == "train.pretrained" || setting.path == "train.resume" else { return node }
    switch node.value {
    case .bool(false): return Node(.null, at: node.location)
    case .bool(true):
      let remedy =
        setting.name == "resume"
        ? "name the run's folder: resume=runs/pose/train" : "name the weights: pretrained=best.safetensors"
      throw Diagnostic(.error, "'\(setting.name)' must be a path here; \(remedy)", at: node.location)
    case .string: return Node(.string(try node.path(named: setting.name)), at: node.location)
    default: return node
    }
  }

  // Components

  private mutating func readAugmentations(_ reader: inout MappingReader) {
    let strengths = Setting.section("augment")
    guard let node = reader.node("augment") else { return }
    spec.origins["augment"] = node.location
    switch node.value {
    case .sequence:
      spec.augmentations = reader.collect { try components(node, "augment", in: registry.augmentations) }
    case .mapping where rules.isEdit(node, at: "augment"):
      let standard = AugmentationOptions().components(omitsIdle: false)
      let list = edited(standard, node, "augment", &reader).withoutIdleDefaults
      spec.augmentations = reader.collect { try components(list, "augment", in: registry.augmentations) }
    case .mapping, .null:
      reader.section("augment") { section in
        for verb in MergeRules.verbs { section.allow(verb) }
        readSection(strengths, &section)
      }
    default:
      reader.report(
        "'augment' must be a list of augmentations or a mapping of strengths, but is \(node.value)",
        at: "augment")
    }
  }

  private mutating func readLoss(_ reader: inout MappingReader) {
    guard var node = reader.node("loss"), !node.isNull else { return }
    if case .mapping(let entries) = node.value, node["type"] == nil {
      let type = Node(.string(spec.loss.name), at: node.location)
      node = Node(.mapping([Node.Entry(key: "type", value: type)] + entries), at: node.location)
    }
    let registry = registry
    reader.collect {
      spec.loss = try ComponentSpec(node, named: "loss")
      try registry.check(spec.loss, in: registry.losses)
    }
  }

  private mutating func readMetrics(_ reader: inout MappingReader) {
    guard let node = reader.node("metrics"), !node.isNull else { return }
    spec.origins["metrics"] = node.location
    var list = node
    if case .mapping = node.value, node["type"] == nil {
      list = edited(RunSpec.standardMetrics, node, "metrics", &reader)
    }
    reader.collect {
      if case .sequence = list.value {
        spec.metrics = try components(list, "metrics", in: registry.metrics)
      } else {
        let one = try ComponentSpec(node, named: "metrics")
        try registry.check(one, in: registry.metrics)
        spec.metrics = [one]
      }
    }
  }

  /// The standard list of a section, changed as the spec says.
  private func edited(
    _ standard: [ComponentSpec], _ edits: Node, _ key: String, _ reader: inout MappingReader
  ) -> Node {
    let list = standard.map { spec -> Node in
      let name = Node(.string(spec.name))
      guard case .mapping(let entries) = spec.arguments.value, !entries.isEmpty else { return name }
      return Node(.mapping([Node.Entry(key: "type", value: name)] + entries))
    }
    var merger = SpecMerger(rules)
    let result = merger.edit(Node(.sequence(list), at: edits.location), edits, at: key)
    reader.faults.append(contentsOf: merger.faults)
    return result
  }

  /// A list of named components, each checked against its declaration.
  private func components<Context, Product>(
    _ node: Node, _ key: String, in table: ComponentTable<Context, Product>
  ) throws -> [ComponentSpec] {
    var found: [ComponentSpec] = []
    var faults = DiagnosticList()
    for (index, element) in try node.list(named: key, count: 0...1000).enumerated() {
      try faults.collect {
        let spec = try ComponentSpec(element, named: "\(key)[\(index)]")
        try registry.check(spec, in: table)
        found.append(spec)
      }
    }
    try faults.throwErrors()
    return found
  }

  // Faults of the whole

  /// Keys at the top of the file that belong elsewhere: flat names, or another kind of file.
  private func explainMisplaced(_ reader: inout MappingReader) {
    for entry in reader.entries {
      let place = entry.keyLocation ?? entry.value.location
      if let setting = Setting.named(entry.key, in: mode), !Setting.sections.contains(entry.key) {
        reader.allow(entry.key)
        reader.faults.append(
          Diagnostic(.error, "'\(entry.key)' belongs into the section '\(setting.section)'", at: place))
      }
    }
  }

  /// What is wrong where the file is no experiment at all: nothing else of it is worth telling.
  private static func otherKind(_ tree: Node) -> Diagnostic? {
    guard case .mapping(let entries) = tree.value else { return nil }
    if let entry = entries.first(where: { $0.key == "ablation" }) {
      return Diagnostic(
        .error, "this is an ablation, of many runs; carry it out with 'poselab sweep run'",
        at: entry.keyLocation ?? entry.value.location)
    }
    for (keys, kind, setting) in [
      (["backbone", "head"], "a model", "model=…"),
      (["kpt_shape", "names", "flip_idx"], "a data set", "data=…"),
    ] {
      guard let entry = entries.first(where: { keys.contains($0.key) }) else { continue }
      return Diagnostic(
        .error, "this is the file of \(kind), not an experiment; give it as \(setting)",
        at: entry.keyLocation ?? entry.value.location)
    }
    return nil
  }

  private func reportMissing(_ reader: inout MappingReader) {
    let place = reader.location
    if mode == .train, spec.options.run.resume != nil { return }
    func isMisspelt(_ key: String) -> Bool {
      let keys = OverrideResolver.topKeys + Setting.sections
      return reader.entries.contains { !keys.contains($0.key) && nearestName(to: $0.key, among: keys) == key }
    }
    if spec.model == nil, !reader.has("model"), !isMisspelt("model") {
      reader.faults.append(
        Diagnostic(.error, "no model is given; write model: yolo11n-pose.yaml, or set model=…", at: place))
    }
    if spec.data == nil, !reader.has("data"), !isMisspelt("data"), mode != .predict {
      reader.faults.append(
        Diagnostic(
          .error, "no data set is given; write data: and the path of its YAML file, or set data=…", at: place)
      )
    }
  }

  /// Components that are settings: optimiser, schedule and engine.
  private mutating func checkNames() {
    let options = spec.options.optimization
    if !options.choosesOptimizer {
      check(options.optimizer, "optimizer", registry.optimizers)
    } else if options.optimizer.hasArguments {
      faults.append(
        Diagnostic(
          .error, "'auto' chooses the optimizer with its arguments; name one to set them",
          at: spec.origins["train.optimizer"]))
    }
    if let schedule = options.schedule { check(schedule, "schedule", registry.schedules) }
    for logger in spec.loggers.components { check(logger, "logger", registry.loggers) }
    let engine = spec.options.execution.engine
    if engine != "auto", registry.engines.find(engine) == nil {
      unknown("engine", engine, ["auto"] + registry.engines.names, at: spec.origins["train.engine"])
    }
  }

  private mutating func check<Context, Product>(
    _ component: ComponentSpec, _ kind: String, _ table: ComponentTable<Context, Product>
  ) {
    guard let found = table.find(component.name) else {
      let known = (kind == "optimizer" ? ["auto"] : []) + table.names
      return unknown(kind, component.name, known, at: component.location)
    }
    do throws(DiagnosticList) {
      _ = try found.arguments(component.arguments, at: component.location)
    } catch {
      faults.append(contentsOf: error)
    }
  }

  private mutating func unknown(_ kind: String, _ name: String, _ known: [String], at place: SourceLocation?)
  {
    var hint = suggestion(for: name, among: known)
    if hint.isEmpty { hint = "; known: \(known.joined(separator: ", "))" }
    faults.append(Diagnostic(.error, "no \(kind) named '\(name)'\(hint)", at: place))
  }

  private mutating func checkOptions() {
    for problem in spec.options.problems {
      let path = Setting.named(problem.key, in: mode)?.path
      faults.append(Diagnostic(.error, problem.description, at: path.flatMap { spec.origins[$0] }))
    }
  }
}

extension Node {
  /// This list without the standard augmentations that have no effect, unless the spec gives them one.
  fileprivate var withoutIdleDefaults: Node {
    guard case .sequence(let nodes) = value else { return self }
    let kept = nodes.filter { node in
      guard let probability = node["p"] ?? node["range"], node["type"]?.location == nil else { return true }
      return probability.location != nil || probability.value != 0.0
    }
    return Node(.sequence(kept), at: location)
  }
}
