internal import ArgumentParser
internal import PoseCore
internal import PoseLab
internal import Training

/// `poselab predict`: people and their keypoints in pictures.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Find people and their keypoints in pictures.",
    discussion: ExperimentArguments.discussion(
      """
      Takes pictures, folders and patterns. Writes each picture with boxes, skeletons and \
      scores drawn over it.

        poselab predict model=best.safetensors source=photos/
        poselab predict model=best.safetensors a.jpg b.png 'more/*.jpg' conf=0.4
        poselab predict model=best.safetensors a.jpg save=false --json

      --json prints a list of {"image": …, "instances": [{"class": …, "score": …, \
      "box": [x1, y1, x2, y2], "keypoints": [[x, y, confidence], …]}]}, in pixels of the \
      original picture.
      """, .predict))

  @OptionGroup var common: ExperimentArguments

  func run() throws {
    let (experiment, arguments) = try common.experiment(for: .predict, ownKeys: ["source"])
    let sources = (arguments.own["source"] ?? []) + arguments.pictures
    let paths = try UsageError.marking {
      if sources.isEmpty { throw UsageError("no pictures are given; name files or folders, or set source=…") }
      return try PredictionSource.resolve(sources)
    }
    let cancellation = Interruption.listen()
    let (predictor, description) = try UsageError.marking(specFaults: true) { try experiment.prediction() }
    let prediction = PredictionRun(
      predictor: predictor, description: description, options: experiment.spec.prediction)
    let options = experiment.spec.options.run
    let directory =
      prediction.writes
      ? try RunDirectory.create(
        project: options.project, name: options.name, existOK: options.existOK, keepsWeights: false) : nil
    var documents: [String] = []
    var count = 0
    try prediction.run(
      paths, directory: directory, cancellation: cancellation,
      skipped: { Console.warning("skipped: \($0)") }
    ) { picture in
      count += 1
      if common.json { documents.append(DetectionText.json(path: picture.path, picture.detections)) }
      let line =
        "\(count)/\(paths.count) \(picture.path) \(picture.width)x\(picture.height): "
        + Self.summary(picture.detections, description.classNames)
        + ", \(Figures.oneDecimal(picture.milliseconds)) ms"
      if common.json { Console.plain(line) } else { Console.output(line) }
    }
    if common.json { Console.output("[" + documents.joined(separator: ",\n") + "]") }
    if let directory { Console.plain("results in \(directory.path)") }
    if cancellation.isSet { throw CommandOutcome.interrupted }
  }

  /// `3 person, 1 dog`.
  private static func summary(_ detections: [Detection], _ names: [String]) -> String {
    let counts = Dictionary(grouping: detections, by: \.classIndex).mapValues(\.count)
    if counts.isEmpty { return "nothing found" }
    return counts.sorted { $0.key < $1.key }.map { index, count in
      "\(count) \(names.indices.contains(index) ? names[index] : "class \(index)")"
    }.joined(separator: ", ")
  }
}
