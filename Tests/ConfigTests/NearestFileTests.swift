import Config
import Testing

@Suite struct `A path that leads nowhere` {
  private static let files = [
    "specs/quickstart.yaml": "a: 1", "specs/notes.txt": "", "models/yolo11-pose.yaml": "a: 1",
    "data.yml": "a: 1",
  ]

  @Test(arguments: [
    ("specs/quikstart.yaml", "specs/quickstart.yaml"), ("spec/quickstart.yaml", "specs/quickstart.yaml"),
    ("date.yml", "data.yml"), ("./specs/quickstart.yml", "./specs/quickstart.yaml"),
    ("modles/x.yaml", "models/…"),
    ("specs/../modles/yolo11-pose.yaml", "specs/../models/yolo11-pose.yaml"),
  ])
  func `gets the nearest one that does`(path: String, nearest: String) throws {
    try Fixtures.withFolder(Self.files) { folder in
      #expect(NearestFile.suggestion(for: "\(folder)/\(path)") == "; did you mean '\(folder)/\(nearest)'?")
    }
  }

  @Test(arguments: ["specs/notes.yaml", "entirely/else.yaml", "", "/", String(repeating: "a/", count: 200)])
  func `gets none where nothing is near`(path: String) throws {
    try Fixtures.withFolder(Self.files) { folder in
      #expect(NearestFile.suggestion(for: "\(folder)/\(path)") == "")
    }
  }

  @Test func `is told of when a spec cannot be read`() throws {
    try Fixtures.withFolder(["base.yaml": "a: 1", "mine.yaml": "extends: bse.yaml"]) { folder in
      let error = #expect(throws: DiagnosticList.self) { try SpecLoader().load("\(folder)/mine.yaml") }
      #expect(
        error?.description.contains("No such file or directory; did you mean '\(folder)/base.yaml'?") == true)
    }
  }
}
