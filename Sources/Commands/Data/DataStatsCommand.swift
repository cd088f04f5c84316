internal import ArgumentParser
internal import Data
internal import DataQuality
internal import FileSystem
internal import Foundation
internal import Imaging
internal import PoseCore
internal import PoseLab

/// `poselab data stats`: what a data set holds.
struct DataStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Count a data set's images, objects and keypoints, and draw where they are.",
    discussion: """
        poselab data stats data.yaml
        poselab data stats coco-pose.yaml --split train --output coco.png

      The picture has a panel for each keypoint that shows where it lies in its object's box.
      """)

  @Argument(
    help: ArgumentHelp(
      "The dataset YAML, its folder, or the name of one that PoseLab brings.", valueName: "data"))
  var data: String
  @Option(help: "Count this split alone: train, val or test.") var split: String?
  @Option(help: "Write the page of plots: a .png, .jpg or .svg file; several splits get a file each.")
  var output: String?
  @Flag(
    name: [.customLong("skip-bad"), .customLong("skip_bad")],
    help: "Leave out label rows that cannot be right, instead of refusing the data set.")
  var skipBad = false
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let spec = try UsageError.marking { try DatasetArgument.spec(data) }
    let splits = try split.map { [try DatasetArgument.split($0, of: spec)] }
    let chosen = splits ?? DatasetSplit.allCases.filter { spec.splits[$0] != nil && $0 != .test }
    var found: [DatasetStatistics] = []
    for split in chosen {
      let options = IndexOptions(badLabels: skipBad ? .skip : .fail)
      found.append(
        DatasetStatistics(
          try DatasetIndex(spec, split: split, options: options, formats: PoseLabCommand.registry.datasets)))
    }
    Console.output(json ? Self.document(found).text : found.map(Self.text).joined(separator: "\n\n"))
    guard let output else { return }
    for statistics in found {
      let path = found.count == 1 ? output : Self.path(output, statistics.split)
      try Self.write(statistics.figure, to: path)
      Console.note("plots: \(path)")
    }
  }

  private static func path(_ output: String, _ split: DatasetSplit) -> String {
    let text = output as NSString
    return "\(text.deletingPathExtension)-\(split.rawValue).\(text.pathExtension)"
  }

  private static func write(_ figure: Figure, to path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "svg": try AtomicFile.write(try figure.svgData(), to: path)
    case "png": try AtomicFile.write(try figure.pngData(), to: path)
    case "jpg", "jpeg": try figure.image().write(to: path)
    default: throw UsageError("--output must be a .png, .jpg or .svg file, not '\(path)'")
    }
  }

  private static func text(_ found: DatasetStatistics) -> String {
    var table = TextTable(["", ""])
    func spread(_ spread: DatasetStatistics.Spread) -> String {
      "\(Int(spread.least.rounded())) – \(Int(spread.middle.rounded())) – \(Int(spread.greatest.rounded()))"
    }
    table.add("split", found.split.rawValue)
    table.add("images", "\(found.images), \(found.backgrounds) of them without an object")
    table.add("objects", "\(found.objects), \(found.trainable) for training, \(found.crowds) crowds")
    table.add("objects an image", spread(found.objectsPerImage) + " (least – median – most)")
    table.add("width, height", spread(found.widths) + ", " + spread(found.heights))
    table.add("side of boxes", spread(found.boxSides))
    table.add("small, medium, large", "\(found.small), \(found.medium), \(found.large)")
    var points = TextTable(["keypoint", ">visible", ">hidden", ">not labelled"])
    for keypoint in found.keypoints {
      points.add(keypoint.name, "\(keypoint.visible)", "\(keypoint.hidden)", "\(keypoint.unlabelled)")
    }
    var classes = TextTable(["class", ">objects"])
    for one in found.classes { classes.add(one.name, "\(one.instances)") }
    return [table.text, classes.text, points.text].joined(separator: "\n\n")
  }

  private static func document(_ found: [DatasetStatistics]) -> JSONText {
    func spread(_ spread: DatasetStatistics.Spread) -> JSONText {
      .object([
        ("least", .number(spread.least)), ("median", .number(spread.middle)),
        ("most", .number(spread.greatest)),
      ])
    }
    return .object(
      found.map { found in
        (
          found.split.rawValue,
          .object([
            ("images", .int(found.images)), ("backgrounds", .int(found.backgrounds)),
            ("objects", .int(found.objects)), ("trainable", .int(found.trainable)),
            ("crowds", .int(found.crowds)),
            ("objects_per_image", spread(found.objectsPerImage)), ("width", spread(found.widths)),
            ("height", spread(found.heights)), ("box_side", spread(found.boxSides)),
            ("small", .int(found.small)), ("medium", .int(found.medium)), ("large", .int(found.large)),
            ("classes", .object(found.classes.map { ($0.name, .int($0.instances)) })),
            (
              "keypoints",
              .object(
                found.keypoints.map { keypoint in
                  (
                    keypoint.name,
                    .object([
                      ("visible", .int(keypoint.visible)), ("hidden", .int(keypoint.hidden)),
                      ("unlabelled", .int(keypoint.unlabelled)),
                    ])
                  )
                })
            ),
          ])
        )
      })
  }
}
