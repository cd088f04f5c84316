import Config
import Foundation
import Testing
import Training

/// Each file `Tests/Fixtures/specs/x.yaml` is faulty; `x.txt` is what the user is told.
@Suite struct `Bad experiment files` {
  static let names = Fixtures.names(in: Fixtures.specs, ending: ".yaml")

  @Test func `are many`() { #expect(Self.names.count >= 20) }

  @Test(arguments: names) func `are refused with all their faults`(name: String) throws {
    let file = "\(Fixtures.specs)/\(name).yaml"
    let registry = try Fixtures.registry()
    let error = #expect(throws: DiagnosticList.self) {
      try ExperimentSpec(file: file, for: .train, registry: registry)
    }
    let told = (error?.description ?? "").replacingOccurrences(of: Fixtures.specs + "/", with: "") + "\n"
    let expected = "\(Fixtures.specs)/\(name).txt"
    if ProcessInfo.processInfo.environment["POSELAB_RECORD"] != nil {
      try Data(told.utf8).write(to: URL(fileURLWithPath: expected))
    }
    #expect(told == (try Fixtures.text(expected)))
  }
}
