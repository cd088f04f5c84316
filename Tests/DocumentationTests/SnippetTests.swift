import Foundation
import PoseLab
import Testing

@Suite struct `The documentation` {
  @Test(arguments: DocumentationText.blocks("swift"))
  func `shows Swift that is compiled`(block: DocumentationText.Block) throws {
    let essence = DocumentationText.essence(block.text)
    let found = try DocumentationText.snippets().values.contains {
      ("\n" + DocumentationText.essence($0) + "\n").contains("\n" + essence + "\n")
    }
    #expect(found, "\(block.file):\(block.line) is no excerpt of a file in Snippets")
  }

  @Test func `has articles with code`() {
    #expect(DocumentationText.blocks("swift").count >= 8)
    #expect(DocumentationText.blocks("yaml").count >= 8)
  }

  @Test(arguments: DocumentationText.blocks("yaml"))
  func `shows YAML that decodes`(block: DocumentationText.Block) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "poselab-docs-\(UUID().uuidString)")
    let folder = root.appending(path: "specs")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let file = folder.appending(path: "block.yaml").path
    // The experiments that blocks extend.
    let base = """
      model: yolo11n-pose.yaml
      data: { synth: { output: people, images: 10, size: 64 } }
      augment: [mosaic, affine, hsv, flip_lr]
      """
    for parent in ["base.yaml", "experiment.yaml"] {
      try Data(base.utf8).write(to: folder.appending(path: parent))
    }
    try FileManager.default.copyItem(
      at: DocumentationText.root.appending(path: "Experiments/quickstart.yaml"),
      to: root.appending(path: "quickstart.yaml"))
    let document = try Document(text: block.text, name: "block.yaml").root
    var text = block.text
    let isDataset = document["kpt_shape"] != nil && document["backbone"] == nil
    if !isDataset, document["backbone"] == nil, document["model"] == nil, document["extends"] == nil {
      text = "extends: base.yaml\n" + text
    }
    try Data(text.utf8).write(to: URL(filePath: file))
    var registry = try Registry.standard()
    try registry.install(MyPoses.self)
    try registry.install(MyAugmentations.self)
    if document["ablation"] != nil {
      let sweep = try Sweep(file: file, registry: registry)
      #expect(try sweep.plan().runs.count > 1)
    } else if document["backbone"] != nil {
      _ = try PoseModel(ModelSpec(named: file), registry: registry)
    } else if isDataset {
      _ = try DatasetSpec(contentsOf: file)
    } else {
      _ = try ExperimentSpec(file: file, for: .train, registry: registry)
    }
  }
}
