public import PoseCore

extension Skeleton {
  /// The flip indices that follow from names with left and right in them; nil if no name has a side, or the other side
  /// of one is missing.
  public static func flipIndices(from names: [String]) -> [Int]? { FlipPairs.derived(from: names) }
}
