/// A part of a data set and its annotations.
public struct AnnotationSplit: Sendable, Equatable {
  /// `train`, `val` or `test`.
  public var name: String
  public var set: AnnotationSet

  public init(name: String, set: AnnotationSet) {
    self.name = name
    self.set = set
  }
}
