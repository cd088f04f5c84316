public import Config

/// What can be wrong with a data set.
public enum FindingKind: String, Sendable, CaseIterable, Codable {
  case specification = "specification"
  case unreadableImage = "unreadable_image"
  case truncatedImage = "truncated_image"
  case otherExtension = "other_extension"
  case turnedImage = "turned_image"
  case leakedImage = "leaked_image"
  case duplicateImage = "duplicate_image"
  case similarImage = "similar_image"
  case badRow = "bad_row"
  case repeatedRow = "repeated_row"
  case labelsWithoutImage = "labels_without_image"
  case otherSize = "other_size"
  case boxOutside = "box_outside"
  case tinyBox = "tiny_box"
  case noKeypoints = "no_keypoints"
  case keypointOutsideImage = "keypoint_outside_image"
  case keypointFarFromBox = "keypoint_far_from_box"
  case exchangedSides = "exchanged_sides"
  case exchangedColumns = "exchanged_columns"
  case doubtfulFlip = "doubtful_flip"
  case keypointAtOrigin = "keypoint_at_origin"
  case placeWithoutVisibility = "place_without_visibility"
  case neverVisible = "never_visible"
  case unusedKeypoint = "unused_keypoint"
  case unusedClass = "unused_class"
  case sparseLabels = "sparse_labels"
  case sigmaFallback = "sigma_fallback"
  case objectArea = "object_area"

  /// How bad it is: an error spoils training or its figures, a warning may, a note is to be known.
  public var severity: Diagnostic.Severity {
    switch self {
    case .unreadableImage, .truncatedImage, .leakedImage, .badRow, .exchangedColumns: .error
    case .similarImage, .repeatedRow, .placeWithoutVisibility, .tinyBox, .noKeypoints, .labelsWithoutImage:
      .note
    default: .warning
    }
  }

  /// A heading.
  public var title: String {
    switch self {
    case .specification: "The dataset YAML"
    case .unreadableImage: "Images that cannot be read"
    case .truncatedImage: "Truncated or corrupt images"
    case .otherExtension: "Extensions that do not fit the content"
    case .turnedImage: "Images stored turned (Exif orientation)"
    case .leakedImage: "The same image in two splits"
    case .duplicateImage: "The same image twice"
    case .similarImage: "Images that look alike"
    case .badRow: "Labels that cannot be right"
    case .repeatedRow: "Repeated labels"
    case .labelsWithoutImage: "Label files without an image"
    case .otherSize: "Sizes that contradict the labels"
    case .boxOutside: "Boxes that leave the image"
    case .tinyBox: "Tiny boxes"
    case .noKeypoints: "Objects without keypoints"
    case .keypointOutsideImage: "Keypoints outside the image"
    case .keypointFarFromBox: "Keypoints far outside their box"
    case .exchangedSides: "Left and right exchanged in single objects"
    case .exchangedColumns: "Left and right exchanged throughout"
    case .doubtfulFlip: "Doubtful mirror pairs"
    case .keypointAtOrigin: "Labelled keypoints at (0, 0)"
    case .placeWithoutVisibility: "Keypoints with a place, but visibility 0"
    case .neverVisible: "Visibility flags misused"
    case .unusedKeypoint: "Keypoints that are never labelled"
    case .unusedClass: "Classes never seen"
    case .sparseLabels: "Images in which objects may be unlabelled"
    case .sigmaFallback: "OKS sigmas are a fallback"
    case .objectArea: "Areas that spoil OKS"
    }
  }

  /// What it does to training or to figures.
  public var explanation: String {
    switch self {
    case .specification: "What the dataset YAML says is odd."
    case .unreadableImage: "These are left out of training and evaluation."
    case .truncatedImage:
      "The file's head is whole, its pixels are not; such images fail in the middle of an epoch."
    case .otherExtension: "The content counts here; other tools go by the extension and fail."
    case .turnedImage:
      "The camera's orientation is applied here, as by most tools; labels must be for the upright image. Tools that"
        + " ignore it see the labels on a turned image."
    case .leakedImage: "What is trained on is measured on: figures look better than they are."
    case .duplicateImage: "It counts twice in training and in figures."
    case .similarImage:
      "Frames of a film, or copies of another size or quality. Between splits they make figures look better."
    case .badRow: "A run refuses them, or leaves them out with skip_bad=true."
    case .repeatedRow: "Each object counts once."
    case .labelsWithoutImage: "They are never read; perhaps the image has another name."
    case .otherSize: "The labels may be for the image as it was before it was scaled or turned."
    case .boxOutside:
      "Boxes are cut at the edge in training, and overlaps are measured wrongly in evaluation."
    case .tinyBox:
      "Too small to be learned at the usual sizes; in OKS nearly every deviation counts as a miss."
    case .noKeypoints: "They teach the box alone."
    case .keypointOutsideImage: "Such places cannot be seen; they pull predictions out of the image."
    case .keypointFarFromBox: "Box or keypoint is likely another object's."
    case .exchangedSides:
      "In these objects a pair lies the other way round than the object's other pairs, which is rare in this data set."
    case .exchangedColumns:
      "A pair lies the other way round than the others in most objects: its columns, or its names, are exchanged."
    case .doubtfulFlip:
      "In a mirrored image a keypoint takes a place it cannot have: every mirrored image teaches wrong labels."
    case .keypointAtOrigin: "Most tools write (0, 0) for a keypoint that was not labelled."
    case .placeWithoutVisibility: "Visibility 0 means not labelled: the place is not used."
    case .neverVisible: "1 means labelled but hidden, 2 means visible."
    case .unusedKeypoint: "Nothing is learned about them, and predictions for them are noise."
    case .unusedClass: "Nothing is learned about them."
    case .sparseLabels: "Objects without a label teach that there is nothing."
    case .sigmaFallback: "OKS forgives as much as the sigmas say, so mAP depends on them."
    case .objectArea:
      "OKS measures distances against the object's area: too small ones make every prediction a miss."
    }
  }

  /// What to do.
  public var remedy: String {
    switch self {
    case .specification: "Correct the line."
    case .unreadableImage: "Convert it to JPEG or PNG, or remove it."
    case .truncatedImage: "Fetch it again, or remove it."
    case .otherExtension: "Rename the file."
    case .turnedImage: "Store the pixels upright, and look whether the labels fit them."
    case .leakedImage: "Remove it from the training split."
    case .duplicateImage: "Keep one of them."
    case .similarImage: "Keep all of one scene in the same split."
    case .badRow: "Correct the row, or delete it."
    case .repeatedRow: "Delete the row."
    case .labelsWithoutImage: "Rename or delete the file."
    case .otherSize: "Correct width and height, or take the original image."
    case .boxOutside: "Cut the box at the image's edge."
    case .tinyBox: "Delete the row, or train with a larger imgsz."
    case .noKeypoints: "Label the keypoints, or leave it if boxes are to be learned from it."
    case .keypointOutsideImage: "Set its visibility to 0."
    case .keypointFarFromBox: "Correct the box or the keypoint."
    case .exchangedSides: "Look at the picture, and exchange the two keypoints where it is wrong."
    case .exchangedColumns: "Exchange the two columns in all labels, or the two names in kpt_names."
    case .doubtfulFlip: "Correct flip_idx (or write flip_pairs by names)."
    case .keypointAtOrigin: "Set its visibility to 0."
    case .placeWithoutVisibility: "Set the visibility to 1 or 2 if the place is meant."
    case .neverVisible: "Write 2 for keypoints that can be seen."
    case .unusedKeypoint: "Label them, or take them out of kpt_shape."
    case .unusedClass: "Take it out of names, or add images of it."
    case .sparseLabels: "Label them, or leave such images out."
    case .sigmaFallback: "Write kpt_oks_sigmas; `poselab data sigmas` estimates them."
    case .objectArea: "Write the area of the object in square pixels; half of its box's area is a fair guess."
    }
  }

  /// What a corrected copy does about it; nil where a person has to decide.
  public var correction: String? {
    switch self {
    case .unreadableImage, .truncatedImage: "left out"
    case .otherExtension: "renamed"
    case .turnedImage: "stored upright"
    case .leakedImage: "left out of the training split"
    case .duplicateImage: "kept once"
    case .badRow, .repeatedRow: "row left out"
    case .labelsWithoutImage: "left out"
    case .boxOutside: "cut at the edge"
    case .tinyBox: "left out below one pixel"
    case .keypointOutsideImage, .keypointAtOrigin: "visibility set to 0"
    case .placeWithoutVisibility: "place set to 0"
    case .neverVisible: "1 written as 2"
    case .objectArea: "set to 0.53 of the box"
    default: nil
    }
  }
}
