public import Tensor

/// Sizes that whole batches take in turn: multiples of the model's stride around the network's size.
public struct BatchSides: Sendable, Equatable {
  /// Drawn evenly from these, then rounded down to a multiple.
  public let range: Range<Int>
  public let multiple: Int

  /// The reference's range.
  ///
  /// - Parameters:
  ///   - imageSize: a multiple of `multiple`.
  ///   - range: sides reach from 1 - `range` to 1 + `range` times `imageSize`.
  public init(imageSize: Int, range: Double, multiple: Int) {
    precondition(
      imageSize > 0 && range >= 0 && range < 1 && multiple > 0, "BatchSides: \(range) of \(imageSize)")
    let lowest = max(multiple, Int(Double(imageSize) * (1 - range)))
    self.range = lowest..<(Int(Double(imageSize) * (1 + range)) + multiple)
    self.multiple = multiple
  }

  public var smallest: Int { range.lowerBound / multiple * multiple }
  public var largest: Int { (range.upperBound - 1) / multiple * multiple }

  /// One batch's side, in pixels.
  public func draw(_ random: inout RandomStream) -> Int {
    (range.lowerBound + random.integer(below: range.count)) / multiple * multiple
  }
}
