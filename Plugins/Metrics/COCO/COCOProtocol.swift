/// The rules of a COCO evaluation (cocodataset.org, "Detection evaluation" and "Keypoint evaluation").
public struct COCOProtocol: Sendable {
  /// How alike a detection and a label are, 0…1.
  public enum Similarity: Sendable {
    /// Object keypoint similarity with these sigmas, one a keypoint.
    case keypoints(sigmas: [Double])
    /// Intersection over union of boxes; over the detection's area for crowds.
    case boxes
  }

  /// Which objects count, by their area in square pixels.
  public struct AreaRange: Sendable, Equatable {
    public var name: String
    public var low: Double
    public var high: Double

    public init(_ name: String, _ low: Double, _ high: Double) {
      self.name = name
      self.low = low
      self.high = high
    }
  }

  public var similarity: Similarity
  /// Least similarity of a match; at most 16 values. 0.5, 0.55 … 0.95.
  public var thresholds: [Double]
  /// Where precision is sampled: 0, 0.01 … 1.
  public var recallThresholds: [Double]
  /// How many detections of an image and category count, ascending; the last is the one AP uses.
  public var detectionLimits: [Int]
  /// The first holds all objects.
  public var areaRanges: [AreaRange]

  /// 20 detections an image; all, medium and large objects.
  public static func keypoints(sigmas: [Double]) -> COCOProtocol {
    COCOProtocol(
      similarity: .keypoints(sigmas: sigmas), detectionLimits: [20], areaRanges: [.all, .medium, .large])
  }

  /// 1, 10 and 100 detections an image and category; all, small, medium and large objects.
  public static var boxes: COCOProtocol {
    COCOProtocol(
      similarity: .boxes, detectionLimits: [1, 10, 100], areaRanges: [.all, .small, .medium, .large])
  }

  private init(similarity: Similarity, detectionLimits: [Int], areaRanges: [AreaRange]) {
    self.similarity = similarity
    // With the roundings of numpy.linspace: 0.9 is 0.8999999999999999.
    let step = (0.95 - 0.5) / 9
    thresholds = (0..<10).map { $0 == 9 ? 0.95 : Double($0) * step + 0.5 }
    recallThresholds = (0...100).map { $0 == 100 ? 1 : Double($0) * 0.01 }
    self.detectionLimits = detectionLimits
    self.areaRanges = areaRanges
  }
}

extension COCOProtocol.AreaRange {
  static let all = Self("all", 0, 1e10)
  static let small = Self("small", 0, 1024)
  static let medium = Self("medium", 1024, 9216)
  static let large = Self("large", 9216, 1e10)

  func contains(_ area: Double) -> Bool { !(area < low || area > high) }
}
