import Config
import Foundation
import PoseCore
import Testing

@Suite struct `A model's name` {
  @Test(arguments: [
    ("yolo11n-pose.yaml", "yolo11-pose.yaml", "n"),
    ("some/dir/yolo11x-pose.yaml", "some/dir/yolo11-pose.yaml", "x"),
    ("yolo11s-pose", "yolo11-pose.yaml", "s"), ("yolov8m.yaml", "yolov8.yaml", "m"),
  ])
  func `holds its scale`(name: String, family: String, scale: String) {
    let parsed = ModelName(name)
    #expect(parsed.family == family)
    #expect(parsed.scale == scale)
  }

  @Test(arguments: [
    "yolo11-pose.yaml", "mine.yaml", "v2.yaml", "n.yaml", "dir1n-x/pose.yaml", "model11nose.yaml",
  ])
  func `may hold none`(name: String) {
    #expect(ModelName(name).scale == nil)
  }

  private let shipped = ShippedSpecs(homes: [Setup.package.path])

  @Test func `finds the shipped file at that scale`() throws {
    for scale in ["n", "s", "m", "l", "x"] {
      let spec = try ModelSpec(named: "yolo11\(scale)-pose", specs: shipped)
      #expect(spec.scale.name == scale)
    }
    #expect(try ModelSpec(named: "yolo11-pose.yaml", specs: shipped).scale.name == "n", "the first one")
    let changes = try Document(text: "{scale: l, nc: 5}", name: "mine.yaml").root
    let spec = try ModelSpec(named: "yolo11n-pose.yaml", specs: shipped, changes: changes)
    #expect(spec.scale.name == "l")
    #expect(spec.classCount == 5)
  }

  @Test func `finds a file beside the spec that names it before a shipped one`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = "{nc: 7, kpt_shape: [2, 2], backbone: yolo11, head: yolo11_pose}"
    try text.write(to: folder.appending(path: "yolo11-pose.yaml"), atomically: true, encoding: .utf8)
    let place = SourceLocation(file: folder.appending(path: "experiment.yaml").path, line: 1, column: 1)
    #expect(try ModelSpec(named: "yolo11-pose.yaml", at: place, specs: shipped).classCount == 7)
  }

  @Test func `that leads nowhere is an error with a hint`() throws {
    func fault(_ name: String) -> String {
      do throws(DiagnosticList) {
        _ = try ModelSpec(named: name, specs: shipped)
        return "none"
      } catch {
        return error.description.replacing(Setup.package.path + "/", with: "")
      }
    }
    #expect(
      fault("yolo12n-pose.yaml")
        == "error: no model file 'yolo12n-pose.yaml'; did you mean 'yolo11-pose.yaml'?")
    #expect(fault("resnet").hasPrefix("error: no model file 'resnet.yaml'; PoseLab brings "))
    #expect(fault("resnet").contains("yolo11-pose.yaml"))
    #expect(
      fault("yolo11q-pose.yaml").hasPrefix(
        "Experiments/models/yolo11-pose.yaml:9:3: error: no scale 'q' in this model; known: n, s, m, l, x"))
  }
}
