import Config
import Data
import Foundation
import PoseCore
import PoseLab
import Testing
import Training

/// Mutated specs through everything that `poselab describe` does: each is described or refused, none crashes.
///
/// A few hundred in the suite; `POSELAB_FUZZ_SECONDS=300` goes on for that long, with seeds from
/// `POSELAB_FUZZ_SEED` on. A crash leaves its input in the folder that is printed first.
@Suite struct `Mutated files` {
  private static let seconds = ProcessInfo.processInfo.environment["POSELAB_FUZZ_SECONDS"].flatMap {
    Double($0)
  }
  private static let seed =
    ProcessInfo.processInfo.environment["POSELAB_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0

  /// What is mutated: good files of each kind, and those that are nearly good.
  private static func seeds(_ kind: String) -> (good: [String], bad: [String]) {
    func texts(_ folder: String) -> [String] {
      Fixtures.names(in: Fixtures.root + "/" + folder, ending: ".yaml")
        .compactMap { try? Fixtures.text("\(Fixtures.root)/\(folder)/\($0).yaml") }.filter {
          $0.utf8.count < 8000
        }
    }
    let good =
      switch kind {
      case "models": texts("Experiments/models") + texts("Tests/Fixtures/model")
      case "datasets": texts("Experiments/datasets") + texts("Tests/Fixtures/specs/experiments/parts")
      default: texts("Experiments") + [wholeExperiment]
      }
    return (good, texts("Tests/Fixtures/specs/" + kind))
  }

  private static let wholeExperiment = """
    extends: [parts/base.yaml]
    model:
      extends: yolo11s-pose.yaml
      backbone: { replace: { 2: [-1, 2, C2f, [256]] }, append: [[-1, 1, Conv, [64]]] }
      neck: { type: pafpn }
    data: parts/people.yaml
    train: { epochs: 3, imgsz: 640, batch: 16, lr0: 0.01, freeze: [1, 2], optimizer: sgd }
    augment: { append: [{ type: mixup, p: 0.1 }], affine: { degrees: 5 }, before: { hsv: flip_ud }, remove: mosaic }
    loss: { type: yolo_pose, assigner: { type: task_aligned, top_k: 13 }, box_loss: ciou }
    metrics: { remove: [coco_bbox] }
    val: { conf: 0.01 }
    """

  private static let folder: String = {
    let folder = NSTemporaryDirectory() + "poselab-fuzz-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for kind in ["experiments"] {
      try? FileManager.default.copyItem(atPath: "\(Fixtures.specs)/\(kind)/parts", toPath: folder + "/parts")
    }
    return folder
  }()

  private static func words(_ registry: Registry) -> [String] {
    registry.listing.flatMap { [$0.name] + $0.parameters.map(\.name) } + Setting.all.map(\.key)
      + MergeRules.verbs + [
        "backbone", "neck", "head", "type", "from", "scales", "kpt_shape", "names", "flip_idx",
      ]
  }

  /// Reads one file as `describe` does; what it throws must be a finding.
  private static func describe(_ kind: String, _ path: String, _ registry: Registry) throws -> Bool {
    do {
      switch kind {
      case "models":
        let source = try ModelSource(Node(.string(path)))
        let model = try PoseModel(source.spec, registry: registry)
        let size = max(model.sizeMultiple, 64 / model.sizeMultiple * model.sizeMultiple)
        _ = model.summary(height: size, width: size)
        _ = YAMLWriter().text(source.spec.resolved)
      case "datasets":
        _ = try DatasetSpec(contentsOf: path).warnings.map(\.description)
      default:
        let experiment = try Experiment(file: path, for: .train, registry: registry)
        try experiment.check()
        _ = YAMLWriter.origins.text(experiment.spec.resolved(registry))
      }
      return true
    } catch let list as DiagnosticList {
      #expect(list.hasErrors && !list.description.isEmpty)
    } catch let finding as Diagnostic {
      #expect(!finding.description.isEmpty)
    }
    return false
  }

  @Test(arguments: ["experiments", "models", "datasets"])
  func `are described or refused`(kind: String) throws {
    let registry = try Fixtures.registry()
    let seeds = Self.seeds(kind)
    let words = Self.words(registry)
    let schemas: [String: SpecSchema] = ["experiments": .experiment, "models": .model, "datasets": .dataset]
    let schema = SchemaValidator(schema: try #require(schemas[kind]).document(registry))
    let path = "\(Self.folder)/\(kind).yaml"
    if Self.seconds != nil { print("inputs in \(path)") }
    let start = ContinuousClock.now
    let limit = Duration.seconds(Self.seconds ?? 60)
    var accepted = 0
    var count = 0
    var slowest = (Duration.zero, UInt64(0))
    while count < (Self.seconds == nil ? 300 : Int.max), ContinuousClock.now - start < limit {
      let seed = Self.seed &+ UInt64(count)
      var mutator = SpecMutator(seed: seed, words: words)
      let texts = mutator.number(below: 2) == 0 ? seeds.good : seeds.bad
      let bytes = mutator.mutated(texts[mutator.number(below: texts.count)])
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let begin = ContinuousClock.now
      if try Self.describe(kind, path, registry) {
        accepted += 1
        // An editor must not mark what is read.
        let root = try Document(file: path).root
        #expect(schema.accepts(root), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
      }
      let spent = ContinuousClock.now - begin
      if spent > slowest.0 { slowest = (spent, seed) }
      count += 1
    }
    #expect(slowest.0 < .seconds(5), "seed \(slowest.1)")
    #expect(accepted > 0)
    if Self.seconds != nil { print("\(kind): \(count) files, \(accepted) accepted, slowest \(slowest)") }
  }
}
