internal import Data
internal import Imaging
internal import PoseCore

/// One image of a split with all that was read of it.
struct ScannedImage: Sendable {
  var path: String
  /// Of the upright image; nil if it cannot be used.
  var size: ImageSize?
  var format: ImageFormat?
  var orientation = ImageOrientation.upright
  /// Of the file's bytes.
  var bytesHash: String?
  var likeness: Likeness?
  var labelFile: String?
  /// Label rows that were dropped, and repeated ones.
  var badRows = 0
  var duplicateRows = 0
  var isMissingLabels = false
  var statedSize: ImageSize?
  var objects: [LabelledObject] = []
}

/// One split with all its images.
struct ScannedSplit: Sendable {
  var split: DatasetSplit
  var images: [ScannedImage]
  /// The file that holds the labels of all images; nil where each has its own.
  var annotations: String?
  var skeleton: Skeleton

  func row(of object: LabelledObject) -> Finding.Row? {
    object.row.map { annotations == nil ? .line($0) : .annotation($0) }
  }

  /// A finding about one object.
  func finding(
    _ kind: FindingKind, _ image: ScannedImage, _ object: LabelledObject, _ message: String,
    keypoints: [Int] = []
  ) -> Finding {
    var finding = Finding(
      kind, annotations ?? image.labelFile ?? image.path, row: row(of: object), message, image: image.path)
    finding.objects = [object.instance]
    finding.keypoints = keypoints
    return finding
  }

  func name(of keypoint: Int) -> String {
    skeleton.names.indices.contains(keypoint) ? skeleton.names[keypoint] : "keypoint \(keypoint)"
  }
}
