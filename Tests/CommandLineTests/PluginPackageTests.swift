import Foundation
import PoseLab
import PoseLabCommands
import Testing

@Suite struct `A new package of components` {
  private func package(_ name: String = "MyPoses") throws -> PluginPackage {
    try PluginPackage(name: name, dependency: .folder("/a \"b\"/PoseLab"), plugins: ["Losses"])
  }

  @Test func `holds the code that the documentation shows and tests`() throws {
    let files = Dictionary(uniqueKeysWithValues: try package().files.map { ($0.path, $0.text) })
    for name in ["ScaledResidual", "GemanMcClureLoss"] {
      let shown = try Fixtures.text(Fixtures.root + "/Tests/DocumentationTests/Snippets/\(name).swift")
      #expect(files["Sources/MyPoses/\(name).swift"] == shown)
    }
    #expect(
      files["Sources/MyPosesCommandLine/main.swift"]
        == "import MyPoses\nimport PoseLabCommands\n\nPoseLabCommand.main(plugins: [MyPoses.self])\n")
  }

  @Test func `is written by the command, whole, into a new or an empty folder`() throws {
    let poselab = try Poselab()
    let made = try poselab("plugin", "new", "HandPoses", "--directory", "deep/hands")
    #expect(made.code == 0 && made.log.isEmpty)
    #expect(made.output.contains("swift run -c release hand-poses train Specs/experiment.yaml"))
    for file in try PluginPackage(name: "HandPoses", dependency: .folder("/x")).files {
      #expect(poselab.exists("deep/hands/" + file.path))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: poselab.path("deep")) == ["hands"])
    // This very package, found from where the executable lies.
    let manifest = try poselab.text("deep/hands/Package.swift")
    let root = URL(filePath: Fixtures.root).resolvingSymlinksInPath().path
    #expect(manifest.contains(".package(name: \"PoseLab\", path: \"\(root)\")"))

    try FileManager.default.createDirectory(atPath: poselab.path("empty"), withIntermediateDirectories: true)
    let second = try poselab(
      "plugin", "new", "HandPoses", "--directory", "empty", "--poselab", "https://example.org/x/PoseLab.git",
      "--from", "1.2.0")
    #expect(second.code == 0)
    #expect(
      try poselab.text("empty/Package.swift").contains(
        ".package(url: \"https://example.org/x/PoseLab.git\", from: \"1.2.0\")"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: poselab.path("empty")).count == 6)
  }

  @Test func `overwrites nothing`() throws {
    let poselab = try Poselab()
    try FileManager.default.createDirectory(atPath: poselab.path("full"), withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(filePath: poselab.path("full/notes")))
    let full = try poselab("plugin", "new", "HandPoses", "--directory", "full")
    #expect(full.code == 2)
    #expect(full.log == "error: 'full' is not empty; name a new or empty folder with --directory\n")
    let file = try poselab("plugin", "new", "HandPoses", "--directory", "full/notes")
    #expect(file.code == 2)
    #expect(file.log == "error: 'full/notes' is a file; name a new or empty folder with --directory\n")
    #expect(try poselab.text("full/notes") == "mine")
    #expect(try FileManager.default.contentsOfDirectory(atPath: poselab.path("full")) == ["notes"])
  }

  @Test(arguments: [
    ("my-poses", "'my-poses' cannot name a Swift module", "did you mean 'MyPoses'?"),
    ("hand poses 2", "'hand poses 2' cannot name", "did you mean 'HandPoses2'?"),
    ("1", "'1' cannot name", "64 at most"), ("Größe", "'Größe' cannot name", "did you mean"),
    ("Losses", "the name 'Losses' is taken", "'MyLosses'"), ("layers", "'layers' cannot name", "'MyLayers'"),
    ("XCTEST", "the name 'XCTEST' is taken", "take another"), ("True", "is taken", "take another"),
    ("../Escape", "cannot name", "did you mean 'Escape'?"),
  ])
  func `refuses names that cannot be`(name: String, fault: String, remedy: String) throws {
    let poselab = try Poselab()
    let outcome = try poselab("plugin", "new", name)
    #expect(
      outcome.code == 2 && outcome.log.contains(fault) && outcome.log.contains(remedy), "\(outcome.log)")
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: poselab.folder)) == ["output", "log"])
  }

  @Test(arguments: [
    (["--poselab", "nowhere"], "--poselab: there is no package of PoseLab in 'nowhere'"),
    (["--poselab", ".", "--branch", "x"], "--from and --branch go with a URL"),
    (["--poselab", "git@host:x/PoseLab.git", "--branch", "x", "--from", "1.0.0"], "give --from or --branch"),
  ])
  func `refuses what is no PoseLab`(arguments: [String], fault: String) throws {
    let poselab = try Poselab()
    let outcome = try poselab.finish(poselab.start(["plugin", "new", "HandPoses"] + arguments))
    #expect(outcome.code == 2 && outcome.log.contains(fault), "\(outcome.log)")
    #expect(!poselab.exists("hand-poses"))
  }

  @Test func `asks for PoseLab where it cannot be found`() throws {
    let error = #expect(throws: PluginPackageError.self) { _ = try PoseLabDependency(nil) }
    #expect(error?.description.contains("--poselab ../PoseLab") == true)
  }

  @Test(arguments: [
    ("https://example.org/x/PoseLab.git", "PoseLab"), ("git@example.org:pose-lab", "pose-lab"),
    ("ssh://git@example.org/y/poselab/", "poselab"),
  ])
  func `names the package of a URL as SwiftPM does`(url: String, name: String) throws {
    let package = try PluginPackage(name: "HandPoses", dependency: PoseLabDependency(url))
    let manifest = try #require(package.files.first { $0.path == "Package.swift" }).text
    #expect(manifest.contains(".package(url: \"\(url)\", branch: \"main\")"))
    #expect(manifest.contains(".product(name: \"PoseLab\", package: \"\(name)\")"))
  }

  @Test func `escapes the folder's name`() throws {
    let manifest = try #require(package().files.first { $0.path == "Package.swift" }).text
    #expect(manifest.contains("path: \"/a \\\"b\\\"/PoseLab\""))
  }

  @Test(arguments: [
    ("MyPoses", "my-poses"), ("HRNetBlocks", "hr-net-blocks"), ("Pose2D", "pose2-d"), ("A_b", "a-b"),
    ("X", "x"),
  ])
  func `calls its executable by the name in small letters`(name: String, product: String) throws {
    #expect(try package(name).productName == product)
  }
}
