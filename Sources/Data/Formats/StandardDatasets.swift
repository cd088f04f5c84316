internal import Config
public import PoseCore

/// The forms of labels that PoseLab reads.
public enum StandardDatasets: Plugin {
  public static let name = "Data"

  public static func register(in registry: inout Registry) throws {
    try registry.datasets.register(TextLabelFormat.component)
    try registry.datasets.register(COCOLabelFormat.component)
  }

  /// These forms alone.
  public static let table: ComponentTable<Void, any DatasetFormat> = {
    var registry = Registry()
    // Two names, which differ.
    try? registry.install(StandardDatasets.self)
    return registry.datasets
  }()
}

/// YOLO's text files, one beside each image.
struct TextLabelFormat: DatasetFormat {
  static let component = Component<Void, any DatasetFormat>(
    "yolo", aliases: ["yolo_text"],
    summary: "a text file for each image, a row an object, numbers as shares of the image's sides"
  ) { _, _ in TextLabelFormat() }

  func recognition(of source: SplitSource) -> DatasetRecognition {
    source.annotations == nil ? .fallback : .no
  }

  func open(
    _ source: SplitSource, of spec: DatasetSpec, options: IndexOptions
  ) throws -> any LabelledSplit {
    try TextLabelledImages(spec, source, options)
  }
}

/// COCO's keypoint files, one for each split.
struct COCOLabelFormat: DatasetFormat {
  static let component = Component<Void, any DatasetFormat>(
    "coco", aliases: ["coco_json"],
    summary: "one JSON file for each split, named under 'annotations', with the labels of all its images",
    reference: "Lin et al., Microsoft COCO: Common Objects in Context, arXiv:1405.0312"
  ) { _, _ in COCOLabelFormat() }

  func recognition(of source: SplitSource) -> DatasetRecognition {
    source.annotations == nil ? .no : .fallback
  }

  func open(
    _ source: SplitSource, of spec: DatasetSpec, options: IndexOptions
  ) throws -> any LabelledSplit {
    guard let annotations = source.annotations else {
      throw DiagnosticList([
        Diagnostic(
          .error,
          "\(spec.file): labels of the form 'coco' are in a file of their own; name it: annotations: {train: …}",
          at: spec.labels?.location ?? source.images.first?.location)
      ])
    }
    return try AnnotatedImages(spec, source, annotations, options)
  }
}
