extension Setting {
  /// How detections are chosen and measured after an epoch, and by `val`.
  static let validation: [Setting] = [
    .init(
      "val.conf", .validation, \.options.evaluation.conf, .float(0...1), help: "least score; none means 0.001"
    ),
    .init(
      "val.iou", .validation, \.options.evaluation.iou, .float(0...1),
      help: "overlap above which the lower score goes"),
    .init(
      "val.max_det", .validation, \.options.evaluation.maxDet, .int(1...100_000), help: "detections an image"),
    .init(
      "val.classes", .validation, \.options.evaluation.classes,
      help: "numbers of the classes that count; none means all"),
    .init(
      "val.agnostic_nms", .validation, \.options.evaluation.agnosticNMS, .bool,
      help: "boxes suppress those of other classes too"),
    .init(
      "val.nms", .validation, \.options.evaluation.nms, .bool,
      help: "suppress overlapping boxes; false reads a head's one-to-one branch, none does as the head says"),
    .init(
      "val.split", .validation, \.options.evaluation.split, .string(["train", "val", "test"]),
      help: "part of the data set that is measured"),
    .init(
      "val.images", .validation, \.options.evaluation.images, .string(["labelled", "all"]),
      help: "images that count: those with labelled keypoints, or all; none means all"),
    .init(
      "val.save_json", .validation, \.options.evaluation.saveJSON, .bool,
      help: "write predictions.json, COCO results; of the test split also the zip for COCO's server"),
    .init(
      "val.save_txt", .validation, \.options.evaluation.saveText, .bool,
      help: "write a text file of YOLO rows for each image"),
    .init("val.save_conf", .validation, \.options.evaluation.saveConf, .bool, help: "scores in those rows"),
    .init(
      "val.save_csv", .validation, \.options.evaluation.saveCSV, .bool,
      help: "write predictions.csv, a row for each object found"),
  ]

  /// What `predict` finds and writes.
  static let prediction: [Setting] = [
    .init(
      "predict.conf", .prediction, \.prediction.conf, .float(0...1), help: "least score; none means 0.25"),
    .init(
      "predict.iou", .prediction, \.prediction.iou, .float(0...1),
      help: "overlap above which the lower score goes"),
    .init(
      "predict.max_det", .prediction, \.prediction.maxDet, .int(1...100_000), help: "detections an image"),
    .init(
      "predict.classes", .prediction, \.prediction.classes,
      help: "numbers of the classes that count; none means all"),
    .init(
      "predict.agnostic_nms", .prediction, \.prediction.agnosticNMS, .bool,
      help: "boxes suppress those of other classes too"),
    .init(
      "predict.nms", .prediction, \.prediction.nms, .bool,
      help: "suppress overlapping boxes; false reads a head's one-to-one branch, none does as the head says"),
    .init("predict.save", .prediction, \.prediction.save, .bool, help: "write pictures with the poses drawn"),
    .init(
      "predict.save_txt", .prediction, \.prediction.saveText, .bool,
      help: "write a text file of YOLO rows for each image"),
    .init("predict.save_conf", .prediction, \.prediction.saveConf, .bool, help: "scores in those rows"),
    .init(
      "predict.save_csv", .prediction, \.prediction.saveCSV, .bool,
      help: "write predictions.csv, a row for each object found"),
    .init(
      "predict.line_width", .prediction, \.prediction.lineWidth, .float(above: 0),
      help: "width of drawn lines in pixels; none follows the picture"),
  ]

  /// Where a run is kept, and what is kept of it.
  static let run: [Setting] = [
    .init("log.project", .run, \.options.run.project, .string(), help: "folder of the runs"),
    .init(
      "log.name", .run, \.options.run.name, .string(),
      help: "folder of this run; a number is added where it exists"),
    .init(
      "log.exist_ok", .run, \.options.run.existOK, .bool, help: "use the folder of that name if it exists"),
    .init("log.save", .run, \.options.run.save, .bool, help: "write checkpoints"),
    .init(
      "log.save_period", .run, \.options.run.savePeriod, .int(atLeast: -1),
      help: "keep a checkpoint every so many epochs; -1 keeps the last and the best"),
    .init("log.plots", .run, \.options.run.plots, .bool, help: "draw pictures and curves"),
    .init(
      "log.loggers", .run, \.loggers,
      help:
        "where a training is logged besides its folder, by names or as {type: mlflow, uri: …}: see 'poselab list logger'"
    ),
  ]
}
