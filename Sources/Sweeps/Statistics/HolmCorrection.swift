/// Keeps the chance of any false finding among several tests at the level of one.
///
/// Source: Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
public enum HolmCorrection {
  /// - Parameter values: p-values of the tests of one family, in any order.
  /// - Returns: the corrected p-values in the same order; NaN stays NaN and does not count as a test.
  public static func adjusted(_ values: [Double]) -> [Double] {
    let order = values.indices.filter { !values[$0].isNaN }.sorted { (values[$0], $0) < (values[$1], $1) }
    var result = values
    var highest = 0.0
    for (rank, index) in order.enumerated() {
      highest = max(highest, min(1, values[index] * Double(order.count - rank)))
      result[index] = highest
    }
    return result
  }
}
