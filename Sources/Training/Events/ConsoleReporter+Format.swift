internal import Foundation
internal import PoseCore

extension ConsoleReporter {
  /// A validation's figures as lines: a table of `yolo_map` by class, one line for each other metric, then notes.
  public static func table(_ report: ValidationReport, classLimit: Int = 20) -> [String] {
    var lines: [String] = []
    if let yolo = report[metric: "yolo_map"] {
      let titles = ["precision", "recall", "mAP50", "mAP50-95"]
      let names = ["B", "P"].flatMap { part in titles.map { "metrics/\($0)(\(part))" } }
      lines.append(
        row([
          "class", "images", "objects", "box P", "R", "mAP50", "mAP50-95", "pose P", "R", "mAP50", "mAP50-95",
        ]))
      func figures(_ value: (String) -> Double?) -> [String] {
        names.map { value($0).map { String(format: "%.4f", $0) } ?? "-" }
      }
      lines.append(row(["all", "\(report.imageCount)", "\(report.instanceCount)"] + figures { yolo[$0] }))
      if yolo.classes.count > 1 {
        for one in yolo.classes.prefix(classLimit) {
          lines.append(row([one.className, "", "\(one.labelCount)"] + figures { one[$0] }))
        }
      }
    }
    for metric in report.metrics where metric.name != "yolo_map" {
      let figures = metric.values.map {
        "\($0.name) \($0.value.isNaN ? "-" : String(format: "%.4f", $0.value))"
      }
      lines.append("\(metric.name): " + figures.joined(separator: ", "))
      lines += metric.tables.flatMap(self.lines)
    }
    if let selection = report.selection { lines.append("\(selection)") }
    var notes: [String] = []
    for note in report.metrics.flatMap(\.notes) where !note.hasPrefix("best F1") && !notes.contains(note) {
      notes.append(note)
    }
    lines += notes.map { "note: " + $0 }
    let speed = report.speed
    lines.append(
      String(
        format: "milliseconds an image: %.1f loading, %.1f inference, %.1f postprocessing", speed.loading,
        speed.inference, speed.postprocessing))
    return lines
  }

  /// A table of figures, names of rows on the left.
  static func lines(_ table: MetricTable) -> [String] {
    let names = [table.name] + table.rows.map(\.name)
    let width = (names.map(\.count).max() ?? 0) + 2
    func line(_ name: String, _ cells: [String]) -> String {
      "  " + name + String(repeating: " ", count: width - name.count) + row(cells)
    }
    return [line(table.name, table.columns.map(\.name))]
      + table.rows.map { row in
        line(
          row.name,
          zip(table.columns, row.values).map {
            $1.isFinite ? String(format: "%.\($0.decimals)f", $1) : "-"
          })
      }
  }

  /// Cells to the right of columns of one width.
  static func row(_ cells: [String], width: Int = 10) -> String {
    cells.map { cell in String(repeating: " ", count: max(1, width - cell.count)) + cell }.joined()
  }

  /// Four significant digits.
  static func figure(_ value: Double) -> String { String(format: "%.4g", value) }

  /// `━━━━━━╸───  12/20`.
  static func bar(_ done: Int, of total: Int, width: Int = 16) -> String {
    let filled = total > 0 ? min(width, done * width / total) : width
    return String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
      + " \(done)/\(total)"
  }

  /// `0:07`, `12:34`, `1:02:03`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e8 else { return "-" }
    let total = Int(max(0, seconds).rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }
}
