/// Arithmetic with shapes that files claim: nothing overflows.
enum TensorShape {
  /// The product of the axes and `size`; nil where it does not fit into an integer, or an axis is negative.
  ///
  /// A zero among the axes does not excuse the others.
  static func byteCount(_ shape: [Int], elementSize size: Int) -> Int? {
    var product = size
    var isEmpty = false
    for axis in shape {
      if axis < 0 { return nil }
      if axis == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: axis)
      if overflow { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }
}
