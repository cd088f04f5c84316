public import FileSystem
internal import Foundation

/// Writes what a sweep has found: a page to look at, tables for papers, and the numbers.
///
/// Begin with `write`; `SweepAnalysis` has the numbers, `AblationTable` the rows, `ReportPage` the page. The same results
/// give the same bytes.
public enum SweepReport {
  public static let pageName = "report.html"
  public static let markdownName = "table.md"
  public static let latexName = "table.tex"
  public static let csvName = "results.csv"

  /// Writes `report.html` (self-contained; it fetches nothing), `table.md`, `table.tex` (booktabs) and `results.csv`.
  ///
  /// Pictures are taken from the images that the scores name and from `predictions.json` in the runs' folders; where those
  /// are missing the page says so.
  ///
  /// - Parameters:
  ///   - folder: made if it does not exist.
  ///   - options: what is to be in it.
  /// - Returns: the paths of the files, the page first.
  /// - Throws: if a file cannot be written.
  @discardableResult
  public static func write(
    _ results: SweepResults, to folder: String, options: ReportOptions = ReportOptions()
  ) throws(FileError) -> [String] {
    let analysis = SweepAnalysis(results, samples: options.samples, seed: options.seed)
    return try write(results, analysis, to: folder, options: options)
  }

  /// The same of numbers that are there already.
  ///
  /// - Parameter analysis: of these results.
  @discardableResult
  public static func write(
    _ results: SweepResults, _ analysis: SweepAnalysis, to folder: String,
    options: ReportOptions = ReportOptions()
  ) throws(FileError) -> [String] {
    let table = AblationTable(analysis, results)
    let pictures = PictureSection(analysis, options: options)
    let files = [
      (pageName, ReportPage(results, analysis, table, pictures).html),
      (markdownName, table.markdown),
      (latexName, table.latex(caption: caption(results), label: results.name)),
      (csvName, RunTable(results: results).csv),
    ]
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw FileError(.write, path: folder, code: cause.map { Int32(clamping: $0.code) } ?? EIO)
    }
    var paths: [String] = []
    for (name, text) in files {
      let path = folder + "/" + name
      try AtomicFile.write(text, to: path, durable: false)
      paths.append(path)
    }
    return paths
  }

  /// The ablation table as Markdown, for a terminal or a README.
  public static func markdown(_ results: SweepResults, options: ReportOptions = ReportOptions()) -> String {
    markdown(results, SweepAnalysis(results, samples: options.samples, seed: options.seed))
  }

  /// The same of numbers that are there already.
  public static func markdown(_ results: SweepResults, _ analysis: SweepAnalysis) -> String {
    AblationTable(analysis, results).markdown
  }

  private static func caption(_ results: SweepResults) -> String {
    let name = results.baseline == "baseline" ? "" : " \(results.baseline)"
    return "Ablation “\(results.name)”, \(FigurePath.label(results.figure)) against the baseline\(name)."
  }
}
