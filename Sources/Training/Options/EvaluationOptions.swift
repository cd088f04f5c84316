public import Data

/// How detections are chosen and what is written of them.
public struct EvaluationOptions: Codable, Sendable, Equatable {
  /// Least score; nil for 0.001 in validation and 0.25 in prediction.
  public var conf: Double?
  /// Overlap above which the lower score goes.
  public var iou = 0.7
  /// Detections an image.
  public var maxDet = 300
  /// Classes that count; nil for all.
  public var classes: [Int]?
  /// Boxes suppress those of other classes too.
  public var agnosticNMS = false
  /// Whether overlapping boxes are suppressed; false reads the head's one-to-one branch, true the other. Nil does what
  /// the head is made for.
  public var nms: Bool?
  /// The part of the data set that `val` measures: `train`, `val` or `test`.
  public var split = "val"
  /// Which images count: `all` that the split lists, or those with `labelled` keypoints; nil for all.
  public var images: String?
  /// Write COCO results.
  public var saveJSON = false
  /// Write one text file of YOLO rows for each image.
  public var saveText = false
  /// Scores in those rows.
  public var saveConf = false
  /// Write one table of all detections.
  public var saveCSV = false
  /// Write pictures with predictions drawn.
  public var save = true
  /// Width of drawn lines in pixels; nil follows the picture's size.
  public var lineWidth: Double?

  public init() {}

  enum CodingKeys: String, CodingKey {
    case conf, iou, classes, nms, split, save, images
    case maxDet = "max_det"
    case agnosticNMS = "agnostic_nms"
    case saveJSON = "save_json"
    case saveText = "save_txt"
    case saveConf = "save_conf"
    case saveCSV = "save_csv"
    case lineWidth = "line_width"
  }

  /// Which images count.
  public var imageSelection: ImageSelection.Kind { images.flatMap(ImageSelection.Kind.init) ?? .all }

  /// The least score of a validation.
  public var validationConfidence: Double { conf ?? 0.001 }
  /// The least score of a prediction.
  public var predictionConfidence: Double { conf ?? 0.25 }
}
