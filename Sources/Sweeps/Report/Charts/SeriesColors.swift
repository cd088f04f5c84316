internal import Pages

/// Which colour a variant has, the same in all charts: the baseline the colour of the text, the best eight others one
/// each, the rest grey.
struct SeriesColors: Sendable {
  private let kinds: [String: String]
  /// The variants with colours of their own, in the order of the report.
  let named: [String]
  /// Whether every variant that is drawn has a colour of its own.
  let areAllNamed: Bool

  static let limit = 8

  init(_ analysis: SweepAnalysis) {
    let path = analysis.figures.first ?? ""
    let sign = FigurePath.isLowerBetter(path) ? -1.0 : 1.0
    // Variants without anything to draw need no colour.
    let others = analysis.variants.enumerated().filter { entry in
      !entry.element.isBaseline
        && (entry.element.figures[path]?.mean.isFinite == true
          || entry.element.runs.contains { !$0.epochs.isEmpty })
    }
    let ranked = others.sorted { a, b in
      let (x, y) = [a, b].map { entry in
        let mean = entry.element.figures[path]?.mean ?? .nan
        return mean.isFinite ? sign * mean : -.infinity
      }.pair
      return x != y ? x > y : a.offset < b.offset
    }
    let chosen = Set(ranked.prefix(Self.limit).map(\.offset))
    var kinds: [String: String] = [:]
    var named: [String] = []
    for (index, variant) in analysis.variants.enumerated() {
      if variant.isBaseline {
        kinds[variant.name] = "base"
        named.append(variant.name)
      } else if chosen.contains(index) {
        kinds[variant.name] = "s\(kinds.values.count { $0 != "base" })"
        named.append(variant.name)
      }
    }
    (self.kinds, self.named) = (kinds, named)
    areAllNamed = ranked.count <= Self.limit
  }

  /// Class of the style sheet.
  subscript(_ variant: String) -> String { kinds[variant] ?? "rest" }

  /// What the colours mean.
  func legend(hasRest: Bool) -> HTML {
    var parts: [HTML] = named.map { "<li class=\"\(self[$0])\"><i></i>\($0)</li>" }
    if hasRest { parts.append("<li class=\"rest\"><i></i>others</li>") }
    return "<ul class=\"legend\">\(parts)</ul>\n"
  }
}

extension [Double] {
  /// Of two values.
  fileprivate var pair: (Double, Double) { (self[0], self[1]) }
}
