extension ONNXModel {
  /// The extent of an axis.
  public enum Dimension: Sendable, Equatable {
    case fixed(Int)
    /// Who runs the model chooses; the name is for people.
    case free(String)
  }

  /// An input or output.
  public struct Port: Sendable, Equatable {
    public var name: String
    public var shape: [Dimension]

    public init(name: String, shape: [Dimension]) {
      self.name = name
      self.shape = shape
    }
  }
}
