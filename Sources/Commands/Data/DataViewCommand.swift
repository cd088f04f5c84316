internal import ArgumentParser
internal import Config
internal import Foundation
internal import Imaging
internal import PoseLab
internal import Training

/// `poselab data view`: what augmentation makes of a data set.
struct DataViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Draw training images before and after augmentation.",
    discussion: """
      Takes an experiment, or data=… and settings of the augmentation. Each row shows an image with its labels, \
      what the network gets to see of it, and the steps in between with the numbers that they drew.

        poselab data view data=data.yaml
        poselab data view Experiments/quickstart.yaml mosaic=0 degrees=20 --images 4 --output look.jpg
      """)

  @Option(help: "Images to show.") var images = 6
  @Option(help: "The epoch whose first samples these are, from 1.") var epoch = 1
  @Option(help: "The picture to write: .jpg or .png.") var output = "view.jpg"
  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("An experiment, then settings as key=value.", valueName: "spec|key=value"))
  var arguments: [String] = []

  func run() throws {
    guard (1...50).contains(images) else { throw UsageError("--images must lie in 1...50, not \(images)") }
    guard epoch >= 1 else { throw UsageError("--epoch counts from 1, so it cannot be \(epoch)") }
    let experiment = try UsageError.marking { () throws -> Experiment in
      let given = try SettingArguments(arguments, mode: .train)
      let file = try given.specFile(.train)
      var overrides = given.overrides
      // An experiment has a model, though none is looked at here.
      if file == nil && !overrides.contains(where: { $0.path.first == "model" }) {
        overrides.append(Override("model", Node(.string("yolo11n-pose.yaml"))))
      }
      return try Experiment(
        file: file, overriding: overrides, for: .train, registry: PoseLabCommand.registry)
    }
    let sheet = try experiment.augmentationSheet(images: images, epoch: epoch - 1) { Console.note($0) }
    try sheet.write(to: output)
    Console.output(output)
  }
}
