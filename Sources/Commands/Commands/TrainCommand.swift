internal import ArgumentParser
internal import PoseLab
internal import Training

/// `poselab train`: an experiment from its spec, a model and a data set, or an interrupted run.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model.",
    discussion: ExperimentArguments.discussion(
      """
      Everything a run needs is checked before the first picture is read. The run's folder \
      keeps its resolved spec, checkpoints, tables and pictures.

        poselab train Experiments/quickstart.yaml
        poselab train my.yaml epochs=50 augment.mosaic=0.5 loss.pose=20
        poselab train model=yolo11n-pose.yaml data=coco-pose.yaml imgsz=640
        poselab train resume=runs/pose/train

      Ctrl-C ends after the step at hand, with a checkpoint; resume= continues to the same \
      bits as an uninterrupted run.
      """, .train))

  @OptionGroup var common: ExperimentArguments

  func run() throws {
    let (experiment, _) = try common.experiment(for: .train)
    let cancellation = Interruption.listen()
    let assembly = try UsageError.marking(specFaults: true) { try experiment.training(note: Console.plain) }
    let reporter = ConsoleReporter(isTerminal: Console.isTerminal, columns: Console.width, write: Console.raw)
    let outcome = try assembly.trainer(observers: [reporter], cancellation: cancellation).run()
    if common.json { Console.output(outcome.document.text) }
    if outcome.ending == .interrupted { throw CommandOutcome.interrupted }
  }
}

extension TrainingOutcome {
  /// How the run ended, on one line of JSON.
  fileprivate var document: JSONText {
    var fields: [(String, JSONText)] = [
      ("ending", .string(ending.rawValue)), ("directory", .string(directory)), ("epochs", .int(epochs)),
      ("seconds", .number(seconds)), ("best_epoch", bestEpoch.map { .int($0) } ?? .null),
      ("best_fitness", bestFitness.map { .number($0) } ?? .null),
      ("peak_tensor_mb", .number(Double(peakTensorBytes) / 1_048_576)),
    ]
    if let report { fields.append(("metrics", report.metrics.json(of: nil))) }
    if let selection = report?.selection { fields.append(("images", selection.document)) }
    return .object(fields)
  }
}

extension ValidationReport {
  /// `{"coco_keypoints": {"AP": …}, "yolo_map": {…}, "images": {…}}` at full precision.
  var document: JSONText { metrics.json(of: selection) }
}
