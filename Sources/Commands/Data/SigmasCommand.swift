internal import ArgumentParser
internal import Data
internal import Foundation

/// `poselab data sigmas`: how exactly keypoints can be told, from repeated annotation.
struct SigmasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sigmas",
    abstract: "Estimate OKS sigmas from several annotators' labels of the same pictures.",
    discussion: """
      Takes two or more COCO keypoint files, one of each annotator. As COCO did, sigma² is the mean of \
      d²/s²: d is how far a label is from the mean of all annotators' labels of the keypoint, s² the \
      object's area; sums are divided by m - 1 for m annotators of an object. Objects are the same where \
      their boxes overlap by half or more.

        poselab data sigmas anna.json ben.json chris.json

      Prints the lines for the dataset YAML; figures of each keypoint go to standard error.
      """)

  @Argument(help: "COCO keypoint files of the same pictures.") var files: [String]
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    if files.count < 2 { throw UsageError("give the files of two annotators or more") }
    let estimate = try SigmaEstimate(try files.map { try COCOAnnotations.read($0) })
    if json {
      let rows = estimate.keypoints.map { keypoint in
        JSONText.object([
          ("name", .string(keypoint.name)), ("sigma", keypoint.sigma.map { .number($0) } ?? .null),
          ("objects", .int(keypoint.objects)), ("labels", .int(keypoint.labels)),
        ])
      }
      let fields: [(String, JSONText)] = [
        ("images", .int(estimate.images)), ("objects", .int(estimate.objects)),
        ("matched_objects", .int(estimate.matchedObjects)), ("keypoints", .array(rows)),
      ]
      Console.output(JSONText.object(fields).text)
      return
    }
    var table = TextTable(["keypoint", ">sigma", ">objects", ">labels"])
    for keypoint in estimate.keypoints {
      table.add(keypoint.name, Self.text(keypoint.sigma), String(keypoint.objects), String(keypoint.labels))
    }
    Console.plain(table.text)
    Console.plain(
      "\(estimate.matchedObjects) of \(estimate.objects) objects in \(estimate.images) pictures were labelled by"
        + " more than one annotator")
    let poor = estimate.keypoints.filter { $0.objects < SigmaEstimate.fewObjects }
    if !poor.isEmpty {
      Console.warning(
        "fewer than \(SigmaEstimate.fewObjects) objects for \(poor.map(\.name).joined(separator: ", ")): these"
          + " figures are rough")
    }
    let missing = estimate.keypoints.filter { $0.sigma == nil }.map(\.name)
    if !missing.isEmpty {
      throw UsageError(
        "no sigma for \(missing.joined(separator: ", ")): no two different labels of one object; the dataset YAML"
          + " needs one for every keypoint")
    }
    Console.output(
      "kpt_oks_sigmas:\n"
        + estimate.keypoints.map { "  \($0.name): \(Self.text($0.sigma))" }.joined(separator: "\n"))
  }

  private static func text(_ sigma: Double?) -> String {
    sigma.map { String(format: "%.4f", $0) } ?? "none"
  }
}
