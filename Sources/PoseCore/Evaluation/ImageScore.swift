/// How one image of a validation did: enough to measure any selection of images anew without the model.
///
/// Differences between two models are judged by resampling images; each sample needs the matches, not the pixels.
public struct ImageScore: Sendable, Codable, Equatable {
  /// One detection, in the order in which the metric ranks equal scores.
  public struct Detection: Sendable, Codable, Equatable {
    public var classIndex: Int
    public var score: Double
    /// Bit `t`: matched with a label at threshold `t`.
    public var matched: UInt16
    /// Bit `t`: counts neither as right nor as wrong at threshold `t`.
    public var ignored: UInt16

    public init(classIndex: Int, score: Double, matched: UInt16, ignored: UInt16) {
      self.classIndex = classIndex
      self.score = score
      self.matched = matched
      self.ignored = ignored
    }

    enum CodingKeys: String, CodingKey {
      case classIndex = "class"
      case score, matched, ignored
    }
  }

  public var imageID: Int
  /// Labels of each class that count.
  public var labelCounts: [Int]
  public var detections: [Detection]

  public init(imageID: Int, labelCounts: [Int], detections: [Detection]) {
    self.imageID = imageID
    self.labelCounts = labelCounts
    self.detections = detections
  }

  enum CodingKeys: String, CodingKey {
    case imageID = "image"
    case labelCounts = "labels"
    case detections
  }
}

/// A metric that can tell how each image did.
public protocol PerImageMetric: Metric {
  /// Similarities from which a detection counts as right, lowest first; at most 16.
  var thresholds: [Double] { get }

  /// One an image, ordered by image id.
  func imageScores() -> [ImageScore]
}
