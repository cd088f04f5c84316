/// A curve of one class, as over recall or over the confidence threshold.
public struct ClassCurve: Sendable, Equatable {
  public var name: String
  public var x: [Double]
  /// As many as `x`.
  public var y: [Double]
  /// The number shown behind the name: average precision for precision-recall curves; nil shows none.
  public var score: Double?

  public init(_ name: String, x: [Double], y: [Double], score: Double? = nil) {
    self.name = name
    self.x = x
    self.y = y
    self.score = score
  }

  var points: [Canvas.Point] { zip(x, y).map { Canvas.Point($0, $1) } }

  /// The mean curve of classes that share their `x` (a single class is its own mean); nil otherwise.
  static func mean(of curves: [ClassCurve]) -> ClassCurve? {
    guard let first = curves.first, curves.allSatisfy({ $0.x == first.x && $0.y.count == first.y.count })
    else {
      return nil
    }
    let y = first.y.indices.map { index in
      curves.reduce(0) { $0 + $1.y[index] } / Double(curves.count)
    }
    return ClassCurve(curves.count == 1 ? first.name : "all classes", x: first.x, y: y)
  }
}

extension Figure {
  /// Precision over recall for each class, and their mean where there are several.
  ///
  /// - Parameter metric: what the scores are, such as `mAP50 (pose)`.
  public static func precisionRecall(
    _ curves: [ClassCurve], metric: String = "mAP50", title: String = "Precision-recall"
  ) -> Figure {
    var mean = ClassCurve.mean(of: curves)
    let scores = curves.compactMap(\.score).filter(\.isFinite)
    if !scores.isEmpty { mean?.score = scores.reduce(0, +) / Double(scores.count) }
    return classCurves(
      curves, mean: mean, x: "recall", y: "precision", title: title, note: { "\($0) \(metric)" })
  }

  /// A metric (`F1`, `precision` or `recall`) over the confidence threshold; the legend names the best value of
  /// the mean and where it is reached.
  public static func confidence(_ curves: [ClassCurve], metric: String, title: String? = nil) -> Figure {
    let mean = ClassCurve.mean(of: curves)
    let title = title ?? "\(metric.prefix(1).uppercased() + metric.dropFirst())-confidence"
    guard var mean,
      let best = mean.y.indices.filter({ mean.y[$0].isFinite }).max(by: { mean.y[$0] < mean.y[$1] })
    else { return classCurves(curves, mean: nil, x: "confidence", y: metric, title: title, note: { $0 }) }
    mean.name += " \(twoPlaces(mean.y[best])) at \(threePlaces(mean.x[best]))"
    return classCurves(curves, mean: mean, x: "confidence", y: metric, title: title, note: { $0 })
  }

  /// Curves over any axis that begins at 0, of values from 0 to 1, and the one of all of them.
  public static func curves(
    _ curves: [ClassCurve], mean: ClassCurve, x: String, y: String, title: String
  ) -> Figure {
    let end = mean.x.last ?? 1
    return classCurves(
      curves, mean: mean, x: x, xEnd: end > 0 && end.isFinite ? end : 1, y: y, title: title, note: { $0 })
  }

  private static func classCurves(
    _ curves: [ClassCurve], mean: ClassCurve?, x: String, xEnd: Double = 1, y: String, title: String,
    note: (String) -> String
  ) -> Figure {
    var series: [LineChart.Series] = []
    if let mean {
      let name = mean.score.map { "\(mean.name) \(note(threePlaces($0)))" } ?? mean.name
      series.append(.init(name, mean.points, color: Color(hex: 0x1B2A6B), mark: .line(width: 3)))
    }
    if curves.count > 1 || mean == nil {
      for (index, curve) in curves.enumerated() {
        let many = curves.count > 20
        let name = curve.score.map { "\(curve.name) \(threePlaces($0))" } ?? curve.name
        series.append(
          .init(
            many ? "" : name, curve.points,
            color: many ? PlotStyle.axis.faded(0.5) : Palette.categories[index + 1],
            mark: .line(width: 1.2)))
      }
      // The mean goes on top but is named first.
      if mean != nil, let first = series.first {
        series.append(.init("", first.points, color: first.color, mark: first.mark))
      }
    }
    let chart = LineChart(
      title: title, x: PlotAxis(x, range: 0...xEnd), y: PlotAxis(y, range: 0...1), series: series,
      legendLimit: 21)
    return Figure(panels: [chart], panelWidth: 620, panelHeight: 440)
  }

  private static func twoPlaces(_ value: Double) -> String { fixed(value, 2) }
  private static func threePlaces(_ value: Double) -> String { fixed(value, 3) }

  private static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "-" }
    let factor = places == 2 ? 100 : 1000
    let scaled = Int((abs(value) * Double(factor)).rounded())
    let digits = String(scaled % factor)
    let zeros = String(repeating: "0", count: places - digits.count)
    return "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / factor).\(zeros)\(digits)"
  }
}
