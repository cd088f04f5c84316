import Foundation
import Testing

@Suite struct `The command line` {
  let poselab: Poselab

  init() throws { poselab = try Poselab() }

  @Test(arguments: [
    (["trian"], "error: no command named 'trian'; did you mean 'train'?\n"),
    (["train", "no-such.yaml"], "error: cannot read 'no-such.yaml': No such file or directory\n"),
    (
      ["train", "model=yolo11n-pose.yaml", "data=people.yaml"],
      """
      <command line>:2:6: error: no data set 'people.yaml'; give the path of its YAML file
      data=people.yaml
           ^~~~~~~~~~~

      """
    ),
    (
      ["train", "model=yolo11n-pos.yaml", "data=people.yaml"],
      """
      <command line>:1:7: error: no model file 'yolo11n-pos.yaml'; did you mean 'yolo11-pose.yaml'?
      model=yolo11n-pos.yaml
            ^~~~~~~~~~~~~~~~
      <command line>:2:6: error: no data set 'people.yaml'; give the path of its YAML file
      data=people.yaml
           ^~~~~~~~~~~

      """
    ),
    (
      ["predict", "model=a.safetensors"],
      "error: no pictures are given; name files or folders, or set source=…\n"
    ),
    (["predict", "model=a.safetensors", "no.jpg"], "error: no.jpg: no such file or folder\n"),
    (["list", "nek"], nil), (["benchmark", "train", "batch=0"], nil), (["evaluate", "--results", "x"], nil),
    (["describe"], nil),
    (["schema", "modle"], "error: no kind of spec named 'modle'; did you mean 'model'?\n"),
    (
      ["list", "augmentaton"],
      "error: no kind of component named 'augmentaton'; did you mean 'augmentation'?\n"
    ),
    (["list", "layer", "C3k3"], nil),
    (
      ["describe", "yolo11q-pose.yaml"],
      """
      <command line>:1:1: error: no scale 'q' in this model; known: n, s, m, l, x
      yolo11q-pose.yaml
      ^~~~~~~~~~~~~~~~~

      """
    ),
    (
      ["train", "model=yolo11q-pose.yaml", "data=coco-pose.yaml"],
      """
      <command line>:1:7: error: no scale 'q' in this model; known: n, s, m, l, x
      model=yolo11q-pose.yaml
            ^~~~~~~~~~~~~~~~~

      """
    ),
    (
      ["train", "model=yolo11n-pose.yaml", "data=coco-pose.yaml", "loss.keypoint_loss=rle"],
      """
      <command line>:3:20: error: the head gives no deviations of its keypoints; write keypoint_sigmas: true \
      there, or take another loss
      loss.keypoint_loss=rle
                         ^~~

      """
    ), (["data", "synth", "output=x", "people=0"], nil),
  ])
  func `exits with 2 for bad usage`(arguments: [String], message: String?) throws {
    let outcome = try poselab.finish(try poselab.start(arguments))
    #expect(outcome.code == 2, "\(outcome.log)")
    #expect(outcome.output.isEmpty)
    if let message { #expect(outcome.log == message) } else { #expect(!outcome.log.isEmpty) }
  }

  @Test func `exits with 1 for what fails`() throws {
    let outcome = try poselab("evaluate", "annotations=no.json", "results=no.json")
    #expect(outcome.code == 1)
    #expect(outcome.log == "error: no.json: cannot open this file: No such file or directory\n")
  }

  @Test(arguments: [[], ["--help"], ["train", "--help"], ["help", "val"], ["pose", "predict", "-h"]])
  func `explains itself`(arguments: [String]) throws {
    let outcome = try poselab.finish(try poselab.start(arguments))
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("USAGE: poselab"))
  }

  @Test func `evaluates files, with all digits`() throws {
    let folder = Fixtures.root + "/Tests/Fixtures/coco-eval"
    let outcome = try poselab(
      "evaluate", "--annotations", folder + "/ground-truth.json", "--results",
      folder + "/detections-correlated.json", "--metric", "coco_keypoints", "--metric", "coco_bbox", "--json")
    #expect(outcome.code == 0, "\(outcome.log)")
    let found: [String: [String: Any]] = try outcome.json()
    #expect(
      Set(found["coco_keypoints"]?.keys.map { $0 } ?? [])
        == Set(`The commands train, val and predict`.keypointFigures))
    #expect(found["coco_bbox"]?.count == 12 && found["images"]?["selection"] as? String == "all")
    let keys = try #require(outcome.output.range(of: "\"AP\": "))
    #expect(outcome.output[keys.upperBound...].prefix { $0 != "," }.count > 12)
  }

  @Test func `evaluates files with any metric, by name or with arguments`() throws {
    let folder = Fixtures.root + "/Tests/Fixtures/coco-eval"
    let files = [
      "evaluate", "--annotations", folder + "/ground-truth.json", "--results",
      folder + "/detections-correlated.json",
    ]
    let outcome = try poselab.finish(
      try poselab.start(
        files + ["--metric", "keypoint_oks,nme", "--metric", "{type: pck, alpha: 0.1}", "--json"]))
    #expect(outcome.code == 0, "\(outcome.log)")
    let found: [String: [String: Any]] = try outcome.json()
    #expect(Set(found.keys) == ["keypoint_oks", "nme", "pck", "images"])
    let nose = (found["pck"]?["keypoints"] as? [String: Any])?["nose"] as? [String: Any]
    #expect(nose?["PCK@0.1"] is Double)
    let text = try poselab.finish(try poselab.start(files + ["--metric", "keypoint_oks"]))
    #expect(text.output.contains("\n  left_wrist "))
    let wrong = try poselab.finish(try poselab.start(files + ["--metric", "{type: pck, alpa: 0.1}"]))
    #expect(wrong.code == 2 && wrong.log.contains("did you mean 'alpha'?"))
  }

  @Test func `describes models and experiments`() throws {
    let table = try poselab("describe", "yolo11n-pose.yaml", "imgsz=320")
    #expect(table.code == 0, "\(table.log)")
    #expect(table.output.contains("2,874,462 parameters"))

    let spec = "model: { extends: yolo11n-pose.yaml, nc: 3 }\ndata: nowhere.yaml\n"
    try Data(spec.utf8).write(to: URL(fileURLWithPath: poselab.path("mine.yaml")))
    let outcome = try poselab("describe", "mine.yaml", "epochs=7", "--json")
    #expect(outcome.code == 0, "\(outcome.log)")
    let document: [String: [String: Any]] = try outcome.json()
    #expect((document["spec"]?["train"] as? [String: Any])?["epochs"] as? Int == 7)
    #expect(document["origins"]?["train.epochs"] as? String == "<command line>:1")
    #expect(document["model"]?["classes"] as? Int == 3)
  }

  /// Wall time of the whole process, the best of five: the machine may be busy.
  @Test(arguments: shipped) func `describes what is shipped in under 0.2 seconds`(spec: String) throws {
    var best = Duration.seconds(60)
    for _ in 0..<5 where best > .milliseconds(200) {
      let start = ContinuousClock.now
      let outcome = try poselab("describe", spec)
      #expect(outcome.code == 0 && !outcome.output.isEmpty, "\(outcome.log)")
      best = min(best, ContinuousClock.now - start)
    }
    #expect(best < .milliseconds(200))
  }

  /// Experiments, models also at their largest scale, data sets.
  static let shipped: [String] = {
    let folder = Fixtures.root + "/Experiments"
    let experiments = ["", "/ablations"].flatMap { below in
      Fixtures.names(in: folder + below, ending: ".yaml").map { "\(folder)\(below)/\($0).yaml" }
    }
    let models = Fixtures.names(in: folder + "/models", ending: ".yaml").flatMap { name in
      let isFamily = name.hasPrefix("yolo") && name.hasSuffix("-pose")
      return ["\(folder)/models/\(name).yaml"] + (isFamily ? ["\(name.dropLast(5))x-pose"] : [])
    }
    let sets = Fixtures.names(in: folder + "/datasets", ending: ".yaml").map {
      "\(folder)/datasets/\($0).yaml"
    }
    return experiments + models + sets
  }()

  @Test func `describes a model with other parts`() throws {
    func parameters(_ outcome: Poselab.Outcome) throws -> Int {
      #expect(outcome.code == 0, "\(outcome.log)")
      let document: [String: [String: Any]] = try outcome.json()
      return try #require(document["model"]?["parameters"] as? Int)
    }
    let own = try parameters(try poselab("describe", "resnet50-pose.yaml", "--json"))
    let other = try parameters(
      try poselab("describe", "resnet50-pose.yaml", "model.backbone=resnet18", "imgsz=64", "--json"))
    #expect(own - other > 23_508_032 - 11_176_512)
  }

  @Test func `describes a data set, and a model for pictures of any size`() throws {
    let data = try poselab("describe", "coco-pose.yaml")
    #expect(data.output.contains("left_wrist") && data.output.contains("those of COCO"), "\(data.log)")
    let document: [String: [String: Any]] = try poselab("describe", "coco-pose.yaml", "--json").json()
    #expect((document["dataset"]?["keypoints"] as? [String])?.count == 17)
    let large = try poselab("describe", "yolo11n-pose.yaml", "imgsz=16384")
    #expect(large.code == 0 && large.output.contains("2,874,462 parameters"), "\(large.log)")
  }

  @Test func `prints schemas`() throws {
    let schema: [String: Any] = try poselab("schema", "model").json()
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect((schema["properties"] as? [String: Any])?["backbone"] != nil)
  }

  @Test func `lists components with their arguments`() throws {
    let outcome = try poselab("list", "augmentation", "mosaic", "--json")
    let listing: [[String: Any]] = try outcome.json()
    #expect(listing.count == 1)
    #expect(listing[0]["plugin"] as? String == "Augmentations")
    #expect((listing[0]["parameters"] as? [[String: Any]])?.first?["name"] as? String == "p")
  }

  @Test(arguments: ["train", "predict", "data"]) func `measures itself`(work: String) throws {
    let model = Fixtures.root + "/Tests/Fixtures/model/pico.yaml"
    let outcome = try poselab(
      "benchmark", work, "imgsz=64", "model=\(model)", "runs=1", "threads=1", "--json")
    #expect(outcome.code == 0, "\(outcome.log)")
    let found: [String: Any] = try outcome.json()
    #expect(found["work"] as? String == work)
    let times = try #require(found["ms_per_image"] as? [String: Double])
    #expect(Set(times.keys) == ["median", "min", "max"] && times.values.allSatisfy { $0 > 0 })
    #expect((found["peak_memory_mb"] as? Double ?? 0) > 1)
  }
}
