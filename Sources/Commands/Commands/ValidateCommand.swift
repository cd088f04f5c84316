internal import ArgumentParser
internal import PoseLab
internal import Training

/// `poselab val`: a trained model on a labelled data set.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "val",
    abstract: "Measure a trained model on a data set.",
    discussion: ExperimentArguments.discussion(
      """
      Prints COCO's keypoint and box figures and those of the YOLO tools (yolo_map).

        poselab val model=best.safetensors data=coco-pose.yaml
        poselab val model=best.safetensors data=people.yaml split=test --json

      --json prints {"coco_keypoints": {"AP": …}, "coco_bbox": {…}, "yolo_map": {…}, "images": {…}}.

      A NaN never matches, and annotation id 0 counts as any other; save_json=True and \
      'poselab evaluate --strict-coco' with that file give what pycocotools makes of them.
      """, .val))

  @OptionGroup var common: ExperimentArguments

  func run() throws {
    let (experiment, _) = try common.experiment(for: .val)
    let cancellation = Interruption.listen()
    let validation = try UsageError.marking(specFaults: true) {
      try experiment.validation(note: Console.plain)
    }
    let options = experiment.spec.options.run
    let directory =
      validation.writes
      ? try RunDirectory.create(
        project: options.project, name: options.name, existOK: options.existOK, keepsWeights: false) : nil
    for note in try validation.notes(drawingInto: directory) { Console.plain(note) }
    let progress = ProgressLine("validation", total: validation.loader.index.count)
    var remarks: [String] = []
    let report = try validation.run(
      directory: directory, cancellation: cancellation, note: { remarks.append($0) },
      progress: { progress.show($0) })
    progress.close()
    guard let report else { throw CommandOutcome.interrupted }
    for failure in validation.loader.failures { Console.warning("skipped: \(failure)") }
    let lines = ConsoleReporter.table(report)
    if common.json {
      for line in lines { Console.plain(line) }
      Console.output(report.document.text)
    } else {
      Console.output(lines.joined(separator: "\n"))
    }
    for remark in remarks { Console.plain(remark) }
    if let directory { Console.plain("results in \(directory.path)") }
  }
}
