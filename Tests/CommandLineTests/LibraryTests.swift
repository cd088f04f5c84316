import Data
import Foundation
import PoseLab
import Testing

@Suite struct `The library` {
  @Test func `trains, validates and predicts in a few lines`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "poselab-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let people = try SyntheticPeople().write(
      to: folder + "/people", images: 8, size: 64, seed: 1, validationFraction: 0.25)

    let model = try PoseLab.load(Fixtures.root + "/Tests/Fixtures/model/pico.yaml")
    #expect(!model.hasWeights)
    let outcome = try model.train(data: people.dataFile, epochs: 1, imgsz: 64) { spec in
      spec.options.run.project = folder + "/runs"
      spec.options.run.plots = false
      spec.options.schedule.batch = 4
      spec.options.execution.threads = 1
    }
    #expect(outcome.ending == .completed && model.hasWeights)

    let report = try model.validate(data: people.dataFile)
    #expect(report.imageCount == 2)
    #expect(report[metric: "coco_keypoints"]?.values.count == 10)

    let pictures = try model.predict([folder + "/people/images/val"], conf: 0)
    #expect(pictures.count == 2 && pictures[0].width == 64)
    #expect(pictures[0].detections.first?.keypoints.count == 17)
  }
}
