public import Config
public import PoseCore

/// A data set as its YAML file describes it; no image or label has been looked at.
///
/// The keys are those of the field: `path` (relative to the folder of the YAML file), `train`, `val`, `test` (each a
/// folder, a list file or a list of them, relative to `path`), `names` or `nc`, `kpt_shape`, `flip_idx`,
/// `kpt_names`, `kpt_oks_sigmas` (also as a mapping from keypoint names). Four are our own: `annotations` gives COCO
/// keypoint files for splits (`annotations: {val: person_keypoints_val2017.json}`), `labels` the form of labels that
/// are of neither of these two, by the name of its component (see `DatasetFormat`), `skeleton` the limbs to draw and
/// `flip_pairs` what `flip_idx` says (both pairs of keypoint names, or of their positions from 0).
public struct DatasetSpec: Sendable {
  /// The YAML file.
  public var file: String
  /// The folder that relative paths start from.
  public var root: String
  public var splits: [DatasetSplit: SplitSource]
  /// The form of the labels, a component of the kind `dataset`; nil where it is to be recognised.
  public var labels: ComponentSpec?
  /// In the order of the class indices.
  public var classNames: [String]
  public var skeleton: Skeleton
  /// What is odd but no error: to be shown to the user.
  public var warnings: [Diagnostic]
  /// Mirror pairs that the keypoints' names speak against; a picture tells who is right.
  public var flipSuspicions: [FlipSuspicion]
  /// The one of `warnings` that tells of them.
  public var flipWarning: Diagnostic?

  public init(
    file: String, root: String, splits: [DatasetSplit: SplitSource], labels: ComponentSpec? = nil,
    classNames: [String], skeleton: Skeleton,
    warnings: [Diagnostic] = [], flipSuspicions: [FlipSuspicion] = [], flipWarning: Diagnostic? = nil
  ) {
    self.file = file
    self.root = root
    self.splits = splits
    self.labels = labels
    self.classNames = classNames
    self.skeleton = skeleton
    self.warnings = warnings
    self.flipSuspicions = flipSuspicions
    self.flipWarning = flipWarning
  }

  /// Reads a dataset YAML.
  ///
  /// - Throws: `DiagnosticList` with everything that is wrong, each with its place in the file.
  public init(contentsOf path: String) throws(DiagnosticList) {
    self = try DatasetSpecReader.read(try Document(file: path))
  }

  /// Reads a dataset YAML that is in memory.
  ///
  /// - Parameter file: where it would lie; relative paths start from its folder.
  public init(text: String, file: String) throws(DiagnosticList) {
    self = try DatasetSpecReader.read(try Document(text: text, name: file))
  }

  /// The source of one split.
  ///
  /// - Throws: a diagnostic that says which splits there are.
  public func source(of split: DatasetSplit) throws(DiagnosticList) -> SplitSource {
    if let source = splits[split] { return source }
    let known = DatasetSplit.allCases.filter { splits[$0] != nil }.map { "'\($0.rawValue)'" }
    let hint = known.isEmpty ? "it has none" : "it has \(known.joined(separator: " and "))"
    throw DiagnosticList([
      Diagnostic(.error, "\(file): the data set has no split '\(split.rawValue)'; \(hint)")
    ])
  }
}
