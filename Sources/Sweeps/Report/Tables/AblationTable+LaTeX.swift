extension AblationTable {
  /// A `table` with rules of the package booktabs, ready to be read in by `\input`.
  func latex(caption: String, label: String) -> String {
    var lines = [
      "% Needs \\usepackage{booktabs}", "\\begin{table}", "  \\centering",
      "  \\caption{\(Self.latex(caption))}",
      "  \\label{tab:\(Self.label(label))}",
      "  \\begin{tabular}{\(columns.map { $0.isNumber ? "r" : "l" }.joined())}", "    \\toprule",
      "    " + columns.map { Self.latex($0.title) }.joined(separator: " & ") + " \\\\",
    ]
    if columns.contains(where: { !$0.unit.isEmpty }) {
      lines.append(
        "    "
          + columns.map { $0.unit.isEmpty ? "" : "{\\scriptsize \(Self.latex($0.unit))}" }
          .joined(separator: " & ") + " \\\\")
    }
    lines.append("    \\midrule")
    for row in rows {
      let cells = row.cells.enumerated().map { index, cell in
        row.best.contains(index) ? "\\textbf{\(Self.latex(cell))}" : Self.latex(cell)
      }
      lines.append("    " + cells.joined(separator: " & ") + " \\\\")
      if row.isBaseline && rows.count > 1 { lines.append("    \\midrule") }
    }
    lines += ["    \\bottomrule", "  \\end{tabular}"]
    let lost = losses.map { loss in
      let reason = loss.reason.isEmpty ? "" : " (\(loss.reason))"
      return "\(loss.variant), seed \(loss.seed): \(loss.state.words)\(reason)."
    }
    let remarks = notes + (lost.isEmpty ? [] : ["Runs without a result: " + lost.joined(separator: " ")])
    if !remarks.isEmpty {
      lines.append("")
      lines.append("  \\smallskip")
      lines.append(
        "  \\parbox{\\linewidth}{\\footnotesize " + Self.latex(remarks.joined(separator: " ")) + "}")
    }
    lines.append("\\end{table}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func latex(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\textbackslash{}"
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "\"": result += "\\textquotedbl{}"
      case "'": result += "'"
      case "±": result += "$\\pm$"
      case "−": result += "$-$"
      case "–": result += "--"
      // Brackets right after the end of a row would be read as its argument.
      case "[": result += "{[}"
      case "]": result += "{]}"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }

  private static func label(_ text: String) -> String {
    String(text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }
}
