internal import Annotations
internal import ArgumentParser
internal import Data

/// `poselab data convert IN OUT`: annotations from one form to another.
struct DataConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert annotations between YOLO text, COCO JSON, Labelme JSON and CVAT XML.",
    discussion: """
      Reads a data set's YAML file (YOLO text, or COCO's files named in it), a COCO or Labelme \
      JSON file, a folder of Labelme's files, or CVAT's XML "for images 1.1". Writes a .json \
      file (COCO), an .xml file (CVAT), or a folder (--to yolo or labelme).

        poselab data convert dogs/data.yaml dogs.json --split train
        poselab data convert person_keypoints_val2017.json people --to yolo --split val \\
          --images-in coco/images/val2017
        poselab data convert people/data.yaml people.xml --split val
        poselab data convert annotations.xml checked --to labelme

      What a form cannot hold is counted and told. Everything is read before anything is \
      written, and nothing that is there is written over.
      """)

  @Argument(help: "Annotations: a file or a folder.") var input: String
  @Argument(help: "The file or folder to write; it must not be there.") var output: String
  @Option(help: "The form to write: yolo, coco, labelme or cvat. By default the output's name tells.")
  var to: String?
  @Option(help: "The split of a data set to convert, or that a file becomes: train, val or test.")
  var split: String?
  @Option(help: "Pictures of written folders: link, copy or none.") var images = "link"
  @Option(
    name: [.customLong("images-in"), .customLong("images_in")],
    help: "A folder with the pictures; may be repeated.")
  var imagesIn: [String] = []
  @Option(
    help: "Names of the keypoints in their order, joined by commas, for Labelme's files that do not tell it.")
  var keypoints: String?
  @Flag(
    name: [.customLong("skip-bad"), .customLong("skip_bad")],
    help: "Leave out rows of YOLO text that cannot be right, instead of refusing the data set.")
  var skipBad = false
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    var options = AnnotationConversion.Options()
    options.format = try Self.choice(to, "to", AnnotationConversion.Format.self)
    options.split = try Self.choice(split, "split", DatasetSplit.self)
    options.images = try Self.choice(images, "images", AnnotationConversion.Images.self) ?? .link
    options.folders = imagesIn
    options.skipsBadRows = skipBad
    options.keypointNames = (keypoints ?? "").split(separator: ",").map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    let conversion = try UsageError.marking {
      var conversion = try AnnotationConversion(input, to: output, options: options)
      try conversion.write()
      return conversion
    }
    Console.note(Self.note(conversion.output.limits))
    for line in conversion.losses.lines { Console.warning(line) }
    let imageCount = conversion.splits.reduce(0) { $0 + $1.set.images.count }
    let objectCount = conversion.splits.reduce(0) { $0 + $1.set.objectCount }
    if json {
      Console.output(
        JSONText.object([
          ("output", .string(output)), ("from", .string(conversion.input.rawValue)),
          ("to", .string(conversion.output.rawValue)), ("images", .int(imageCount)),
          ("objects", .int(objectCount)),
          ("losses", .object(conversion.losses.entries.map { ($0.what, .int($0.count)) })),
        ]).text)
    } else {
      Console.output(
        "\(output): \(imageCount) images, \(objectCount) objects, from \(conversion.input.rawValue) to "
          + conversion.output.rawValue)
    }
  }

  private static func note(_ limits: String) -> String { "in this form \(limits)" }

  private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ text: String?, _ option: String, _ type: Choice.Type
  ) throws -> Choice? {
    guard let text else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--\(option) must be one of \(known), not '\(text)'")
    }
    return choice
  }
}
