import Foundation
import Testing

@Suite struct `The commands train, val and predict` {
  let poselab: Poselab

  init() throws {
    poselab = try Poselab()
    try poselab.prepare()
  }

  private let settings = [
    "model=pico.yaml", "data=people/data.yaml", "imgsz=64", "batch=4", "workers=1", "threads=1",
    "engine=openblas", "plots=false", "project=runs", "close_mosaic=1",
  ]

  private func train(_ more: String...) throws -> Poselab.Outcome {
    try poselab.finish(try poselab.start(["pose", "train"] + settings + more))
  }

  static let keypointFigures = [
    "AP", "AP50", "AP75", "APm", "APl", "AR", "AR50", "AR75", "ARm", "ARl",
  ]

  @Test func `work one after the other, in the words of other tools`() throws {
    let trained = try train("--epochs", "2", "--name", "first", "--json")
    #expect(trained.code == 0, "\(trained.log)")
    let outcome: [String: Any] = try trained.json()
    #expect(outcome["ending"] as? String == "completed")
    #expect(outcome["epochs"] as? Int == 2)
    #expect(trained.log.contains("results in runs/first"))
    for name in ["experiment.yaml", "results.csv", "weights/best.safetensors", "weights/last.safetensors"] {
      #expect(poselab.exists("runs/first/" + name))
    }

    let weights = "runs/first/weights/best.safetensors"
    let validated = try poselab(
      "val", "model=\(weights)", "data=people/data.yaml", "project=runs", "save_json=true", "--json")
    #expect(validated.code == 0, "\(validated.log)")
    let metrics: [String: [String: Any]] = try validated.json()
    #expect(Set(metrics.keys) == ["coco_keypoints", "coco_bbox", "yolo_map", "images"])
    #expect(metrics["images"]?["selection"] as? String == "all" && metrics["images"]?["counted"] as? Int == 4)
    #expect(Set(metrics["coco_keypoints"]?.keys.map { $0 } ?? []) == Set(Self.keypointFigures))
    #expect(poselab.exists("runs/val/predictions.json") && poselab.exists("runs/val/val_batch0_pred.jpg"))

    let predicted = try poselab(
      "pose", "predict", "model=\(weights)", "source=people/images/val", "conf=0.0001", "max_det=3",
      "project=runs", "save_txt=true", "--json")
    #expect(predicted.code == 0, "\(predicted.log)")
    let pictures: [[String: Any]] = try predicted.json()
    #expect(pictures.count == 4)
    #expect(pictures[0]["image"] as? String == "people/images/val/000010.jpg")
    let instances = try #require(pictures[0]["instances"] as? [[String: Any]])
    #expect(!instances.isEmpty && instances.count <= 3)
    for instance in instances {
      #expect(Set(instance.keys) == ["class", "score", "box", "keypoints"])
      #expect((instance["box"] as? [Double])?.count == 4)
      #expect((instance["keypoints"] as? [[Double]])?.map(\.count) == Array(repeating: 3, count: 17))
    }
    #expect(poselab.exists("runs/predict/000010.jpg") && poselab.exists("runs/predict/labels/000010.txt"))
  }

  @Test func `repeat a run to the same bits from its own spec`() throws {
    #expect(try train("epochs=1", "name=first").code == 0)
    let again = try poselab("train", "runs/first/experiment.yaml", "name=again")
    #expect(again.code == 0, "\(again.log)")
    func bytes(_ run: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: poselab.path("runs/\(run)/weights/best.safetensors")))
    }
    #expect(try bytes("first") == bytes("again"))
  }

  @Test func `end after the step at hand when interrupted, and go on from there`() throws {
    let process = try poselab.start(
      ["train"] + settings + ["epochs=500", "val=false", "name=cut", "--json"])
    for _ in 0..<600 where !(try poselab.text("log").contains(" 2/500")) { usleep(50_000) }
    process.interrupt()
    let cut = try poselab.finish(process)
    #expect(cut.code == 130)
    #expect(try cut.json([String: Any].self)["ending"] as? String == "interrupted")
    let done = try #require(try cut.json([String: Any].self)["epochs"] as? Int)
    let resumed = try poselab("train", "resume=runs/cut", "epochs=\(done + 1)")
    #expect(resumed.code == 0, "\(resumed.log)")
    #expect(resumed.log.contains("resumed at epoch \(done + 1)"))
  }

  @Test func `make the synthetic people that a spec asks for`() throws {
    let spec = """
      model: pico.yaml
      data: { synth: { output: made, images: 6, size: 64 } }
      train: { epochs: 1, imgsz: 64, batch: 4, threads: 1 }
      log: { project: runs, plots: false }
      """
    try Data(spec.utf8).write(to: URL(fileURLWithPath: poselab.path("own.yaml")))
    let first = try poselab("train", "own.yaml")
    #expect(first.code == 0, "\(first.log)")
    #expect(first.log.contains("making 6 pictures of synthetic people in"))
    #expect(poselab.exists("made/data.yaml"))
    let second = try poselab("train", "own.yaml")
    #expect(second.code == 0 && !second.log.contains("making"))
    #expect(poselab.exists("runs/train-2/results.csv"))
  }
}
