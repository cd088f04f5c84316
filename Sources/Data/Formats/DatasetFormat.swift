public import Config
public import Imaging
public import PoseCore

/// A form in which the labels of data sets are kept: a component of the kind `dataset`.
///
/// A dataset YAML names it with `labels: coco`, or `labels: {type: mine, …}` with arguments. Where it names none, the
/// registered forms are asked which of them recognises the labels.
///
/// A form says which images a split has and what is labelled in one of them. Reading the images' headers, working on
/// all threads, counting, and checking against the data set's classes and keypoints are the index's work.
public protocol DatasetFormat: Sendable {
  /// Whether the labels of a split are likely of this form; files need not be read for it.
  func recognition(of source: SplitSource) -> DatasetRecognition

  /// Finds the images of a split, and reads what is to be read once.
  ///
  /// - Throws: `DiagnosticList`, `Diagnostic`, or any error whose description names the file and what is wrong.
  func open(
    _ source: SplitSource, of spec: DatasetSpec, options: IndexOptions
  ) throws -> any LabelledSplit
}

/// How sure a form is that labels are of its kind.
public enum DatasetRecognition: Int, Sendable, Comparable {
  case no
  /// Nothing speaks against it: taken where no other form is sure.
  case fallback
  case yes

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The images of one split, and what is labelled in each. Used from several threads at once.
public protocol LabelledSplit: Sendable {
  /// In any order; either all have an id or none has.
  var images: [ImageEntry] { get }

  /// What is labelled in one image, an index into `images`.
  ///
  /// - Parameter size: of the upright image, in pixels.
  func labels(of image: Int, size: ImageSize) -> ImageLabels

  /// For each class of the data set the labels' own number, for results files; empty where they have none.
  var categoryIDs: [Int] { get }

  /// What is wrong with labels that no single image accounts for.
  var sharedFaults: LabelFaults { get }

  /// What the user should know, now that all images have been looked at.
  ///
  /// - Parameter otherSizes: images of another size than their labels state.
  func warnings(on report: IndexReport, otherSizes: Int) -> [Diagnostic]

  /// Files and folders that all of it was read from, so that the index can be kept until one of them changes; nil, the
  /// default, where an index is not to be kept. Images and their own label files need not be named.
  var watchedPaths: [String]? { get }

  /// The file in which the labels of one image are, an index into `images`; it need not exist. Nil, the default, for
  /// labels in one of `watchedPaths`.
  func labelFile(of image: Int) -> String?
}

extension LabelledSplit {
  public var categoryIDs: [Int] { [] }
  public var sharedFaults: LabelFaults { LabelFaults() }
  public func warnings(on report: IndexReport, otherSizes: Int) -> [Diagnostic] { [] }
  public var watchedPaths: [String]? { nil }
  public func labelFile(of image: Int) -> String? { nil }
}

/// An image that labels speak of.
public struct ImageEntry: Sendable, Equatable {
  /// As seen from where the program runs; it need not exist.
  public var path: String
  /// For results files (COCO's `image_id`); nil where the form knows none. The objects must have ids of their own then.
  public var id: Int?

  public init(path: String, id: Int? = nil) {
    self.path = path
    self.id = id
  }
}

/// What is labelled in one image.
public struct ImageLabels: Sendable {
  public var objects: [LabelledObject]
  public var faults: LabelFaults
  /// Rows that repeat another one; they are not among the objects.
  public var duplicateRows = 0
  /// The image should have a label file and has none.
  public var isMissing = false
  /// The size in pixels that the labels give the image; nil where they tell none.
  public var statedSize: ImageSize?

  public init(objects: [LabelledObject] = [], faults: LabelFaults = LabelFaults()) {
    self.objects = objects
    self.faults = faults
  }
}

extension Registry {
  /// Forms of labels.
  public var datasets: ComponentTable<Void, any DatasetFormat> {
    get { self["dataset"] }
    set { self["dataset"] = newValue }
  }
}
