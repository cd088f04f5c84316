import Foundation
import Interchange
import Testing

@Suite struct `Export on the command line` {
  /// The reference's tiny model with the reference's weights.
  private func prepared() throws -> Poselab {
    let poselab = try Poselab()
    try poselab.prepare()
    let file = try SafetensorsFile(path: Fixtures.root + "/Tests/Fixtures/model/pico.safetensors")
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for name in file.names where name.hasPrefix("weights/") {
      let (type, shape, bytes) = try file.tensor(named: name)
      writer.add(String(name.dropFirst(8)), type: type, shape: shape, bytes: bytes)
    }
    try writer.write(to: poselab.path("pico.safetensors"))
    return poselab
  }

  @Test func `writes a file beside the weights, in the words of other tools`() throws {
    let poselab = try prepared()
    let outcome = try poselab(
      "pose", "export", "model=pico.yaml", "pretrained=pico.safetensors", "format=onnx", "imgsz=[60,64]",
      "batch=2", "half=True", "--json")
    #expect(outcome.code == 0, "\(outcome.log)")
    #expect(outcome.log.contains("imgsz is rounded up to 64 × 64, multiples of 32"))
    let said = try outcome.json([String: Any].self)
    #expect(said["output"] as? String == "pico.onnx")
    #expect(said["input_shape"] as? String == "[2, 3, 64, 64]")
    #expect(said["output_shape"] as? String == "[2, 56, 84]")
    let size = try FileManager.default.attributesOfItem(atPath: poselab.path("pico.onnx"))[.size] as? Int
    #expect(said["bytes"] as? Int == size)
  }

  @Test func `takes truth values by their bare names`() throws {
    let poselab = try prepared()
    let outcome = try poselab(
      "export", "--model", "pico.yaml", "--pretrained", "pico.safetensors", "--dynamic", "--nms",
      "--max-det", "20", "output=free.onnx")
    #expect(outcome.code == 0, "\(outcome.log)")
    #expect(outcome.output.contains("images [batch, 3, height, width] to output0 [batch, 20, 57]"))
  }

  @Test(arguments: [
    (["format=coreml"], "--format must be onnx, not 'coreml'"),
    (["int8=True"], "int8=True needs pictures"),
    (["imgsz=0"], "--imgsz must be a side or height,width"),
    (["opset=9"], "opset: must be from 13 to 22, but is 9"),
    (["half=perhaps"], "'perhaps'"),
    (["model=missing.pt"], "no file 'missing.pt'"),
  ])
  func `tells what cannot be`(arguments: [String], message: String) throws {
    let poselab = try prepared()
    let hasModel = arguments.contains { $0.hasPrefix("model=") }
    let outcome = try poselab.finish(
      poselab.start(
        ["export"] + (hasModel ? [] : ["model=pico.yaml", "pretrained=pico.safetensors"]) + arguments))
    #expect(outcome.code == 2, "\(outcome.log)")
    #expect(outcome.log.contains(message), "\(outcome.log)")
    #expect(!FileManager.default.fileExists(atPath: poselab.path("pico.onnx")))
  }

  @Test func `is asked for by models that are exported already`() throws {
    let poselab = try prepared()
    try Data("no model".utf8).write(to: URL(filePath: poselab.path("bad.onnx")))
    let trained = try poselab("train", "model=bad.onnx", "data=people/data.yaml")
    #expect(trained.code == 2)
    #expect(trained.log.contains("val, predict and benchmark take it"), "\(trained.log)")
    let bad = try poselab("val", "model=bad.onnx", "data=people/data.yaml")
    #expect(bad.code != 0)
    #expect(bad.log.contains("bad.onnx: is no ONNX model"), "\(bad.log)")
    let engine = try poselab(
      "val", "model=pico.yaml", "pretrained=pico.safetensors", "data=people/data.yaml",
      "engine=onnxruntime")
    #expect(engine.code != 0)
  }

  @Test func `says how to get what runs ONNX files`() throws {
    let poselab = try prepared()
    #expect(
      try poselab(
        "export", "model=pico.yaml", "pretrained=pico.safetensors", "imgsz=64", "output=pico.onnx"
      ).code == 0)
    let outcome = try poselab.finish(
      poselab.start(
        ["predict", "model=pico.onnx", "people/images/val", "save=false"],
        environment: ["POSELAB_ONNXRUNTIME": "/nowhere"]))
    #expect(outcome.code != 0)
    #expect(outcome.log.contains("pip install onnxruntime"), "\(outcome.log)")
    #expect(outcome.log.contains("POSELAB_ONNXRUNTIME=/nowhere"), "\(outcome.log)")
  }
}
