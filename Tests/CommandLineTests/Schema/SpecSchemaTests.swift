import Config
import Data
import Foundation
import PoseCore
import Testing
import Training

@Suite struct `The schema of` {
  let registry: Registry

  init() throws { registry = try Fixtures.registry() }

  private func validator(_ schema: SpecSchema) -> SchemaValidator {
    SchemaValidator(schema: schema.document(registry))
  }

  private static func files(_ folder: String) -> [String] {
    Fixtures.names(in: Fixtures.root + "/" + folder, ending: ".yaml").map {
      "\(Fixtures.root)/\(folder)/\($0).yaml"
    }
  }

  private func refused(_ schema: SpecSchema, _ paths: [String]) -> [String] {
    let validator = validator(schema)
    return paths.filter { path in
      guard let root = try? Document(file: path).root else { return true }
      return !validator.accepts(root)
    }
  }

  @Test func `experiments accepts those that are shipped`() {
    let files = Self.files("Experiments") + Self.files("Tests/Fixtures/specs/good")
    #expect(files.count >= 3)
    #expect(refused(.experiment, files) == [])
  }

  @Test func `models accepts those that are shipped`() {
    let files = Self.files("Experiments/models") + Self.files("Tests/Fixtures/model")
    #expect(files.count >= 2)
    #expect(refused(.model, files) == [])
  }

  @Test func `data sets accepts those that are shipped`() {
    let files = Self.files("Experiments/datasets")
    #expect(!files.isEmpty)
    #expect(refused(.dataset, files) == [])
  }

  @Test(arguments: [
    (
      "mode: grid\n  seeds: 3\n  axes: { neck: { pafpn: , bifpn: { model.neck: bifpn } }, train.lr0: [0.01, 0.005] }",
      true
    ),
    (
      "mode: cases\n  cases: { a: , b: { lr0: 0.1 } }\n  budget: { runs: 4 }\n  exclude: [a, { neck: pafpn }]",
      true
    ),
    ("mode: random\n  samples: 0", false), ("axis: { a: [1, 2] }", false), ("axes: { lr0: [1] }", false),
    ("figure: AP", false),
  ])
  func `ablations accepts what the sweeps read`(section: String, isGood: Bool) throws {
    let text = "extends: a.yaml\nablation:\n  \(section)\n"
    #expect(validator(.ablation).accepts(try Document(text: text, name: "a.yaml").root) == isGood)
  }

  @Test func `ablations accepts those that are shipped`() {
    #expect(refused(.ablation, Self.files("Experiments/ablations")) == [])
  }

  /// What a schema cannot see: other files, the order of nodes, counts that must agree.
  private static let unseen: Set<String> = [
    "experiments/data-is-a-folder", "experiments/data-is-an-empty-mapping", "experiments/data-misspelt",
    "experiments/data-of-another-tool",
    "experiments/edit-of-a-name-that-is-there-twice",
    "experiments/edit-without-a-list", "experiments/empty", "experiments/extends-a-folder",
    "experiments/extends-a-misspelt-file", "experiments/extends-a-misspelt-folder",
    "experiments/extends-in-a-circle", "experiments/extends-itself", "experiments/extends-nothing",
    "experiments/extends-two-broken-files", "experiments/misspelt-model",
    "experiments/model-at-a-misspelt-scale", "experiments/model-beside-misspelt",
    "experiments/model-weights-are-missing",
    "experiments/nothing-given", "experiments/only-a-comment", "experiments/replaces-what-is-not-there",
    "experiments/save-period", "experiments/unknown-scale", "experiments/weights-that-are-not-there",
    "models/channels-that-do-not-fit", "models/edits-without-a-list", "models/extends-itself", "models/from",
    "models/head-in-the-middle", "models/head-without-maps", "models/no-classes",
    "models/strides-that-do-not-join", "models/too-many-parameters", "models/unknown-scale",
    "datasets/flip-against-names", "datasets/flip-no-involution", "datasets/flip-out-of-range",
    "datasets/flip-too-short", "datasets/keypoint-names-twice", "datasets/keypoint-names",
    "datasets/limb-beyond", "datasets/names-and-number", "datasets/names-with-a-gap", "datasets/no-images",
  ]

  @Test(arguments: [("experiments", SpecSchema.experiment), ("models", .model), ("datasets", .dataset)])
  func `faulty files finds what it can`(kind: String, schema: SpecSchema) {
    let validator = validator(schema)
    for name in Fixtures.names(in: Fixtures.specs + "/" + kind, ending: ".yaml") {
      let root = try? Document(file: "\(Fixtures.specs)/\(kind)/\(name).yaml").root
      let isRefused = root.map { !validator.accepts($0) } ?? true
      let isEmpty = root?.isNull == true
      #expect(isRefused != Self.unseen.contains("\(kind)/\(name)") || isEmpty, "\(kind)/\(name)")
    }
  }

  @Test(arguments: [
    "augment: [mosaic, {type: affine, degrees: 5}]",
    "augment: {mosaic: 0.5, remove: [mixup], affine: {scale: 0.1}}",
    "augment: {append: {type: hsv, h: 0.1}, before: {flip_lr: hsv}}", "metrics: coco_keypoints",
    "metrics: {remove: coco_bbox}", "loss: {pose: 3, assigner: {top_k: 13}}",
    "loss: {type: yolo_pose, box_loss: ciou}",
    "model: {extends: yolo11n-pose.yaml, backbone: {remove: [10]}}",
    "train: {half: false, device: null, amp: true}", "x-shared: &x {epochs: 3}\ntrain: *x",
    "extends: [a.yaml, b.yaml]",
  ])
  func `experiments accepts what the reader accepts`(text: String) throws {
    #expect(validator(.experiment).accepts(try Document(text: text, name: "a.yaml").root))
  }

  @Test(arguments: [
    "augment: {apend: [hsv]}", "augment: {affine: {degres: 5}}", "augment: [{type: mosaic, degrees: 5}]",
    "loss: {type: yolo_pose, assigner: {type: task_aligned, tpo: 13}}", "loss: {box: -1}",
    "train: {half: true}",
    "model: {backbone: [[-1, 1, Conv, [64, 33]]], head: yolo11_pose}",
    "model: {backbone: [[-1, 1, Conv]], head: yolo11_pose}", "train: {lr0: 0}", "train: {momentum: 1}",
    "train: {optimizer: sdg}",
  ])
  func `experiments refuses what the reader refuses`(text: String) throws {
    #expect(!validator(.experiment).accepts(try Document(text: text, name: "a.yaml").root))
  }

  @Test(arguments: [SpecSchema.model, .dataset, .experiment])
  func `each kind has the keys that its reader knows`(kind: SpecSchema) throws {
    guard case .mapping(let properties)? = kind.document(registry)["properties"]?.value else { return }
    #expect(properties.count > 5)
    for key in properties.map(\.key) where key != "extends" {
      let text = try Document(text: "\(key): null\n", name: "a.yaml").root
      var faults = DiagnosticList()
      try faults.collect {
        switch kind {
        case .model: _ = try ModelSpec(text)
        case .dataset: _ = try DatasetSpec(text: "\(key):\n", file: "a.yaml")
        default:
          try Fixtures.withFolder(["a.yaml": "\(key):\n"]) { folder in
            _ = try ExperimentSpec(file: folder + "/a.yaml", for: .train, registry: registry)
          }
        }
      }
      #expect(!faults.description.contains("unknown key"), "\(key)")
    }
  }

  @Test func `each kind names every component, with help`() throws {
    let schema = SpecSchema.experiment.document(registry)
    for (table, kind) in [
      (registry.augmentations.listing, "augmentation"), (registry.losses.listing, "loss"),
    ] {
      let names = try #require(schema["$defs"]?[kind]?["anyOf"]).value
      guard case .sequence(let forms) = names, case .sequence(let known)? = forms[0]["enum"]?.value else {
        Issue.record("no names of \(kind)")
        continue
      }
      for one in table { #expect(known.contains(Node(.string(one.name))), "\(one.name)") }
    }
    #expect(schema["properties"]?["train"]?["properties"]?["epochs"]?["default"]?.value == 100)
  }

  @Test(arguments: SpecSchema.allCases)
  func `each kind uses keywords that this test understands, and no reference is broken`(kind: SpecSchema) {
    let schema = kind.document(registry)
    var names: Set<String> = []
    func visit(_ node: Node, isSchema: Bool) {
      switch node.value {
      case .sequence(let nodes): for node in nodes { visit(node, isSchema: true) }
      case .mapping(let entries):
        for entry in entries {
          if isSchema {
            #expect(SchemaValidator.keywords.contains(entry.key), "\(entry.key)")
            if entry.key == "$ref", case .string(let path) = entry.value.value { names.insert(path) }
            if ["default", "enum", "required", "type"].contains(entry.key) { continue }
          }
          let isMap = ["properties", "$defs", "patternProperties"].contains(entry.key) && isSchema
          visit(entry.value, isSchema: !isMap)
        }
      default: break
      }
    }
    visit(schema, isSchema: true)
    for name in names { #expect(schema["$defs"]?[String(name.dropFirst(8))] != nil, "\(name)") }
  }
}
