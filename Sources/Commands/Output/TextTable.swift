/// Rows in aligned columns.
struct TextTable {
  enum Alignment {
    case left
    case right
  }

  var header: [String]
  var alignments: [Alignment]
  var rows: [[String]] = []
  /// Space before each row.
  var indent = ""

  /// - Parameter columns: titles; those that begin with `>` are aligned to the right.
  init(_ columns: [String], indent: String = "") {
    header = columns.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
    alignments = columns.map { $0.hasPrefix(">") ? .right : .left }
    self.indent = indent
  }

  mutating func add(_ row: String...) { rows.append(row) }

  var text: String {
    let all = header.allSatisfy(\.isEmpty) ? rows : [header] + rows
    let widths = header.indices.map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.map { row in
      var line = indent
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
        line += (column > 0 ? "  " : "") + (alignments[column] == .left ? cell + space : space + cell)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
