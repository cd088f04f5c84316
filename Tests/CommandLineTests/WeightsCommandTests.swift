import Foundation
import Interchange
import Testing

@Suite struct `Weights on the command line` {
  /// The reference's weights of a tiny model, as a PyTorch state dictionary.
  private static func writeState(to path: String) throws {
    let file = try SafetensorsFile(path: Fixtures.root + "/Tests/Fixtures/model/pico.safetensors")
    var writer = PyTorchWriter()
    for name in file.names where name.hasPrefix("weights/") {
      let (type, shape, bytes) = try file.tensor(named: name)
      writer.add(String(name.dropFirst(8)), type: type, shape: shape) { sink in
        try bytes.withUnsafeBytes(sink)
      }
    }
    try writer.write(to: path)
  }

  @Test func `go from PyTorch to safetensors and back to the bit`() throws {
    let poselab = try Poselab()
    try Self.writeState(to: poselab.path("state.pt"))
    let there = try poselab("convert", "state.pt", "state.safetensors", "--json")
    #expect(there.code == 0, "\(there.log)")
    let said = try there.json([String: Any].self)
    let original = try PyTorchFile(path: poselab.path("state.pt"))
    #expect(said["tensors"] as? Int == original.names.count)
    #expect(try poselab("convert", "state.safetensors", "back.pth").code == 0)
    let back = try PyTorchFile(path: poselab.path("back.pth"))
    #expect(back.names == original.names)
    for name in original.names {
      let (old, new) = (try original.tensor(named: name), try back.tensor(named: name))
      #expect(old.type == new.type && old.shape == new.shape && old.bytes == new.bytes, "\(name)")
    }
    let wrong = try poselab("convert", "state.pt", "state.onnx")
    #expect(wrong.code == 2 && wrong.log.contains("weights are written as .safetensors"))
  }

  @Test func `begin a training, and the log says what was taken`() throws {
    let poselab = try Poselab()
    try poselab.prepare()
    try Self.writeState(to: poselab.path("state.pt"))
    let run = try poselab(
      "pose", "train", "model=pico.yaml", "pretrained=state.pt", "data=people/data.yaml", "epochs=1",
      "imgsz=64",
      "batch=5", "plots=false", "project=runs", "single_cls=true")
    #expect(run.code == 0, "\(run.log)")
    #expect(run.log.contains("tensors taken"), "\(run.log)")
    let converted = try poselab("convert", "runs/train/weights/last.safetensors", "last.pt")
    #expect(converted.code == 0 && converted.log.contains("the state of the training is left out"))
    #expect(try PyTorchFile(path: poselab.path("last.pt")).names.allSatisfy { $0.hasPrefix("model.") })
  }

  @Test func `that are missing can be had somewhere`() throws {
    let poselab = try Poselab()
    try Data().write(to: URL(filePath: poselab.path("yolo11s-pose.pt")))
    let outcome = try poselab("pose", "val", "model=yolo11n-pose.pt", "data=coco-pose.yaml")
    #expect(outcome.code == 2)
    #expect(outcome.log.contains("no file 'yolo11n-pose.pt'"), "\(outcome.log)")
    #expect(outcome.log.contains("https://github.com/ultralytics/assets/releases"))
    #expect(outcome.log.contains("model=yolo11n-pose.yaml"))
    #expect(outcome.log.contains("yolo11s-pose.pt"))
  }

  @Test func `run nothing and leave nothing`() throws {
    let poselab = try Poselab()
    // Protocol 2: os.system("touch marker")
    let pickle = [0x80, 2] + Array("cposix\nsystem\n(X\u{c}\u{0}\u{0}\u{0}touch markertR.".utf8)
    try Data(try Self.archive(pickle)).write(to: URL(filePath: poselab.path("evil.pt")))
    for arguments in [
      ["convert", "evil.pt", "good.safetensors"], ["describe", "evil.pt"],
      ["val", "model=evil.pt", "data=coco-pose.yaml"],
    ] {
      let outcome = try poselab.finish(try poselab.start(arguments))
      #expect(outcome.code != 0)
      #expect(outcome.log.contains("'posix.system' is not on the list of names"), "\(outcome.log)")
    }
    #expect(!poselab.exists("marker") && !poselab.exists("good.safetensors"))
  }

  /// A zip archive with one stored entry, by hand.
  private static func archive(_ pickle: [UInt8]) throws -> [UInt8] {
    var writer = ZipWriter()
    writer.add("evil/data.pkl", bytes: pickle)
    return try writer.bytes()
  }
}
