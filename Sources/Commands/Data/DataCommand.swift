internal import ArgumentParser
internal import Data

/// `poselab data …`: what is in data sets and what is wrong with them, making some, and what repeated annotation tells.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Check, look at, convert and make data sets, and measure annotators.",
    subcommands: [
      DownloadCommand.self, DataCheckCommand.self, DataStatsCommand.self, DataViewCommand.self,
      DataConvertCommand.self,
      SynthCommand.self,
      SigmasCommand.self,
    ])
}

/// `poselab data synth`: pictures of made-up people.
struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Render people, or foxes, with exactly known keypoints.",
    discussion: """
      Writes JPEG pictures, labels in YOLO's and in COCO's form, and data.yaml. The same \
      arguments give the same bytes. A folder that holds this very data set stays as it is.

        poselab data synth --output people --images 400 --size 256 --seed 1
        poselab pose train data=people/data.yaml model=yolo11n-pose.yaml imgsz=256
      """)

  @Option(help: "Folder to write; new, empty, or holding this very data set.") var output: String
  @Option(help: "What to render: person, or fox (an example of four keypoints of one's own).")
  var kind = SyntheticFigure.person.rawValue
  @Option(help: "Pictures in all.") var images = 400
  @Option(help: "Width and height in pixels.") var size = 256
  @Option(help: "The same seed gives the same pictures.") var seed: UInt64 = 0
  @Option(
    name: [.customLong("validation-fraction"), .customLong("validation_fraction")],
    help: "Share of the pictures that is for validation.")
  var validationFraction = 0.2
  @Option(help: "Most people in a picture.") var people = 3
  @Option(help: "Threads; one a core by default.") var threads: Int?
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    guard (1...50).contains(people) else { throw UsageError("--people must lie in 1...50, not \(people)") }
    guard let figure = SyntheticFigure(rawValue: kind) else {
      let kinds = SyntheticFigure.allCases.map(\.rawValue)
      throw UsageError("--kind must be \(kinds.joined(separator: " or ")), not '\(kind)'")
    }
    if let threads, threads < 1 { throw UsageError("--threads must be at least 1, not \(threads)") }
    var options = SyntheticPeople.Options()
    options.people = 1...people
    let summary: SyntheticPeople.Summary
    do {
      summary = try SyntheticPeople(options: options, figure: figure).write(
        to: output, images: images, size: size, seed: seed, validationFraction: validationFraction,
        threads: threads)
    } catch SyntheticPeopleError.badOption(let text) {
      throw UsageError(text)
    }
    if json {
      let fields: [(String, JSONText)] = [
        ("data", .string(summary.dataFile)), ("train_images", .int(summary.trainingImages)),
        ("val_images", .int(summary.validationImages)), ("was_present", .bool(summary.wasPresent)),
      ]
      Console.output(JSONText.object(fields).text)
    } else {
      Console.output(
        "\(summary.dataFile): \(summary.trainingImages) training and \(summary.validationImages) validation "
          + "pictures" + (summary.wasPresent ? ", there already" : ""))
    }
  }
}
