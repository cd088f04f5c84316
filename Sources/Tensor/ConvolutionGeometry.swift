/// Everything about a convolution but its numbers.
///
/// Input `[batch, height, width, inChannels]`, output `[batch, outHeight, outWidth, outChannels]`, weight
/// `[outChannels, inChannels / groups, kernel, kernel]`.
public struct ConvolutionGeometry: Hashable, Sendable {
  public var batch: Int
  public var height: Int
  public var width: Int
  public var inChannels: Int
  public var outChannels: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var stride: Int
  public var padding: Int
  public var paddingX: Int
  public var dilation: Int
  public var groups: Int

  public init(
    batch: Int, height: Int, width: Int, inChannels: Int, outChannels: Int, kernelHeight: Int,
    kernelWidth: Int,
    stride: Int = 1, padding: Int = 0, paddingX: Int? = nil, dilation: Int = 1, groups: Int = 1
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.inChannels = inChannels
    self.outChannels = outChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
    self.paddingX = paddingX ?? padding
    self.dilation = dilation
    self.groups = groups
  }

  public var outHeight: Int { (height + 2 * padding - dilation * (kernelHeight - 1) - 1) / stride + 1 }
  public var outWidth: Int { (width + 2 * paddingX - dilation * (kernelWidth - 1) - 1) / stride + 1 }
  public var inputShape: [Int] { [batch, height, width, inChannels] }
  public var outputShape: [Int] { [batch, outHeight, outWidth, outChannels] }
  public var weightShape: [Int] { [outChannels, inChannels / groups, kernelHeight, kernelWidth] }
  public var isDepthwise: Bool { groups == inChannels && groups == outChannels && groups > 1 }
  /// A matrix product in disguise.
  public var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && stride == 1 && padding == 0 && paddingX == 0 && groups == 1
  }
  /// Multiply-adds of one forward pass.
  public var multiplyAdds: Int {
    batch * outHeight * outWidth * outChannels * (inChannels / groups) * kernelHeight * kernelWidth
  }
}
