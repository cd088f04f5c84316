import Foundation
import PoseLab
import Sweeps
import Testing

/// From a spec to a report, as a user does it: on the command line, and in Swift.
@Suite struct `A report of the program` {
  @Test func `is written of a sweep, and of runs`() throws {
    let sweep = try TinySweep()
    let (early, unknown) = try sweep.poselab("report", "tiny")
    #expect(early == 2 && unknown.contains("there is no database of results"), "\(unknown)")
    _ = try sweep.finish(["--jobs", "2"])

    let (code, output) = try sweep.poselab("report", "runs/sweeps/tiny", "--samples", "50")
    #expect(code == 0)
    #expect(output.contains("coco_keypoints/AP") && output.contains("augment=plain"), "\(output)")
    #expect(output.contains("runs/sweeps/tiny/report/report.html\n"))
    let page = try String(contentsOfFile: sweep.folder + "/report/report.html", encoding: .utf8)
    for id in ["table", "cost", "learning", "keypoints", "runs"] {
      #expect(page.contains("<section id=\"\(id)\""), "\(id)")
    }
    #expect(page.contains("GFLOPs") && page.contains("poselab train /"))

    let json = try sweep.poselab("report", "tiny", "--samples", "50", "--output", "paper", "--json")
    let said = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any], "\(json.output)")
    #expect(
      said["files"] as? [String]
        == ["html", "md", "tex", "csv"].map {
          "paper/" + ($0 == "html" ? "report" : $0 == "csv" ? "results" : "table") + "." + $0
        })
    let variants = try #require(said["variants"] as? [[String: Any]])
    #expect(variants.map { $0["variant"] as? String } == ["baseline", "augment=plain"])
    #expect(variants.map { $0["finished"] as? Int } == [2, 2])

    let runs = try sweep.outcomes()
    let folders = try ResultStore(sweep.runs + "/results.sqlite").runs().map(\.directory)
    #expect(runs.count == 4)
    let mixed = try sweep.poselab(
      "report", folders[0], folders[2], folders[3], "--samples", "0", "--figure", "coco_bbox/AP")
    #expect(mixed.code == 0 && mixed.output.contains("runs/report/table.tex"), "\(mixed.output)")

    for (arguments, message) in [
      (["report", "tyny"], "no sweep or run 'tyny' in runs/results.sqlite; did you mean 'tiny'?"),
      (["report", "tiny", "--figure", "coco_bbox/Ap5"], "did you mean 'coco_bbox/AP"),
      (["report", "tiny", "--baseline", "augment=plan"], "did you mean 'augment=plain'?"),
      (["report", "tiny", "--show", "basline"], "did you mean 'baseline'?"),
      (["report", "tiny", "--samples=-1"], "--samples must be 0 to 1000000, but is -1"),
      (["report"], "Missing expected argument"),
    ] {
      let (code, output) = try sweep.poselab(arguments)
      #expect(code == 2 && output.contains(message), "\(arguments): \(code) \(output)")
    }
    let refused = try sweep.poselab("report", "tiny", "--output", "/proc/poselab")
    #expect(refused.code == 1 && refused.output.contains("/proc/poselab"), "\(refused.output)")
  }

  @Test func `takes a few lines of Swift`() throws {
    let folder = try TinySweep()
    var sweep = try Sweep(file: folder.path + "/tiny.yaml", overriding: Override.parse(["ablation.seeds=1"]))
    sweep.project = folder.runs + "/sweeps"
    #expect(throws: (any Error).self) { try sweep.report() }
    try sweep.run(try sweep.plan(), jobs: 2)
    let files = try sweep.report(options: ReportOptions(samples: 20))
    #expect(files.map { ($0 as NSString).lastPathComponent }.first == "report.html")
    #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    #expect(try sweep.results()?.runs.map(\.state) == [.finished, .finished])
  }
}
