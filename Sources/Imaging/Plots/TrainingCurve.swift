internal import Foundation

/// One column of a training log: a value for each epoch.
public struct TrainingCurve: Sendable, Equatable {
  public var name: String
  public var epochs: [Double]
  /// As many as `epochs`; not finite where there is none.
  public var values: [Double]

  /// - Parameter epochs: nil counts from 1.
  public init(_ name: String, values: [Double], epochs: [Double]? = nil) {
    self.name = name
    self.values = values
    self.epochs = epochs ?? values.indices.map { Double($0 + 1) }
  }

  /// The values under a Gaussian of `width` epochs (standard deviation); gaps stay gaps and weigh nothing.
  public func smoothed(width: Double = 3) -> [Double] {
    guard width > 0 else { return values }
    let reach = Int((4 * width).rounded(.up))
    return values.indices.map { center in
      guard AxisScale.isPlottable(values[center]) else { return .nan }
      var sum = 0.0
      var weights = 0.0
      for index in max(0, center - reach)...min(values.count - 1, center + reach)
      where AxisScale.isPlottable(values[index]) {
        let distance = Double(index - center) / width
        let weight = exp(-0.5 * distance * distance)
        sum += weight * values[index]
        weights += weight
      }
      return sum / weights
    }
  }
}

extension Figure {
  /// The grid of losses and metrics over the epochs: each as logged, with a smoothed line.
  public static func results(_ curves: [TrainingCurve], title: String = "") -> Figure {
    let charts = curves.map { curve in
      let raw = zip(curve.epochs, curve.values).map { Canvas.Point($0, $1) }
      var series = [
        LineChart.Series("value", raw, color: Palette.categories[0], mark: .lineAndDots(width: 1.6))
      ]
      if curve.values.count > 2 {
        let width = min(3, max(0.8, Double(curve.values.count) / 15))
        let smooth = zip(curve.epochs, curve.smoothed(width: width)).map { Canvas.Point($0, $1) }
        series.append(.init("smoothed", smooth, color: Palette.categories[1], mark: .dashed(width: 1.8)))
      }
      return LineChart(
        title: curve.name, x: PlotAxis("epoch", isIntegral: true), y: PlotAxis(""), series: series)
    }
    let columns = charts.count > 8 ? 5 : charts.count > 4 ? 4 : max(1, charts.count)
    return Figure(title: title, panels: charts, columns: columns, panelWidth: 300, panelHeight: 250)
  }
}
