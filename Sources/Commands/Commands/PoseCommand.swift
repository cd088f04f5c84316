internal import ArgumentParser

/// `poselab pose train …`: the commands in the words of other YOLO tools.
struct PoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pose",
    abstract: "train, val, predict and export in the words of other YOLO tools.",
    discussion: """
        poselab pose train model=yolo11n-pose.yaml data=coco-pose.yaml
        poselab pose train model=yolo11n-pose.pt data=coco-pose.yaml epochs=100
        poselab pose val model=best.safetensors data=coco-pose.yaml
        poselab pose predict model=best.safetensors source=photos/ conf=0.25
        poselab pose export model=best.safetensors format=onnx dynamic=True
      """,
    subcommands: [TrainCommand.self, ValidateCommand.self, PredictCommand.self, ExportCommand.self])
}
