/// How a model is written as ONNX.
public struct ONNXExportOptions: Sendable, Equatable {
  /// Non-maximum suppression as part of the graph.
  public struct Suppression: Sendable, Equatable {
    public var minimumScore: Double
    public var maximumIoU: Double
    /// Rows of the output for each picture.
    public var maximumCount: Int
    /// Boxes suppress those of other classes too.
    public var classAgnostic: Bool

    public init(
      minimumScore: Double = 0.25, maximumIoU: Double = 0.7, maximumCount: Int = 300,
      classAgnostic: Bool = false
    ) {
      self.minimumScore = minimumScore
      self.maximumIoU = maximumIoU
      self.maximumCount = maximumCount
      self.classAgnostic = classAgnostic
    }
  }

  /// Operator sets that are written.
  public static let opsets = 13...22

  /// Of the pictures, in pixels; multiples of the model's `sizeMultiple`.
  public var height: Int
  public var width: Int
  /// Pictures at a time.
  public var batch: Int
  /// Leaves batch, height and width to who runs the file.
  public var isDynamic: Bool
  /// Weights and arithmetic in half precision; input, decoding and output stay in single.
  public var isHalf: Bool
  public var opset: Int
  /// Nil leaves suppression to who runs the file.
  public var suppression: Suppression?
  /// Rows for each picture where the head needs no suppression.
  public var maximumCount: Int
  /// Of each convolution; writes them on 8-bit integers.
  public var quantization: [ConvolutionRange]?

  public init(
    height: Int = 640, width: Int = 640, batch: Int = 1, isDynamic: Bool = false, isHalf: Bool = false,
    opset: Int = 18, suppression: Suppression? = nil, maximumCount: Int = 300,
    quantization: [ConvolutionRange]? = nil
  ) {
    self.height = height
    self.width = width
    self.batch = batch
    self.isDynamic = isDynamic
    self.isHalf = isHalf
    self.opset = opset
    self.suppression = suppression
    self.maximumCount = maximumCount
    self.quantization = quantization
  }

  /// - Throws: the first option that cannot be.
  func check(_ multiple: Int) throws(ONNXExportError) {
    for (name, side) in [("height", height), ("width", width)] {
      guard (1...16_384).contains(side), side.isMultiple(of: multiple) else {
        throw .option(
          "imgsz", reason: "the \(name) must be a multiple of \(multiple) up to 16384, but is \(side)")
      }
    }
    guard (1...65_536).contains(batch) else {
      throw .option("batch", reason: "must be from 1 to 65536, but is \(batch)")
    }
    guard Self.opsets.contains(opset) else {
      throw .option(
        "opset",
        reason: "must be from \(Self.opsets.lowerBound) to \(Self.opsets.upperBound), but is \(opset)")
    }
    if isHalf && quantization != nil {
      throw .option("int8", reason: "and half exclude each other; choose one")
    }
  }
}
