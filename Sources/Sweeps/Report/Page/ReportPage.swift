internal import Pages

/// The page of a report: one HTML file with all in it.
struct ReportPage {
  let results: SweepResults
  let analysis: SweepAnalysis
  let table: AblationTable
  let pictures: PictureSection
  let colors: SeriesColors

  init(_ results: SweepResults, _ analysis: SweepAnalysis, _ table: AblationTable, _ pictures: PictureSection)
  {
    self.results = results
    self.analysis = analysis
    self.table = table
    self.pictures = pictures
    colors = SeriesColors(analysis)
  }

  /// A part of the page under a heading.
  struct Section {
    var id: String
    var title: String
    var content: HTML
  }

  var html: String {
    let sections = [
      tableSection, lossSection, differenceSection, effectSection, costSection, learningSection,
      keypointSection,
      pictureSection, runSection,
    ].compactMap { $0 }
    let links: [HTML] = sections.map { "<a href=\"#\($0.id)\">\($0.title)</a>\n" }
    let parts: [HTML] = sections.map { section in
      """
      <section id="\(section.id)" aria-labelledby="\(section.id)-h">
      <h2 id="\(section.id)-h">\(section.title)</h2>
      \(section.content)</section>

      """
    }
    return Page(
      title: "\(results.name): report", heading: results.name, lead: summary, links: links, body: "\(parts)"
    ).source
  }

  /// What was run, and what came out of it, in two sentences.
  private var summary: HTML {
    let finished = results.runs.count { $0.state == .finished }
    let kind = results.mode.replacing("_", with: " ")
    var text: HTML = """
      <p class="muted">\(kind == "runs" ? "Runs" : "Ablation sweep, \(kind)") · \(finished) of \
      \(results.runs.count) runs finished · \(analysis.variants.count) variants · decided by \
      \(FigurePath.label(results.figure)) · baseline: \(results.baseline)</p>

      """
    let sign = FigurePath.isLowerBetter(results.figure) ? -1.0 : 1.0
    let ranked = analysis.variants.filter { $0.figures[results.figure]?.mean.isFinite == true }
    let best = ranked.max {
      sign * ($0.figures[results.figure]?.mean ?? 0) < sign * ($1.figures[results.figure]?.mean ?? 0)
    }
    guard let best, ranked.count > 1 else { return text }
    var sentence: HTML = """
      Best is <strong>\(best.name)</strong> with \(FigurePath.label(results.figure)) \
      \(ReportNumber.summary(best.figures[results.figure]))
      """
    if let difference = best.difference {
      sentence += ", \(ReportNumber.figure(difference.estimate, signed: true)) against the baseline"
      if let interval = difference.interval {
        sentence += " (95 % CI over images \(ReportNumber.interval(interval)))"
      }
      if difference.correctedPValue.isFinite {
        sentence +=
          "; permutation test over seeds, Holm-corrected: p = \(ReportNumber.pValue(difference.correctedPValue))"
      }
    } else if best.isBaseline {
      sentence += ", the baseline itself"
    }
    text += "<p class=\"lead\">\(sentence).</p>\n"
    return text
  }
}
