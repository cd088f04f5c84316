/// How one class's detections fare as the threshold on their confidence moves; the reference YOLO tools' figures.
struct ConfidenceCurves: Sendable {
  /// AP at each similarity threshold: 101 points of the interpolated precision, integrated by trapezoids.
  var averagePrecision: [Double]
  /// At the first similarity threshold, over `confidences`.
  var precision: [Double]
  var recall: [Double]
  /// At the first similarity threshold, over recalls of the same grid.
  var precisionOverRecall: [Double]

  /// The grid of the curves: 0…1, 1,000 points.
  static let grid = unitGrid(1000)
  private static let recalls = unitGrid(101)

  /// A class without detections.
  init(thresholdCount: Int) {
    averagePrecision = Array(repeating: 0, count: thresholdCount)
    precision = Array(repeating: 0, count: Self.grid.count)
    recall = precision
    precisionOverRecall = precision
  }

  /// - Parameters:
  ///   - right: for each detection by descending confidence; bit `t` is set if it is right at threshold `t`.
  ///   - confidences: descending, at least one.
  ///   - labelCount: above 0.
  init(right: [UInt16], confidences: [Float], labelCount: Int, thresholdCount: Int) {
    self.init(thresholdCount: thresholdCount)
    for threshold in 0..<thresholdCount {
      var recalls: [Double] = []
      var precisions: [Double] = []
      recalls.reserveCapacity(right.count + 3)
      precisions.reserveCapacity(right.count + 3)
      var total = 0
      for (index, mask) in right.enumerated() {
        total += Int(mask >> UInt16(threshold) & 1)
        recalls.append(Double(total) / Double(labelCount))
        precisions.append(Double(total) / Double(index + 1))
      }
      if threshold == 0 {
        let ascending = confidences.map { -Double($0) }
        let positions = Self.grid.reversed().map { -$0 }
        recall = interpolate(positions, ascending, recalls, left: 0).reversed()
        precision = interpolate(positions, ascending, precisions, left: 1).reversed()
      }
      let x = [0] + recalls + [recalls[recalls.count - 1], 1]
      var y = [1] + precisions + [0, 0]
      for index in stride(from: y.count - 1, to: 0, by: -1) where y[index] > y[index - 1] {
        y[index - 1] = y[index]
      }
      averagePrecision[threshold] = Self.area(interpolate(Self.recalls, x, y))
      if threshold == 0 { precisionOverRecall = interpolate(Self.grid, x, y) }
    }
  }

  var f1: [Double] { zip(precision, recall).map { 2 * $0 * $1 / ($0 + $1 + 1e-16) } }

  /// By trapezoids over the grid of recalls.
  private static func area(_ y: [Double]) -> Double {
    var total = 0.0
    for index in 1..<y.count {
      total += (recalls[index] - recalls[index - 1]) * (y[index] + y[index - 1]) / 2
    }
    return total
  }

  /// A running mean over a tenth of the curve; beyond its ends the curve keeps its first and last value.
  static func smoothed(_ curve: [Double]) -> [Double] {
    let half = Int((Double(curve.count) * 0.2).rounded(.toNearestOrEven)) / 4
    let width = 2 * half + 1
    return curve.indices.map { center in
      var sum = 0.0
      for index in (center - half)...(center + half) { sum += curve[min(max(index, 0), curve.count - 1)] }
      return sum / Double(width)
    }
  }
}
