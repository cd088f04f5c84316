import Foundation
import Sweeps
import Testing

@Suite struct `A sweep's report` {
  @Test func `holds tables, charts, pictures and commands, and fetches nothing`() throws {
    let folder = try ScratchFolder()
    try ExampleSweep.writeFiles(to: folder.path)
    let results = try ExampleSweep.grid(folder: folder.path)
    let paths = try SweepReport.write(results, to: folder.path + "/report", options: .init(samples: 100))
    #expect(
      paths.map { ($0 as NSString).lastPathComponent } == [
        "report.html", "table.md", "table.tex", "results.csv",
      ])
    let page = try folder.text("report/report.html")
    for id in [
      "table", "differences", "effects", "cost", "learning", "keypoints", "pictures", "runs", "effect-0-t",
      "interaction-0-t", "cost-parameters-t", "learning-metric-t", "learning-loss-t",
    ] { #expect(page.contains("id=\"\(id)\""), "\(id)") }
    #expect(!page.contains("id=\"losses\""))
    #expect(page.contains("src=\"data:image/jpeg;base64,/9j/"))
    #expect(page.contains("necks &amp; &lt;mosaic&gt;") && !page.contains("<mosaic>"))
    #expect(page.contains("poselab train experiment.yaml seed=2"))
    // Where the browser would look for something else than what the page holds.
    for sign in ["http:", "https:", "src=\"/", "url(", "@import", "<script", "<link", "<iframe"] {
      #expect(!page.contains(sign), "\(sign)")
    }
    #expect(
      page.components(separatedBy: " src=\"").count == page.components(separatedBy: " src=\"data:").count)
    #expect(page.components(separatedBy: "href=\"").count == page.components(separatedBy: "href=\"#").count)
    // People are read from head to foot.
    let nose = try #require(page.range(of: ">nose<"))
    #expect(page[nose.upperBound...].contains(">left wrist<"))
  }

  @Test func `is the same, byte for byte, each time`() throws {
    let folder = try ScratchFolder()
    try ExampleSweep.writeFiles(to: folder.path)
    let results = try ExampleSweep.grid(folder: folder.path)
    for name in ["a", "b"] {
      try SweepReport.write(results, to: "\(folder.path)/\(name)", options: .init(samples: 60))
    }
    for name in ["report.html", "table.md", "table.tex", "results.csv"] {
      #expect(try folder.text("a/" + name) == folder.text("b/" + name))
    }
  }

  @Test func `lists runs that gave nothing, with their reasons`() throws {
    let folder = try ScratchFolder()
    var results = try ExampleSweep.grid(seeds: 2)
    results.runs[3].state = .timedOut
    results.runs[3].reason = "no sign of life for 600 s"
    results.runs[5].state = .stopped
    try SweepReport.write(results, to: folder.path, options: .init(samples: 20))
    let page = try folder.text("report.html")
    #expect(page.contains("Runs without a result") && page.contains("no sign of life for 600 s"))
    #expect(page.contains(">1 of 2<") && page.contains("pictures could not be drawn") == false)
    #expect(page.contains("No pictures: "))
    let table = try folder.text("table.md")
    #expect(table.contains("- neck=pafpn, mosaic=off, seed 1: timed out: no sign of life for 600 s"))
    #expect(table.contains("- neck=bifpn, mosaic=on, seed 1: stopped early"))
    #expect(try folder.text("table.tex").contains("seed 1: timed out (no sign of life for 600 s)."))
    #expect(try folder.text("results.csv").contains(",timed_out,no sign of life for 600 s,"))
  }

  @Test func `survives names that mean something to HTML, Markdown and LaTeX`() throws {
    let folder = try ScratchFolder()
    let name = "a&b<script>\"'_%#$|~^\\{}*é漢\u{1}\n`[x]"
    var results = try ExampleSweep.grid(seeds: 1)
    results.name = name
    results.runs[1].variant = name
    results.runs[2].reason = "</pre><script>alert(1)</script>"
    results.runs[2].state = .failed
    results.runs[1].spec = name
    try SweepReport.write(results, to: folder.path, options: .init(samples: 20))
    let page = try folder.text("report.html")
    #expect(!page.contains("<script"))
    #expect(page.contains("a&amp;b&lt;script&gt;&quot;&#39;_%#$|~^\\{}*é漢\u{FFFD}\n`[x]"))
    let latex = try folder.text("table.tex")
    #expect(
      latex.contains(
        "a\\&b\\textless{}script\\textgreater{}\\char34{}'\\_\\%\\#\\$|\\textasciitilde{}\\textasciicircum{}"
          + "\\textbackslash{}\\{\\}*é漢"))
    let table = try folder.text("table.md")
    #expect(table.contains("a&amp;b&lt;script&gt;\"'\\_%\\#\\$\\|\\~^\\\\{}\\*é漢"))
    let rows = table.split(separator: "\n").prefix(6).filter { $0.hasPrefix("|") }
    #expect(rows.count == 6)
    #expect(try folder.text("results.csv").contains("\"a&b<script>\"\"'_%#$|~^\\{}*é漢\u{1}\n`[x]\""))
  }

  @Test func `can be made of nearly nothing`() throws {
    let folder = try ScratchFolder()
    let bare = RunResult(
      id: "1", variant: "only", seed: 0, state: .finished, directory: "runs/only", command: "poselab train",
      spec: "", figures: [.init(metric: "coco_keypoints", name: "AP", value: .nan)])
    var pending = bare
    pending.state = .pending
    pending.figures = []
    for (index, runs) in [[bare], [pending], []].enumerated() {
      let results = SweepResults(
        name: "x", mode: "runs", baseline: "only", figure: "coco_keypoints/AP", runs: runs)
      try SweepReport.write(results, to: "\(folder.path)/\(index)")
      #expect(try folder.text("\(index)/report.html").hasSuffix("</html>\n"))
      #expect(try folder.text("\(index)/table.tex").contains("\\bottomrule"))
    }
  }

  @Test func `stays small with hundreds of runs`() throws {
    let folder = try ScratchFolder()
    let first = try ExampleSweep.run("baseline", seed: 0, skill: 0.5)
    var runs = [first]
    for number in 1..<500 {
      var run = first
      run.variant = "lr=\(number)"
      run.spec = String(repeating: "setting: value\n", count: 100)
      run.images = nil
      runs.append(run)
    }
    let results = SweepResults(
      name: "many", mode: "random", baseline: "baseline", figure: "coco_keypoints/AP", runs: runs)
    try SweepReport.write(results, to: folder.path, options: .init(samples: 10))
    let page = try folder.text("report.html")
    #expect(page.utf8.count < 4_000_000, "\(page.utf8.count)")
    #expect(page.contains("The other 100 runs are in results.csv."))
  }

  @Test func `refuses a folder that cannot be written, by name`() {
    #expect(throws: (any Error).self) {
      try SweepReport.write(
        try ExampleSweep.grid(seeds: 1), to: "/dev/null/report", options: .init(samples: 5))
    }
  }
}
