internal import Data
internal import FileSystem
internal import Foundation
internal import PoseCore

/// What a validation leaves of its detections in the run's folder, as far as it is asked for: `predictions.json`
/// and, of the test split, the zip for COCO's server (`save_json`), `labels/*.txt` (`save_txt`), `predictions.csv`
/// (`save_csv`).
final class DetectionFiles {
  /// What the user should know.
  private(set) var notes: [String] = []
  private let directory: RunDirectory
  private let options: EvaluationOptions
  private let index: DatasetIndex
  private let results: COCOResultsWriter?
  private let submission: COCOSubmission?
  private let labels: String?
  private let rows: (file: AtomicFile, table: DetectionTable)?
  private var names: Set<String> = []

  /// - Parameter name: of the model, for the server.
  init(_ directory: RunDirectory, options: EvaluationOptions, index: DatasetIndex, name: String) throws {
    self.directory = directory
    self.options = options
    self.index = index
    results = options.saveJSON ? try COCOResultsWriter(directory.file("predictions.json")) : nil
    var submission: COCOSubmission?
    if options.saveJSON && index.split == .test {
      if let obstacle = COCOSubmission.obstacle(index) {
        notes.append("no file for COCO's server is written: \(obstacle)")
      } else {
        submission = try COCOSubmission(folder: directory.path, name: name)
      }
    }
    self.submission = submission
    labels = options.saveText ? try directory.makeFolder("labels") : nil
    if options.saveCSV {
      let table = DetectionTable(skeleton: index.skeleton, classNames: index.classNames)
      let file = try AtomicFile(directory.file("predictions.csv"), durable: false)
      try file.write(table.header)
      rows = (file, table)
    } else {
      rows = nil
    }
  }

  func add(_ image: ValidatedImage) throws {
    let seen = image.evaluated
    for detection in seen.detections {
      try results?.write(
        detection, imageID: seen.imageID, categoryID: index.categoryID(of: detection.classIndex))
    }
    try submission?.write(seen.detections, imageID: seen.imageID)
    if let labels {
      let text = DetectionText.yolo(
        seen.detections, width: seen.width, height: seen.height, withScores: options.saveConf)
      try directory.write(text, to: "\(labels)/\(unique(image)).txt", durable: false)
    }
    if let rows { try rows.file.write(rows.table.rows(seen.detections, image: image.path)) }
  }

  /// Puts the files in their places.
  func finish() throws {
    try results?.finish()
    try rows?.file.commit()
    if let submission {
      try submission.finish()
      notes.append("\(submission.path): \(submission.count) persons, for COCO's server")
    }
  }

  /// The picture's name without extension, with a number where pictures in several folders have the same.
  private func unique(_ image: ValidatedImage) -> String {
    let stem = (image.name as NSString).deletingPathExtension
    var name = stem
    var number = 2
    while !names.insert(name).inserted {
      name = "\(stem)-\(number)"
      number += 1
    }
    return name
  }
}
