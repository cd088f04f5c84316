import Config
import Foundation
import Imaging
import Interchange
import Layers
import PoseCore
import Tensor
import Testing
import Training

/// Training and reading a head with two sets of branches.
@Suite struct `A model with two branches` {
  private func spec(_ workshop: Workshop, _ change: (inout TrainingOptions) -> Void = { _ in }) throws
    -> RunSpec
  {
    var spec = try workshop.spec(change)
    spec.modelText = Workshop.pico.replacing("\"Pose\"", with: "\"Pose26\"").replacing(
      "nc: 1\n", with: "nc: 1\nend2end: True\nreg_max: 1\n")
    spec.model = try ModelSpec(Document(text: spec.modelText, name: "pico26.yaml").root)
    return spec
  }

  @Test(arguments: [1, 2])
  func `ends with the same bits whether interrupted or not`(epoch: Int) throws {
    let workshop = try Workshop()
    let whole = try workshop.trainer(spec(workshop) { $0.run.name = "whole" }).run()
    #expect(whole.history.allSatisfy { $0.trainLosses.map(\.name).last == "rle_loss" })
    #expect(
      whole.history.allSatisfy { $0.validationLosses.last?.value == 0 }, "deviations are for training alone")

    let flag = CancellationFlag()
    let parts = try spec(workshop) { $0.run.name = "parts" }
    let watcher = Watcher { event in
      if case .batch(let at) = event, at.epoch == epoch + 1, at.batch == 2 { flag.set() }
    }
    let interrupted = try workshop.trainer(parts, observers: [watcher], cancellation: flag).run()
    #expect(interrupted.ending == .interrupted)
    var resumed = parts
    resumed.options.run.resume = interrupted.directory
    let ended = try workshop.trainer(resumed).run()
    let files = try [whole.directory, ended.directory].map {
      try SafetensorsFile(path: $0 + "/weights/last.safetensors")
    }
    #expect(files[0].names == files[1].names && files[0].names.contains("model.23.flow_model.s.0.0.weight"))
    for name in files[0].names {
      #expect(try files[0].floats(named: name).values == files[1].floats(named: name).values, "\(name)")
    }
  }

  @Test func `is read without suppression from the branch that is made for it`() throws {
    let workshop = try Workshop()
    let trainer = try workshop.trainer(spec(workshop))
    let network = trainer.network
    let pixels = (0..<(64 * 96 * 3)).map { 0.5 + 0.5 * Float(sin(Double($0) * 0.013)) }
    let output = network(
      Tensor(pixels, shape: [1, 64, 96, 3], on: network.store.device), ForwardPass(.inference))
    let letterbox = Letterbox.prediction(
      source: ImageSize(width: 96, height: 64), network: ImageSize(width: 96, height: 64))
    func found(_ nms: Bool?) -> [Detection] {
      var options = EvaluationOptions()
      options.conf = 0
      options.iou = 0.1
      options.nms = nms
      return DetectionDecoder.prediction(options).detections(
        output, image: 0, network: network, letterbox: letterbox)
    }
    let free = found(false)
    #expect(free.count == 126, "every anchor of 8 × 12 + 4 × 6 + 2 × 3")
    #expect(zip(free, free.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(found(nil) == found(true) && found(true).count < 126)
    #expect(found(true) != free)
  }

  @Test func `has to be there to be read`() throws {
    var options = EvaluationOptions()
    options.nms = false
    let layout = HeadLayout(
      classCount: 1, keypointCount: 17, keypointDimensions: 3, regMax: 16, strides: [8, 16, 32])
    #expect(throws: OptionError.self) { try options.check(for: layout) }
    var other = layout
    other.hasOneToOne = true
    try options.check(for: other)
    let workshop = try Workshop()
    #expect {
      _ = try workshop.trainer(workshop.spec { $0.evaluation.nms = false })
    } throws: { error in
      "\(error)" == "'nms' cannot be false: this model's head has no one-to-one branch; leave it out"
    }
  }
}
