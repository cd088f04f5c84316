public import Data
internal import Foundation
public import Imaging
public import PoseCore

/// A validation by itself: measures a model with weights on a data set, and writes what is asked for.
public struct ValidationRun {
  public let validator: Validator
  public let loader: ValidationLoader
  public let description: ModelDescription
  public let options: TrainingOptions
  /// What the user should know before.
  public let notes: [String]
  private let modelName: String
  private let flipCheck: FlipCheck?

  /// - Parameters:
  ///   - description: what the network predicts.
  ///   - imageSize: a multiple of the model's stride.
  ///   - inputSize: the size of all pictures; nil follows their shapes, if the model takes any size.
  ///   - modelName: for the file that goes to COCO's server.
  /// - Throws: what is wrong with the data set, the metrics, or the options.
  public init(
    network: PoseNetwork, description: ModelDescription, data: DatasetSpec, options: TrainingOptions,
    imageSize: Int, inputSize: ImageSize? = nil, metrics: [ComponentSpec], registry: Registry,
    modelName: String = "poselab"
  ) throws {
    try options.validate()
    try options.evaluation.check(for: network.layout)
    self.description = description
    self.options = options
    self.modelName = modelName
    let split = DatasetSplit(rawValue: options.evaluation.split) ?? .val
    let listed = try DatasetIndex(
      data, split: split,
      options: IndexOptions(
        badLabels: options.schedule.badLabels, singleClass: options.schedule.singleClass,
        // The labels of a test split may be with someone else.
        needsObjects: split != .test),
      formats: registry.datasets)
    let (index, selection) = try TrainingAssembly.keepingClasses(listed, options.schedule)
      // Without any labels there is nothing to choose by.
      .selecting(listed.report.objects == 0 ? .all : options.evaluation.imageSelection)
    notes =
      options.execution.notes + data.warnings.map(\.description)
      + TrainingAssembly.notes(index, split.rawValue)
      + (index.report.objects > 0
        ? [] : ["there are no labels in '\(split.rawValue)': what is found is written, figures mean nothing"])
    flipCheck = FlipCheck(data, index: index)
    loader = ValidationLoader(
      index,
      options: options.loader(imageSize: imageSize, batch: options.schedule.batch),
      shapes: (inputSize ?? network.model.head.inputLimits.size).map { .fixed($0) }
        ?? .rectangular(stride: network.model.sizeMultiple))
    let context = MetricContext(skeleton: data.skeleton, classNames: data.classNames)
    validator = Validator(
      network: network, metrics: try metrics.map { try registry.metrics.make($0, in: context) },
      decoder: .validation(options.evaluation), selection: selection)
  }

  /// `notes`, with a picture in the run folder where one is needed to judge them (`flip_check.jpg`).
  public func notes(drawingInto directory: RunDirectory?) throws -> [String] {
    guard let flipCheck, let directory else { return notes }
    return try flipCheck.writing(into: directory, for: notes)
  }

  /// Whether anything is to be written.
  public var writes: Bool {
    options.run.plots || options.evaluation.saveJSON || options.evaluation.saveText
      || options.evaluation.saveCSV
  }

  /// Measures, and writes into `directory`: `metrics.json`, pictures and curves (`plots`), `predictions.json`
  /// (`save_json`; of the test split also the zip for COCO's server), text files in `labels` (`save_txt`) and
  /// `predictions.csv` (`save_csv`).
  ///
  /// - Parameters:
  ///   - directory: nil writes nothing.
  ///   - note: gets what the user should know of the files that were written.
  ///   - progress: images done so far.
  /// - Returns: nil if cancelled.
  public func run(
    directory: RunDirectory? = nil, cancellation: CancellationFlag? = nil,
    note: (String) -> Void = { _ in }, progress: (Int) throws -> Void = { _ in }
  ) throws -> ValidationReport? {
    var pictures = ValidationPictures(description: description)
    let files = try directory.map {
      try DetectionFiles($0, options: options.evaluation, index: loader.index, name: modelName)
    }
    let isDrawing = directory != nil && options.run.plots
    let found = try validator.run(loader, cancellation: cancellation, progress: progress) { image in
      if isDrawing { pictures.add(image) }
      try files?.add(image)
    }
    guard let found else { return nil }
    try files?.finish()
    for text in files?.notes ?? [] { note(text) }
    try directory?.write(try found.json, to: "metrics.json")
    if isDrawing, let directory {
      for (name, picture) in try pictures.rendered() {
        try picture.write(to: directory.file(name), durable: false)
      }
      for report in found.metrics {
        for (name, figure) in report.curveFigures { try directory.write(try figure.pngData(), to: name) }
      }
    }
    return found
  }
}

extension RunDirectory {
  /// Makes a folder in the run's.
  ///
  /// - Returns: its name.
  func makeFolder(_ name: String) throws -> String {
    if mkdir(file(name), 0o777) != 0 && errno != EEXIST {
      throw RunError.folder(file(name), reason: String(cString: strerror(errno)))
    }
    return name
  }
}
