/// What is known of a feature map before there are pixels: its channels and how many input pixels one position spans.
public struct FeatureShape: Sendable, Hashable {
  public var channels: Int
  /// Input pixels from one position to the next: 8 for level P3, 16 for P4, 32 for P5.
  public var stride: Int

  /// Coarser maps are refused.
  public static let maximumStride = 4096

  public init(channels: Int, stride: Int) {
    self.channels = channels
    self.stride = stride
  }
}
