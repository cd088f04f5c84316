import Foundation
import Testing
import Training

@Suite struct `TensorBoard event files` {
  /// Two epochs, a break, and the second one once more with a third.
  private func sample() throws -> SampleRun {
    let sample = try SampleRun()
    var logger = try SampleRun.logger("tensorboard")
    try logger.start(sample.run())
    try logger.log(sample.picture("train_batch0.jpg", of: 0))
    try logger.log(sample.record(1))
    try logger.log(sample.record(2))
    logger = try SampleRun.logger("tensorboard")
    try logger.start(sample.run(after: 1))
    try logger.log(sample.record(2))
    try logger.log(sample.record(3))
    try logger.log(sample.picture("results.png", of: 3))
    try logger.finish(sample.outcome(.completed, epochs: 3))
    return sample
  }

  @Test func `hold records with right checksums and every figure`() throws {
    #expect(EventFile.crc32c(Array("123456789".utf8)) == 0xE306_9283)
    let sample = try sample()
    let files = try sample.eventFiles.map { try EventFile($0) }
    #expect(files.count == 2)
    for file in files {
      let first = try EventFile.fields(try #require(file.records.first))
      #expect(first.first { $0.number == 3 }?.text == "brain.Event:2")
      #expect(try #require(first.first { $0.number == 1 }).double > 1_700_000_000)
    }
    #expect(
      try files[0].figures[1] == [
        "train/box_loss": 1, "metrics/mAP50(P)": 0.125, "val/box_loss": 0.5, "lr/pg0": 0.01, "fitness": 0.25,
        "images_per_second": 20,
      ])
    #expect(try files[0].figures[2]?["val/box_loss"]?.isNaN == true)
    #expect(try files[1].figures.keys.sorted() == [2, 3])
    #expect(try files[1].figures[3]?["best/coco_keypoints/AP"] == 0.5)
    // The resumed file begins with what makes readers forget.
    let start = try EventFile.fields(files[1].records[1])
    #expect(start.first { $0.number == 2 }?.bits == 2)
    #expect(try start.first { $0.number == 7 }?.fields.first?.bits == 1)
  }

  @Test func `begin with the epochs before where a run had no such log`() throws {
    let sample = try SampleRun()
    let logger = try SampleRun.logger("{type: tensorboard, graph: false, images: false}")
    try logger.start(sample.run(after: 2))
    try logger.log(sample.record(3))
    try logger.log(sample.picture("results.png", of: 3))
    try logger.finish(.failed("lost"))
    let file = try EventFile(try #require(sample.eventFiles.first))
    #expect(try file.figures.keys.sorted() == [1, 2, 3])
    let numbers = try file.records.map { try EventFile.fields($0).map(\.number) }
    #expect(!numbers.contains { $0.contains(4) || $0.contains(7) })
    // Version, spec, three epochs.
    #expect(file.records.count == 5)
  }

  @Test func `fail where the folder is gone, and nothing else happens`() throws {
    let sample = try SampleRun()
    let logger = try SampleRun.logger("tensorboard")
    try FileManager.default.removeItem(atPath: sample.folder)
    #expect(throws: (any Error).self) { try logger.start(sample.run()) }
    try logger.log(sample.record(1))
    try logger.finish(sample.outcome(.completed, epochs: 1))
  }

  @Test(.enabled(if: Python.has("tensorboard"), "needs the Python package tensorboard"))
  func `are read by TensorBoard`() throws {
    let sample = try sample()
    let script = """
      import json, sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      a = EventAccumulator(sys.argv[1], size_guidance={})
      a.Reload()
      print(json.dumps({
        "scalars": {t: [[e.step, e.value] for e in a.Scalars(t)] for t in a.Tags()["scalars"]},
        "images": {t: [[e.step, e.width, e.height, len(e.encoded_image_string)] for e in a.Images(t)]
                   for t in a.Tags()["images"]},
        "nodes": {n.name: [n.op, list(n.input), [[d.size for d in s.dim] for s in n.attr["_output_shapes"].list.shape]]
                  for n in a.Graph().node},
        "text": a.Tensors("experiment")[0].tensor_proto.string_val[0].decode(),
      }))
      """
    let output = Foundation.Data(try Python.run(script, sample.folder).utf8)
    struct Found: Decodable {
      var scalars: [String: [[Double]]]
      var images: [String: [[Int]]]
      var text: String
    }
    // Python writes NaN, which is no JSON.
    let text = String(decoding: output, as: UTF8.self).replacing("NaN", with: "-1")
    let found = try JSONDecoder().decode(Found.self, from: Foundation.Data(text.utf8))
    #expect(found.scalars["metrics/mAP50(P)"] == [[1, 0.125], [2, 0.25], [3, 0.375]])
    #expect(found.scalars["val/box_loss"] == [[1, 0.5], [2, -1], [3, 0.5]])
    #expect(found.scalars["best/coco_keypoints/AP"] == [[3, 0.5]])
    let picture = try FileManager.default.attributesOfItem(atPath: sample.folder + "/train_batch0.jpg")[.size]
    #expect(found.images["train_batch0"] == [[0, 12, 7, try #require(picture as? Int)]])
    #expect(found.images["results"]?.first?.prefix(3) == [3, 12, 7])
    #expect(found.text == "```yaml\nmodel: pico.yaml\ntrain:\n  epochs: 9\n```\n")
    #expect(
      text.contains(
        #""model/1/Pose": ["Pose", ["model/0/Conv", "images"], [[-1, 32, 48, 4], [-1, 32, 48, 1]]]"#))
  }
}
