/// What exporting to 8-bit integers costs, measured on a data set.
public struct QuantizationLoss: Sendable, Equatable {
  /// One figure before and after.
  public struct Figure: Sendable, Equatable {
    public var name: String
    public var full: Double
    public var quantized: Double

    public var loss: Double { full - quantized }
  }

  public var imageCount: Int
  public var figures: [Figure]
}
