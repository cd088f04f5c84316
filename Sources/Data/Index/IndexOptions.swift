public import Imaging

/// How a split is indexed.
public struct IndexOptions: Sendable {
  /// What to do with label rows that cannot be right.
  public enum BadLabels: Sendable {
    /// Refuse the data set, naming the rows.
    case fail
    /// Leave the rows out, and count them in the report.
    case skip
  }

  public var badLabels: BadLabels
  /// Share of the images that is used: the first ones in order, at least one.
  public var fraction: Double
  /// All objects become class 0, whatever class the labels say.
  public var singleClass: Bool
  /// Whether a split without any labelled object is an error; for sets that are only predicted on it is none.
  public var needsObjects: Bool
  public var imageLimits: ImageLimits
  /// Where the index is kept for the next time.
  public var store: IndexStore

  public init(
    badLabels: BadLabels = .fail, fraction: Double = 1, singleClass: Bool = false, needsObjects: Bool = true,
    imageLimits: ImageLimits = ImageLimits(), store: IndexStore = IndexStore()
  ) {
    self.badLabels = badLabels
    self.fraction = fraction
    self.singleClass = singleClass
    self.needsObjects = needsObjects
    self.imageLimits = imageLimits
    self.store = store
  }
}
