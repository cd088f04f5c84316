internal import ArgumentParser
internal import Config
internal import Data
internal import PoseCore
internal import PoseLab
internal import Sweeps
internal import Training

/// `poselab describe`: a spec with all defaults, and the model's table.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show a resolved spec, where each value comes from, and the model's table.",
    discussion: """
      Takes an experiment, an ablation, a model or a data set (YAML file or name), or weights. \
      Nothing is run; what is wrong with the spec, and with the files that it names, is found.

        poselab describe Experiments/quickstart.yaml epochs=3
        poselab describe yolo11n-pose.yaml imgsz=320
        poselab describe resnet50-pose.yaml model.backbone=resnet18
      """)

  @Flag(help: "Print one JSON object.") var json = false
  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("A spec, then settings as key=value.", valueName: "spec|key=value"))
  var arguments: [String] = []

  func run() throws {
    try UsageError.marking {
      let given = try SettingArguments(arguments, mode: .train)
      guard let file = try given.specFile(.train) else {
        throw UsageError("name an experiment, a model or weights: poselab describe yolo11n-pose.yaml")
      }
      if let data = try Self.dataset(file) {
        for warning in data.warnings { Console.plain(warning.description) }
        Console.output(json ? data.document.text : data.table)
        return
      }
      let subject = try Self.subject(file, given.overrides)
      var table: ModelSummary?
      if let model = subject.model { table = try Self.summary(model, subject.experiment?.spec, given) }
      if json {
        Console.output(Self.document(subject, table).text)
      } else {
        Console.output(Self.text(subject, table))
      }
    }
  }

  private struct Subject {
    var experiment: Experiment?
    var resolved: Node?
    var model: ModelSource?
    /// Of an ablation; the experiment is its baseline.
    var plan: SweepPlan?
  }

  /// The runs of the ablation that the file describes, if it does.
  private static func plan(_ file: String, _ overrides: [Override]) throws -> SweepPlan? {
    let path = ShippedSpecs().find(file, kind: "")
    guard let path, (try? Document(file: path))?.root["ablation"] != nil else { return nil }
    let plan = try Sweep(file: path, overriding: overrides, registry: PoseLabCommand.registry).plan()
    for note in plan.notes { Console.note(note) }
    return plan
  }

  /// The data set that the file describes, if it does.
  private static func dataset(_ file: String) throws -> DatasetSpec? {
    let specs = ShippedSpecs()
    let path = specs.find(file, kind: "") ?? specs.find(file, kind: "datasets")
    guard let path, let root = try? Document(file: path).root else { return nil }
    let keys = ["kpt_shape", "flip_idx", "kpt_names", "train", "val", "names"]
    guard keys.filter({ root[$0] != nil }).count >= 2,
      isNone(of: ["backbone", "head", "model", "extends"], in: root)
    else { return nil }
    return try DatasetSpec(contentsOf: path)
  }

  private static func isNone(of keys: [String], in root: Node) -> Bool { keys.allSatisfy { root[$0] == nil } }

  /// An experiment where the file is one, else a model.
  private static func subject(_ file: String, _ overrides: [Override]) throws -> Subject {
    let registry = PoseLabCommand.registry
    if ModelSource.isWeights(file) || !isExperiment(file) {
      return Subject(model: try ModelSource(try changed(argument(file), overrides)))
    }
    if let plan = try plan(file, overrides) {
      let experiment = Experiment(plan.runs[0].spec, for: .train, registry: registry)
      return Subject(
        experiment: experiment, resolved: experiment.spec.resolved(registry), model: try experiment.model(),
        plan: plan)
    }
    let experiment = try Experiment(file: file, overriding: overrides, for: .train, registry: registry)
    let remarks = try experiment.checkWithoutData()
    for note in experiment.spec.notes + remarks { Console.plain(note.description) }
    return Subject(
      experiment: experiment, resolved: experiment.spec.resolved(registry), model: try experiment.model())
  }

  /// A model with the settings below `model`, as an experiment would take it; other settings do not concern it.
  private static func changed(_ model: Node, _ overrides: [Override]) throws(DiagnosticList) -> Node {
    let changes = overrides.filter { $0.path.count > 1 && $0.path[0] == "model" }
    if changes.isEmpty { return model }
    let base = Node(.mapping([Node.Entry(key: "model", value: model)]))
    let extended = Override("model", Node(.mapping([Node.Entry(key: "extends", value: model)])))
    return try base.applying([extended] + changes)["model"] ?? model
  }

  /// The first argument as a value of the command line, for messages.
  private static func argument(_ file: String) -> Node {
    let source = SourceText(name: Override.commandLine, text: file)
    return Node(
      .string(file),
      at: SourceLocation(in: source, line: 1, column: 1, length: max(1, file.unicodeScalars.count)))
  }

  /// Whether the file has an experiment's keys; a file that cannot be read may be the name of a shipped model.
  private static func isExperiment(_ file: String) -> Bool {
    var faults = DiagnosticList()
    guard let root = try? SpecLoader(ModelSpec.mergeRules).load(file, collecting: &faults) else {
      if ShippedSpecs().find(file, kind: "") != nil { return true }
      return (try? ModelSource(Node(.string(file)))) == nil && ModelName(file).family == nil
    }
    return isNone(of: ["backbone", "head"], in: root)
  }

  private static func summary(
    _ source: ModelSource, _ spec: ExperimentSpec?, _ given: SettingArguments
  ) throws -> ModelSummary {
    let registry = PoseLabCommand.registry
    var model = source.spec
    // The data set decides about classes and keypoints, where it can be had without making it.
    if let spec, case .file? = spec.data?.main, let data = try? spec.data?.resolve() {
      _ = model.adapt(
        to: data.skeleton, classCount: spec.options.schedule.singleClass ? 1 : data.classNames.count)
    }
    let built = try PoseModel(model, registry: registry)
    var size = spec?.options.schedule.imgsz ?? source.description?.imageSize ?? 640
    if spec == nil, let override = given.overrides.last(where: { $0.path.last == "imgsz" }) {
      size = try override.value.int(named: "imgsz", in: 32...16_384)
    }
    let multiple = built.sizeMultiple
    size = (size + multiple - 1) / multiple * multiple
    return built.summary(height: size, width: size)
  }

  // Text

  private static func text(_ subject: Subject, _ table: ModelSummary?) -> String {
    var blocks: [String] = []
    if let resolved = subject.resolved {
      blocks.append(String(YAMLWriter.origins.text(resolved).dropLast()))
    }
    if let table, let model = subject.model { blocks.append(text(model, table)) }
    if let plan = subject.plan { blocks.append(plan.table) }
    return blocks.joined(separator: "\n\n")
  }

  private static func text(_ model: ModelSource, _ summary: ModelSummary) -> String {
    var table = TextTable([">", ">from", ">n", "layer", "arguments", "output", ">parameters", ">GFLOPs"])
    for node in summary.nodes {
      let shapes = node.outputShapes.map { $0.map(String.init).joined(separator: "x") }
      table.add(
        "\(node.index)", node.from, "\(node.repeats)", node.name, arguments(node.arguments),
        shapes.prefix(3).joined(separator: " ") + (shapes.count > 3 ? " …" : ""),
        Figures.grouped(node.parameterCount), gigaflops(node.operations))
    }
    let scale = model.spec.scale.name
    return
      "\(model.name)\(scale.isEmpty ? "" : ", scale \(scale)"), pictures of \(summary.width)x\(summary.height)\n"
      + table.text + "\n"
      + "\(Figures.grouped(summary.parameterCount)) parameters, \(gigaflops(summary.operations())) GFLOPs"
      + ", \(gigaflops(summary.operations(isFolded: true))) with normalisation folded; "
      + "\(summary.layout.classCount) classes, \(summary.layout.keypointCount) keypoints, "
      + "strides \(summary.layout.strides.map(String.init).joined(separator: ", "))"
  }

  /// `[64, 3, 2]`, or the values by name where there are many.
  private static func arguments(_ node: Node) -> String {
    guard case .mapping(let entries) = node.value else { return "" }
    let given = entries.filter { $0.value.location != nil }
    return given.map { "\($0.key)=\(JSONText($0.value.value).text)" }.joined(separator: " ")
  }

  private static func gigaflops(_ operations: Int) -> String { Figures.four(Double(operations) / 1e9) }

  // JSON

  private static func document(_ subject: Subject, _ table: ModelSummary?) -> JSONText {
    var fields: [(String, JSONText)] = []
    if let resolved = subject.resolved {
      fields.append(("spec", JSONText(resolved.value)))
      fields.append(("origins", .object(origins(resolved, at: ""))))
    }
    if let table, let model = subject.model { fields.append(("model", document(model, table))) }
    if let plan = subject.plan { fields.append(("sweep", plan.document)) }
    return .object(fields)
  }

  private static func document(_ model: ModelSource, _ summary: ModelSummary) -> JSONText {
    let nodes = summary.nodes.map { node in
      JSONText.object([
        ("index", .int(node.index)), ("from", .string(node.from)), ("repeats", .int(node.repeats)),
        ("layer", .string(node.name)), ("arguments", JSONText(node.arguments.value)),
        ("output", .array(node.outputShapes.map { .array($0.map { .int($0) }) })),
        ("parameters", .int(node.parameterCount)), ("gflops", .number(Double(node.operations) / 1e9)),
      ])
    }
    return .object([
      ("name", .string(model.name)), ("scale", .string(model.spec.scale.name)),
      ("image_size", .int(summary.width)), ("parameters", .int(summary.parameterCount)),
      ("gflops", .number(Double(summary.operations()) / 1e9)),
      ("gflops_folded", .number(Double(summary.operations(isFolded: true)) / 1e9)),
      ("classes", .int(summary.layout.classCount)), ("keypoints", .int(summary.layout.keypointCount)),
      ("strides", .array(summary.layout.strides.map { .int($0) })), ("nodes", .array(nodes)),
    ])
  }

  /// `{"train.epochs": "my.yaml:4"}` for what is no default.
  private static func origins(_ node: Node, at path: String) -> [(String, JSONText)] {
    if case .mapping(let entries) = node.value {
      return entries.flatMap { origins($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
    if case .sequence(let nodes) = node.value, nodes.contains(where: { $0["type"] != nil }) {
      return nodes.enumerated().flatMap { origins($0.element, at: "\(path).\($0.offset)") }
    }
    return node.location.map { [(path, .string("\($0.file):\($0.line)"))] } ?? []
  }
}

extension ModelNodeSummary {
  /// Floating-point operations for one image; see `ModelSummary.operations`.
  fileprivate var operations: Int { 2 * multiplyAdds + 8 * normalizedNumbers }
}
