/// Which of several variants no other beats in both cost and quality.
public enum ParetoFront {
  /// - Parameter points: cost (less is better) and quality (more is better).
  /// - Returns: indices of the points on the front, from the cheapest on; of equal points all. Points with a number
  ///   that is not finite are never on it.
  public static func indices(_ points: [(cost: Double, quality: Double)]) -> [Int] {
    points.indices.filter { index in
      let point = points[index]
      guard point.cost.isFinite, point.quality.isFinite else { return false }
      return !points.contains { other in
        other.cost.isFinite && other.quality.isFinite && other.cost <= point.cost
          && other.quality >= point.quality && (other.cost < point.cost || other.quality > point.quality)
      }
    }.sorted { (points[$0].cost, $0) < (points[$1].cost, $1) }
  }
}
