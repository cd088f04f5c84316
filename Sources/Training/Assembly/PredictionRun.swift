internal import FileSystem
internal import Foundation
public import Imaging
public import PoseCore

/// A prediction over picture files, and what is written of it.
public struct PredictionRun {
  /// One picture that was looked at.
  public struct Picture: Sendable {
    public var path: String
    public var width: Int
    public var height: Int
    /// In pixels of the upright picture, best first.
    public var detections: [Detection]
    /// Of the network and the choice of detections; reading and drawing are left out.
    public var milliseconds: Double
  }

  public let predictor: Predictor
  public let description: ModelDescription
  public let options: EvaluationOptions

  public init(predictor: Predictor, description: ModelDescription, options: EvaluationOptions) {
    self.predictor = predictor
    self.description = description
    self.options = options
  }

  /// Whether anything is to be written.
  public var writes: Bool { options.save || options.saveText || options.saveCSV }

  /// Looks at files one after the other. A picture that cannot be read is passed over.
  ///
  /// - Parameters:
  ///   - directory: takes pictures with the poses drawn (`save`) and text files in `labels` (`save_txt`) and
  ///     `predictions.csv` (`save_csv`); nil writes nothing.
  ///   - skipped: gets each picture that could not be read.
  ///   - handle: gets each picture that could.
  /// - Throws: what `handle` throws; the last `ImageError` if no picture could be read.
  public func run(
    _ paths: [String], directory: RunDirectory? = nil, cancellation: CancellationFlag? = nil,
    skipped: (ImageError) -> Void = { _ in }, handle: (Picture) throws -> Void
  ) throws {
    var illustrator = PoseIllustrator(skeleton: description.skeleton, classNames: description.classNames)
    let texts = try directory.flatMap { options.saveText ? try $0.makeFolder("labels") : nil }
    let table = DetectionTable(skeleton: description.skeleton, classNames: description.classNames)
    let rows = try directory.flatMap { directory in
      options.saveCSV ? try AtomicFile(directory.file("predictions.csv"), durable: false) : nil
    }
    try rows?.write(table.header)
    var names = UniqueNames()
    var done = 0
    var fault: ImageError?
    var pictures = PictureReader(paths)
    while cancellation?.isSet != true, let (path, picture) = pictures.read() {
      let image: Image
      do {
        image = try picture.get()
      } catch {
        fault = error
        skipped(error)
        continue
      }
      let start = ContinuousClock.now
      let detections = try predictor(image)
      let time = (ContinuousClock.now - start) / .milliseconds(1)
      let name = names.next(for: path)
      if let directory {
        if options.save {
          if let width = options.lineWidth {
            illustrator.drawing.scale =
              width / PoseDrawing.lineWidth(width: Double(image.width), height: Double(image.height))
          }
          let drawn = try illustrator.draw(detections, over: image)
          try drawn.write(to: directory.file(name.stem + name.suffix), durable: false)
        }
        if let texts {
          let text = DetectionText.yolo(
            detections, width: image.width, height: image.height, withScores: options.saveConf)
          try directory.write(text, to: "\(texts)/\(name.stem).txt", durable: false)
        }
      }
      try rows?.write(table.rows(detections, image: path))
      try handle(
        Picture(
          path: path, width: image.width, height: image.height, detections: detections, milliseconds: time))
      done += 1
    }
    if done == 0, cancellation?.isSet != true, let fault { throw fault }
    try rows?.commit()
  }
}

/// Names of written files: those of the pictures, with a number where two are the same.
private struct UniqueNames {
  private var taken: Set<String> = []

  mutating func next(for path: String) -> (stem: String, suffix: String) {
    let file = (path as NSString).lastPathComponent as NSString
    // Pictures in forms that are not written become JPEG.
    let suffix = file.pathExtension.lowercased() == "png" ? ".png" : ".jpg"
    var stem = file.deletingPathExtension
    var number = 2
    while !taken.insert(stem).inserted {
      stem = file.deletingPathExtension + "-\(number)"
      number += 1
    }
    return (stem, suffix)
  }
}
