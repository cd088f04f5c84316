/// How much the two sets of a head's branches count while training goes on: the one-to-many set from `first` down to
/// `last` of the whole in a straight line over the epochs, the one-to-one set the rest.
///
/// Source: YOLO26 (no paper).
public struct BranchBalance: Sendable, Equatable {
  public var first: Double
  public var last: Double

  public init(first: Double = 0.8, last: Double = 0.1) {
    self.first = first
    self.last = last
  }

  /// - Parameter epoch: counted from 0.
  public func weights(epoch: Int, of epochs: Int) -> (oneToMany: Double, oneToOne: Double) {
    let left = max(1 - Double(epoch) / Double(max(epochs - 1, 1)), 0)
    let many = left * (first - last) + last
    return (many, max(1 - many, 0))
  }
}
