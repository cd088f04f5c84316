import Config
import Data
import Foundation
import PoseCore
import PoseLab
import Testing
import Training

/// Each file `Tests/Fixtures/specs/*/x.yaml` is faulty; `x.txt` beside it is what the user is told.
@Suite struct `Bad files` {
  static let kinds = ["experiments", "models", "datasets"]
  static let files = kinds.flatMap { kind in
    Fixtures.names(in: Fixtures.specs + "/" + kind, ending: ".yaml").map { kind + "/" + $0 }
  }

  @Test func `are many`() { #expect(Self.files.count >= 150) }

  @Test(arguments: files) func `are refused with all their faults`(name: String) throws {
    let told = try BadSpec(name).told(registry: try Fixtures.registry()) + "\n"
    let expected = "\(Fixtures.specs)/\(name).txt"
    if ProcessInfo.processInfo.environment["POSELAB_RECORD"] != nil {
      try Data(told.utf8).write(to: URL(fileURLWithPath: expected))
    }
    #expect(told == (try Fixtures.text(expected)))
  }
}

/// A faulty file, read as the commands read it.
struct BadSpec {
  var path: String
  var kind: String

  /// - Parameter name: `models/empty`.
  init(_ name: String) {
    path = "\(Fixtures.specs)/\(name).yaml"
    kind = String(name.prefix { $0 != "/" })
  }

  /// What is said of it; paths as seen from the fixtures.
  func told(registry: Registry) throws -> String {
    var findings = "nothing"
    do {
      switch kind {
      case "models":
        _ = try PoseModel(ModelSource(Node(.string(path))).spec, registry: registry)
      case "datasets":
        findings = DiagnosticList(try DatasetSpec(contentsOf: path).warnings).description
      default:
        let experiment = try Experiment(file: path, for: .train, registry: registry)
        findings = DiagnosticList(experiment.spec.notes).description
        try experiment.check()
      }
    } catch let list as DiagnosticList {
      findings = list.description
    } catch {
      findings = "\(error)"
    }
    return findings.replacingOccurrences(of: "\(Fixtures.specs)/\(kind)/", with: "")
  }
}
