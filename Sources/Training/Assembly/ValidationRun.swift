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
  private let flipCheck: FlipCheck?

  /// - Parameters:
  ///   - description: what the network predicts.
  ///   - imageSize: a multiple of the model's stride.
  ///   - inputSize: the size of all pictures; nil follows their shapes, if the model takes any size.
  /// - Throws: what is wrong with the data set, the metrics, or the options.
  public init(
    network: PoseNetwork, description: ModelDescription, data: DatasetSpec, options: TrainingOptions,
    imageSize: Int, inputSize: ImageSize? = nil, metrics: [ComponentSpec], registry: Registry
  ) throws {
    try options.validate()
    try options.evaluation.check(for: network.layout)
    self.description = description
    self.options = options
    let split = DatasetSplit(rawValue: options.evaluation.split) ?? .val
    let index = try DatasetIndex(
      data, split: split,
      options: IndexOptions(
        badLabels: options.schedule.badLabels, singleClass: options.schedule.singleClass),
      formats: registry.datasets)
    notes =
      options.execution.notes + data.warnings.map(\.description)
      + TrainingAssembly.notes(index, split.rawValue)
    flipCheck = FlipCheck(data, index: index)
    loader = ValidationLoader(
      index,
      options: options.loader(imageSize: imageSize, batch: options.schedule.batch, caches: false),
      shapes: (inputSize ?? network.model.head.inputLimits.size).map { .fixed($0) }
        ?? .rectangular(stride: network.model.sizeMultiple))
    let context = MetricContext(skeleton: data.skeleton, classNames: data.classNames)
    validator = Validator(
      network: network, metrics: try metrics.map { try registry.metrics.make($0, in: context) },
      decoder: .validation(options.evaluation))
  }

  /// `notes`, with a picture in the run folder where one is needed to judge them (`flip_check.jpg`).
  public func notes(drawingInto directory: RunDirectory?) throws -> [String] {
    guard let flipCheck, let directory else { return notes }
    return try flipCheck.writing(into: directory, for: notes)
  }

  /// Whether anything is to be written.
  public var writes: Bool {
    options.run.plots || options.evaluation.saveJSON || options.evaluation.saveText
  }

  /// Measures, and writes into `directory`: `metrics.json`, pictures and curves (`plots`), `predictions.json` (`save_json`) and text
  /// files in `labels` (`save_txt`).
  ///
  /// - Parameters:
  ///   - directory: nil writes nothing.
  ///   - progress: images done so far.
  /// - Returns: nil if cancelled.
  public func run(
    directory: RunDirectory? = nil, cancellation: CancellationFlag? = nil,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> ValidationReport? {
    var pictures = ValidationPictures(description: description)
    let evaluation = options.evaluation
    let results = try directory.flatMap { directory in
      evaluation.saveJSON ? try COCOResultsWriter(directory.file("predictions.json")) : nil
    }
    let texts = try directory.flatMap { evaluation.saveText ? try $0.makeFolder("labels") : nil }
    let isDrawing = directory != nil && options.run.plots
    let found = try validator.run(loader, cancellation: cancellation, progress: progress) { image in
      if isDrawing { pictures.add(image) }
      let seen = image.evaluated
      for detection in seen.detections {
        // COCO counts categories from 1.
        try results?.write(detection, imageID: seen.imageID, categoryID: detection.classIndex + 1)
      }
      if let texts {
        let text = DetectionText.yolo(
          seen.detections, width: seen.width, height: seen.height, withScores: evaluation.saveConf)
        try directory?.write(text, to: "\(texts)/\(image.stem).txt", durable: false)
      }
    }
    guard let found else { return nil }
    try results?.finish()
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

extension ValidatedImage {
  /// The file's name without its extension.
  fileprivate var stem: String { (name as NSString).deletingPathExtension }
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
