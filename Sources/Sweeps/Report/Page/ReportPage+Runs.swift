internal import Foundation
internal import Pages

extension ReportPage {
  /// Runs with spec and environment on the page; of others the table of runs tells.
  static let runLimit = 400

  var pictureSection: Section? {
    guard !pictures.groups.isEmpty || !pictures.notes.isEmpty else { return nil }
    var content: HTML = ""
    if let variant = pictures.variant, !pictures.groups.isEmpty {
      content += """
        <p class="muted">Baseline (seed \(String(pictures.seeds.baseline))) beside \(variant) \
        (seed \(String(pictures.seeds.variant))): predictions with a score of at least 0.25, under each its AP of that \
        image alone.</p>

        """
    }
    for group in pictures.groups {
      let pairs: [HTML] = group.pairs.map { pair in
        let labels: HTML = pair.labels.map { Self.picture($0, "Labels of \(pair.name)", "labels") } ?? ""
        let first = "baseline: AP \(ReportNumber.shortened(pair.scores.baseline, digits: 2))"
        let second = "variant: AP \(ReportNumber.shortened(pair.scores.variant, digits: 2))"
        return """
          <figure><figcaption>\(pair.name)</figcaption><div class="pair">
          \(Self.picture(pair.baseline, "Predictions of the baseline in \(pair.name)", first))\
          \(Self.picture(pair.variant, "Predictions of the variant in \(pair.name)", second))\
          \(labels)</div></figure>

          """
      }
      content += "<h3>\(group.title)</h3>\n<div class=\"pictures\">\n\(pairs)</div>\n"
    }
    content += Self.list(pictures.notes)
    return Section(id: "pictures", title: "Images that tell most", content: content)
  }

  private static func picture(_ bytes: [UInt8], _ description: String, _ caption: String) -> HTML {
    """
    <div><img src="data:image/jpeg;base64,\(Data(bytes).base64EncodedString())" alt="\(description)">\(caption)</div>

    """
  }

  var runSection: Section? {
    let runs = results.runs
    let parts: [HTML] = runs.prefix(Self.runLimit).map { run in
      let figure = ReportNumber.figure(run[figure: results.figure])
      let reason: HTML = run.reason.map { "<p>\(run.state.words): \($0)</p>\n" } ?? ""
      let spec: HTML =
        run.spec.isEmpty ? "" : "<details><summary>Spec</summary><pre>\(run.spec)</pre></details>\n"
      let environment: HTML =
        run.environment.isEmpty
        ? "" : "<details><summary>Environment</summary><pre>\(run.environment)</pre></details>\n"
      return """
        <details><summary>\(run.variant), seed \(String(run.seed)) <span class="state">\(run.state.words)</span> \
        \(figure)</summary>
        \(reason)<p class="muted">Folder: \(run.directory)</p>
        <pre>\(run.command)</pre>
        \(spec)\(environment)</details>

        """
    }
    let rest: HTML =
      runs.count > Self.runLimit
      ? "<p class=\"muted\">The other \(runs.count - Self.runLimit) runs are in results.csv.</p>\n" : ""
    return Section(
      id: "runs", title: "Every run, and how to repeat it",
      content: """
        <p class="muted">Each with its command, resolved spec and environment.</p>
        \(parts)\(rest)
        """)
  }
}
