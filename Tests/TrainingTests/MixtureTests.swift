import Config
import Data
import Foundation
import PoseCore
import Testing
import Training

@Suite struct `A run on several data sets` {
  /// People with the first three keypoints of COCO's, under other names.
  private func other(_ shop: Workshop) throws -> DatasetSpec {
    let written = try SyntheticPeople().write(
      to: shop.folder + "/more", images: 8, size: 64, seed: 9, validationFraction: 0.25)
    let folder = shop.folder + "/more"
    for split in ["train", "val"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/labels/\(split)") {
        let file = URL(filePath: "\(folder)/labels/\(split)/\(name)")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { row in
          row.split(separator: " ").prefix(5 + 9).joined(separator: " ")
        }
        try rows.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
      }
    }
    let yaml =
      "train: images/train\nval: images/val\nnames: [person]\nkpt_shape: [3, 3]\n"
      + "kpt_names: [Nose, L_eye, R_eye]\nkpt_oks_sigmas: [0.1, 0.1, 0.1]\n"
    return try DatasetSpec(
      text: yaml, file: (written.dataFile as NSString).deletingLastPathComponent + "/less.yaml")
  }

  @Test func `takes each as often as its weight says, and measures on the first`() throws {
    let shop = try Workshop()
    var spec = try shop.spec()
    spec.others = [RunSpec.Mixed(data: try other(shop), weight: 0.5)]
    spec.dataWeight = 2
    let assembly = try TrainingAssembly(spec, registry: Workshop.registry())
    let loader = assembly.trainLoader
    #expect(loader.index.count == 10 + 6 && loader.samplesPerEpoch == 20 + 3)
    #expect(loader.index.skeleton == spec.data.skeleton)
    let foreign = (10..<16).flatMap { loader.index.trainingInstances(of: $0) }
    #expect(!foreign.isEmpty)
    #expect(foreign.allSatisfy { $0.keypoints.count == 17 })
    #expect(foreign.allSatisfy { $0.keypoints[3...].allSatisfy { $0.visibility == .unlabelled } })
    #expect(foreign.contains { $0.keypoints[1].visibility != .unlabelled })
    #expect(assembly.validationLoader.index.count == 4)
    #expect(assembly.notes.contains("an epoch has 23 samples of 16 images, by their weights"))
    #expect(assembly.notes.contains { $0.hasPrefix("data set 2 of the mixture has no left_ear") })
    let outcome = try assembly.trainer().run()
    #expect(outcome.epochs == 3)
  }

  @Test func `counts the images that it is told to, and says so`() throws {
    let shop = try Workshop()
    let label = shop.folder + "/data/labels/val"
    _ = try shop.data()
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: label).sorted().first)
    try "".write(toFile: label + "/" + file, atomically: true, encoding: .utf8)
    for (images, counted) in [("labelled", 3), ("all", 4), (nil, 4)] {
      var spec = try shop.spec { $0.evaluation.images = images }
      spec.data = try DatasetSpec(contentsOf: shop.folder + "/data/data.yaml")
      let assembly = try TrainingAssembly(spec, registry: Workshop.registry())
      #expect(assembly.validationLoader.index.count == counted)
      #expect(assembly.selection.counted == counted && assembly.selection.labelled == 3)
      #expect(assembly.notes.contains("\(assembly.selection)"))
    }
  }

  @Test func `reads mixtures from specs`() throws {
    let shop = try Workshop()
    func data(_ text: String) throws -> DataReference? {
      let (spec, faults) = ExperimentSpec.read(
        file: nil,
        overriding: [
          Override("model", Node(.string("m"))),
          Override("data", try Document(text: text, name: "data.yaml").root),
        ], for: .train,
        registry: try Workshop.registry())
      try faults.throwErrors()
      return spec.data
    }
    _ = shop
    let mixture = try data("{mix: [a.yaml, {data: b.yaml, weight: 0.5}]}")
    #expect(
      mixture
        == .mixture([
          MixedReference(data: .file("a.yaml")), MixedReference(data: .file("b.yaml"), weight: 0.5),
        ]))
    #expect(mixture?.main == .file("a.yaml"))
    for wrong in [
      "{mix: []}", "{mix: [{data: a, weight: 0}]}", "{mix: [{data: a, weight: -1}]}", "{mix: [{wieght: 2}]}",
    ] {
      #expect(throws: DiagnosticList.self, "\(wrong)") { try data(wrong) }
    }
  }

  @Test func `may take the place of synthetic people below`() throws {
    let below = try Document(text: "data: {synth: {output: a, images: 4}}", name: "below.yaml").root
    var merger = SpecMerger(.experiment(try Workshop.registry()))
    let mixed = merger.merge(below, try Document(text: "data: {mix: [b.yaml]}", name: "above.yaml").root)
    #expect(mixed["data"]?["synth"] == nil && mixed["data"]?["mix"] != nil)
    let changed = merger.merge(
      below, try Document(text: "data: {synth: {images: 9}}", name: "above.yaml").root)
    #expect(changed["data"]?["synth"]?["output"]?.value == .string("a"))
    #expect(changed["data"]?["synth"]?["images"]?.value == .int(9))
  }
}
