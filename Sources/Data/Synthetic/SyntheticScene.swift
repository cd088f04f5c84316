public import Imaging
public import PoseCore

/// A rendered picture of figures with exact labels.
public struct SyntheticScene: Sendable, Equatable {
  /// A figure's label: its instance in the picture's pixels, and how many pixels of it are seen.
  public struct Person: Sendable, Equatable {
    public var instance: Instance
    /// In pixels, to a quarter of one.
    public var visibleArea: Double
  }

  public var image: Image
  /// Farthest first.
  public var people: [Person]
}
