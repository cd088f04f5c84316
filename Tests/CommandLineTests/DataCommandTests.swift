import Foundation
import Testing

@Suite struct `poselab data` {
  private func people(_ poselab: Poselab) throws {
    #expect(try poselab("data", "synth", "--output", "people", "--images", "12", "--size", "64").code == 0)
  }

  @Test func `checks a data set, writes a page, and corrects a copy`() throws {
    let poselab = try Poselab()
    try people(poselab)
    let clean = try poselab("data", "check", "people/data.yaml", "--json")
    #expect(clean.code == 0)
    #expect(try clean.json([String: Any].self)["errors"] as? Int == 0)
    let label = poselab.path("people/labels/train/000000.txt")
    let labels = try FileManager.default.contentsOfDirectory(atPath: poselab.path("people/labels/train"))
      .sorted()
    let first = poselab.path("people/labels/train/" + (labels.first ?? ""))
    _ = label
    let text = try String(contentsOfFile: first, encoding: .utf8)
    try (text + "3 0.5 0.5 0.1 0.1\n").write(toFile: first, atomically: true, encoding: .utf8)
    let rows = text.split(separator: "\n").count
    let found = try poselab("data", "check", "people", "--html", "check.html", "--fix", "copy")
    #expect(found.code == 1)
    #expect(found.output.contains("people/labels/train/\(labels[0]):\(rows + 1): "))
    #expect(found.log.contains("corrected copy: copy/data.yaml with 12 images"))
    #expect(
      try String(contentsOfFile: poselab.path("check.html"), encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(try poselab("data", "check", "copy/data.yaml").code == 0)
    #expect(try poselab("data", "check", "people/data.yaml", "--fix", "people/images/train/new").code == 1)
    #expect(try poselab("data", "check", "people/data.yaml", "--split", "tset").code == 2)
  }

  @Test func `counts and draws what is in a data set`() throws {
    let poselab = try Poselab()
    try people(poselab)
    let found = try poselab("data", "stats", "people/data.yaml", "--output", "stats.png", "--json")
    #expect(found.code == 0)
    let train = try found.json([String: [String: Any]].self)["train"]
    #expect(train?["images"] as? Int == 10)
    #expect((train?["keypoints"] as? [String: Any])?.count == 17)
    for file in ["stats-train.png", "stats-val.png"] {
      #expect(try Data(contentsOf: URL(fileURLWithPath: poselab.path(file))).count > 10_000)
    }
    #expect(try poselab("data", "stats", "people/data.yaml", "--split", "val", "--output", "a.gif").code == 2)
  }

  @Test func `shows what augmentation does`() throws {
    let poselab = try Poselab()
    try people(poselab)
    let settings = ["data", "view", "data=people/data.yaml", "imgsz=64", "--images", "3", "--output"]
    func view(_ name: String, _ more: String...) throws -> Data {
      let process = try poselab.start(settings + [name] + more)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      return try Data(contentsOf: URL(fileURLWithPath: poselab.path(name)))
    }
    let first = try view("a.png")
    #expect(first.count > 10_000)
    #expect(try view("b.png") == first)
    #expect(try view("c.png", "degrees=30") != first)
  }
}
