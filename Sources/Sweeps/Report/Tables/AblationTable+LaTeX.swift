extension AblationTable {
  /// A table with rules of the package booktabs, ready to be read in by `\input`.
  ///
  /// One that is wide becomes two below each other, and spans both columns of a page that has two: how the variants
  /// differ, then their other figures and costs. What is still wider than the page is made smaller.
  func latex(caption: String, label: String) -> String {
    let isWide = columns.count > 8 && comparedColumns < columns.count
    let parts =
      isWide
      ? [Array(0..<comparedColumns), [0] + (comparedColumns..<columns.count)] : [Array(columns.indices)]
    let environment = columns.count > 6 ? "table*" : "table"
    var lines = [
      "% Needs \\usepackage{booktabs,graphicx}", "\\begin{\(environment)}", "  \\centering",
      "  \\caption{\(Self.latex(caption))}", "  \\label{tab:\(Self.label(label))}",
    ]
    for (index, part) in parts.enumerated() {
      if index > 0 { lines += ["", "  \\medskip"] }
      lines.append("  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%")
      lines += tabular(part)
    }
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
    lines.append("\\end{\(environment)}")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Some of the columns, and the brace that ends the box around them.
  private func tabular(_ part: [Int]) -> [String] {
    func line(_ cells: [String]) -> String { "    " + cells.joined(separator: " & ") + " \\\\" }
    var lines = [
      "  \\begin{tabular}{\(part.map { columns[$0].isNumber ? "r" : "l" }.joined())}", "    \\toprule",
      line(part.map { Self.latex(columns[$0].title) }),
    ]
    if part.contains(where: { !columns[$0].unit.isEmpty }) {
      lines.append(
        line(part.map { columns[$0].unit.isEmpty ? "" : "{\\scriptsize \(Self.latex(columns[$0].unit))}" }))
    }
    lines.append("    \\midrule")
    for row in rows {
      lines.append(
        line(
          part.map { index in
            let text = Self.latex(row.cells[index])
            return row.best.contains(index) ? "\\textbf{\(text)}" : text
          }))
      if row.isBaseline && rows.count > 1 { lines.append("    \\midrule") }
    }
    return lines + ["    \\bottomrule", "  \\end{tabular}}"]
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
      case "\"": result += "\\char34{}"
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
