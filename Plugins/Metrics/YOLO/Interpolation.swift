/// Values at `positions` on the line through the points (x, y), as numpy.interp: of points with the same x the
/// last counts.
///
/// - Parameters:
///   - positions: ascending.
///   - x: ascending, at least one; equals are allowed.
///   - left: left of the first point. Right of the last one, its own value counts.
func interpolate(_ positions: [Double], _ x: [Double], _ y: [Double], left: Double? = nil) -> [Double] {
  var index = 0
  let last = x.count - 1
  return positions.map { position in
    if position < x[0] { return left ?? y[0] }
    while index < last && x[index + 1] <= position { index += 1 }
    if index == last || x[index] == position { return y[index] }
    return (y[index + 1] - y[index]) / (x[index + 1] - x[index]) * (position - x[index]) + y[index]
  }
}

/// Evenly spaced numbers from 0 to 1, both included.
func unitGrid(_ count: Int) -> [Double] {
  let step = 1 / Double(count - 1)
  return (0..<count).map { $0 == count - 1 ? 1 : Double($0) * step }
}
