/// One image of a validation set with its labels and what was detected in it.
public struct EvaluatedImage: Sendable {
  /// COCO's image id where there is one; COCO metrics order detections of equal scores by it.
  public var imageID: Int
  /// Pixels of the original image.
  public var width: Int
  public var height: Int
  public var groundTruths: [GroundTruth]
  /// In pixels of the original image, in any order; of equal scores the first comes first.
  public var detections: [Detection]

  public init(
    imageID: Int, width: Int, height: Int, groundTruths: [GroundTruth], detections: [Detection]
  ) {
    self.imageID = imageID
    self.width = width
    self.height = height
    self.groundTruths = groundTruths
    self.detections = detections
  }
}

/// A labelled object with what evaluation needs beyond its pose.
public struct GroundTruth: Sendable, Equatable {
  public var id: Int
  /// In pixels of the original image.
  public var instance: Instance
  /// Square pixels: of the object's outline where the labels tell it (COCO's `area`), else of its box.
  public var area: Double
  /// The box covers a group of objects that are not labelled one by one (COCO's `iscrowd`).
  public var isCrowd: Bool
  /// The labels hold this object only so that detections of it are not counted as false: in COCO files, a person
  /// without a labelled keypoint. Label files in YOLO's text form leave such objects out.
  public var isIgnored: Bool

  public init(id: Int, instance: Instance, area: Double, isCrowd: Bool = false, isIgnored: Bool = false) {
    self.id = id
    self.instance = instance
    self.area = area
    self.isCrowd = isCrowd
    self.isIgnored = isIgnored
  }
}
