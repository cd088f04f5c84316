internal import ArgumentParser
internal import PoseLab

/// `poselab convert A B`: weights from one format to another.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert weights between PyTorch (.pt) and safetensors files.",
    discussion: """
      Reads checkpoints of the YOLO tools (the averaged weights where there are some), \
      PyTorch state dictionaries and safetensors files. Nothing in a .pt file is run: names \
      that weights do not need are refused. Numbers keep their type and bits.

        poselab convert yolo11n-pose.pt yolo11n-pose.safetensors
        poselab convert runs/pose/train/weights/best.safetensors best.pt

      A .pt file is written as a state dictionary, for torch.load(path, weights_only=True).
      """)

  @Argument(help: "The weights to read: .pt, .pth or .safetensors.") var input: String
  @Argument(help: "The file to write: .safetensors, or .pt for PyTorch.") var output: String
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let conversion: WeightsConversion
    do {
      conversion = try WeightsConversion(input, to: output)
    } catch let fault as WeightsConversion.Fault {
      throw UsageError(fault.description)
    }
    for note in conversion.notes { Console.note(note) }
    let description = conversion.description
    if json {
      var fields: [(String, JSONText)] = [
        ("output", .string(conversion.output)), ("tensors", .int(conversion.tensorCount)),
        ("bytes", .int(conversion.byteCount)),
      ]
      if let description {
        fields.append(("classes", .array(description.classNames.map { .string($0) })))
        fields.append(("keypoints", .int(description.skeleton.keypointCount)))
      }
      Console.output(JSONText.object(fields).text)
    } else {
      let megabytes = Figures.oneDecimal(Double(conversion.byteCount) / 1e6)
      Console.output("\(conversion.output): \(conversion.tensorCount) tensors, \(megabytes) MB")
    }
  }
}
