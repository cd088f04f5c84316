internal import Pages

extension ReportPage {
  var tableSection: Section? {
    let head: [HTML] = table.columns.map { column in
      let unit: HTML = column.unit.isEmpty ? "" : "<small>\(column.unit)</small>"
      return "<th scope=\"col\"\(column.isNumber ? " class=\"n\"" as HTML : "")>\(column.title)\(unit)</th>"
    }
    let rows: [HTML] = table.rows.map { row in
      let cells: [HTML] = row.cells.enumerated().map { index, cell in
        let text: HTML = row.best.contains(index) ? "<strong>\(cell)</strong>" : "\(cell)"
        if index == 0 { return "<th scope=\"row\" class=\"name\">\(text)</th>" }
        return "<td class=\"\(table.columns[index].isNumber ? "n" : "name")\">\(text)</td>"
      }
      return "<tr\(row.isBaseline ? " class=\"base\"" as HTML : "")>\(cells)</tr>\n"
    }
    let content: HTML = """
      <div class="scroll" tabindex="0" role="region" aria-label="Ablation table"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>
      \(Self.list(table.notes))
      """
    return Section(id: "table", title: "Ablation table", content: content)
  }

  /// Runs that did not finish.
  var lossSection: Section? {
    guard !table.losses.isEmpty else { return nil }
    let rows: [HTML] = table.losses.map { loss in
      """
      <tr><th scope="row" class="name">\(loss.variant)</th><td class="n">\(String(loss.seed))</td>\
      <td>\(loss.state.words)</td><td class="name">\(loss.reason)</td></tr>

      """
    }
    return Section(
      id: "losses", title: "Runs without a result",
      content: """
        <div class="scroll" tabindex="0" role="region" aria-label="Runs without a result"><table>
        <thead><tr><th scope="col">Variant</th><th scope="col" class="n">Seed</th><th scope="col">State</th>\
        <th scope="col">Reason</th></tr></thead>
        <tbody>
        \(rows)</tbody>
        </table></div>

        """)
  }

  /// OKS of each keypoint as a table of shades.
  var keypointSection: Section? {
    let table = KeypointTable(analysis)
    guard !table.keypoints.isEmpty else { return nil }
    let head: [HTML] = table.keypoints.map { name in
      "<th scope=\"col\">\(name.replacing("_", with: " "))</th>"
    }
    let (low, high) = table.range
    let rows: [HTML] = table.rows.map { row in
      let cells: [HTML] = row.values.map { value in
        guard let value, value.isFinite else { return "<td class=\"heat\" style=\"--level: 0%\">–</td>" }
        let share = high > low ? (value - low) / (high - low) : 0
        return """
          <td class="heat" style="--level: \(Int((40 * share).rounded()))%">\(ReportNumber.shortened(value, digits: 3))</td>
          """
      }
      return "<tr><th scope=\"row\" class=\"name\">\(row.variant)</th>\(cells)</tr>\n"
    }
    return Section(
      id: "keypoints", title: "OKS by keypoint",
      content: """
        <p class="muted">Mean over seeds of the similarity of detected keypoints with their labels, 0 to 1 \
        (keypoint_oks). The stronger the shade, the higher.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="OKS by keypoint"><table>
        <thead><tr><th scope="col">Variant</th>\(head)</tr></thead>
        <tbody>
        \(rows)</tbody>
        </table></div>

        """)
  }

  static func list(_ notes: [String]) -> HTML {
    if notes.isEmpty { return "" }
    let items: [HTML] = notes.map { "<li>\($0)</li>\n" }
    return "<ul class=\"notes\">\n\(items)</ul>\n"
  }
}
