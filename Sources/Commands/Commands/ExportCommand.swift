internal import ArgumentParser
internal import Config
internal import PoseLab

/// `poselab export`: a trained model as a file that other programs run.
struct ExportCommand: ParsableCommand {
  /// Truth values as the YOLO tools write them.
  struct Truth: ExpressibleByArgument {
    var isTrue: Bool

    init(_ isTrue: Bool) { self.isTrue = isTrue }

    init?(argument: String) {
      switch argument.lowercased() {
      case "true", "1", "yes": isTrue = true
      case "false", "0", "no": isTrue = false
      default: return nil
      }
    }

    var defaultValueDescription: String { isTrue ? "True" : "False" }
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trained model as ONNX.",
    discussion: """
      Takes weights (.safetensors, .pt) and writes a file that ONNX Runtime, OpenVINO and \
      others run. Its input 'images' is [batch, 3, height, width], red, green, blue from 0 to \
      1. Its output 'output0' is [batch, 4 + classes + keypoints x 3, anchors]: centre and size \
      of a box, scores, and x, y, confidence of each keypoint, in pixels of the input. With \
      nms=True it is [batch, max_det, 6 + keypoints x 3]: two corners, score, class, keypoints, \
      and rows of zeros after the last.

        poselab export model=best.safetensors format=onnx
        poselab export model=yolo11n-pose.pt format=onnx imgsz=480,640 opset=17
        poselab export model=best.safetensors dynamic=True half=True output=best16.onnx
        poselab export model=best.safetensors nms=True conf=0.4 batch=8
        poselab export model=best.safetensors int8=True data=coco-pose.yaml

      int8=True needs data: its validation pictures choose the scales, and the model is \
      measured on them before and after.
      """)

  @Option(help: "The weights: .safetensors or .pt; or a model's YAML together with pretrained.")
  var model: String
  @Option(help: "onnx, the only format so far.") var format = "onnx"
  @Option(help: "Weights for a model given by its YAML.") var pretrained: String?
  @Option(help: "Side of the pictures, or height,width, in pixels; that of the training by default.")
  var imgsz: String?
  @Option(help: "Pictures at a time.") var batch = 1
  @Option(help: "Leave batch, height and width to who runs the file.") var dynamic = Truth(false)
  @Option(help: "Weights and arithmetic in half precision.") var half = Truth(false)
  @Option(help: "Weights and convolutions on 8-bit integers; needs data.") var int8 = Truth(false)
  @Option(help: "Suppression of overlapping boxes in the file.") var nms = Truth(false)
  @Option(help: "ONNX's set of operators, 13 to 22.") var opset = 18
  @Option(help: "Taken for other tools' sake: what is written is simple already.")
  var simplify = Truth(true)
  @Option(help: "With nms: least score.") var conf = 0.25
  @Option(help: "With nms: overlap above which the lower score goes.") var iou = 0.7
  @Option(name: .customLong("max-det"), help: "With nms: rows for each picture.") var maxDet = 300
  @Option(name: .customLong("agnostic-nms"), help: "With nms: boxes suppress those of other classes too.")
  var agnosticNMS = Truth(false)
  @Option(help: "With int8: the data set's YAML.") var data: String?
  @Option(help: "With int8: how many pictures choose the scales.") var pictures = 128
  @Option(help: "The file to write; beside the weights by default.") var output: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if format != "onnx" { throw ValidationError("--format must be onnx, not '\(format)'") }
    if !(0...1).contains(conf) { throw ValidationError("--conf must be from 0 to 1, not \(conf)") }
    if !(0...1).contains(iou) { throw ValidationError("--iou must be from 0 to 1, not \(iou)") }
    if !(1...100_000).contains(maxDet) {
      throw ValidationError("--max-det must be from 1 to 100000, not \(maxDet)")
    }
    if pictures < 1 { throw ValidationError("--pictures must be at least 1, not \(pictures)") }
    if int8.isTrue && data == nil {
      throw ValidationError("int8=True needs pictures to choose its scales by: data=coco-pose.yaml")
    }
    _ = try size()
  }

  /// `640`, `480,640` or `[480, 640]`.
  private func size() throws -> (height: Int, width: Int)? {
    guard let imgsz else { return nil }
    let numbers = imgsz.split { "[](), x".contains($0) }.map { Int($0) ?? 0 }
    guard (1...2).contains(numbers.count), let height = numbers.first, let width = numbers.last,
      (1...16_384).contains(height), (1...16_384).contains(width)
    else {
      throw ValidationError("--imgsz must be a side or height,width up to 16384 pixels, not '\(imgsz)'")
    }
    return (height, width)
  }

  func run() throws {
    var export = ModelExport(model, registry: PoseLabCommand.registry)
    export.pretrained = pretrained
    export.imageSize = try size()
    export.batch = batch
    export.isDynamic = dynamic.isTrue
    export.isHalf = half.isTrue
    export.opset = opset
    export.maximumCount = maxDet
    if nms.isTrue {
      export.suppression = .init(
        minimumScore: conf, maximumIoU: iou, maximumCount: maxDet, classAgnostic: agnosticNMS.isTrue)
    }
    let result = try UsageError.marking(specFaults: true) {
      if int8.isTrue, let data {
        let reference = DataReference.file(data)
        export.calibration = Calibration(
          data: try reference.resolve(note: Console.plain), maximumCount: pictures)
      }
      do {
        return try export.write(to: output, progress: Console.plain)
      } catch ONNXExportError.option(let name, let reason) {
        throw UsageError("\(name): \(reason)")
      }
    }
    for note in result.notes { Console.note(note) }
    Console.output(json ? Self.document(result).text : Self.text(result))
  }

  private static func shape(_ port: ONNXModel.Port) -> String {
    let axes = port.shape.map { axis in
      switch axis {
      case .fixed(let extent): String(extent)
      case .free(let name): name
      }
    }
    return "[" + axes.joined(separator: ", ") + "]"
  }

  private static func text(_ result: ModelExport.Result) -> String {
    var lines = [
      "\(result.path): \(Figures.oneDecimal(Double(result.byteCount) / 1e6)) MB, \(result.nodeCount) operators,"
        + " \(result.input.name) \(shape(result.input)) to \(result.output.name) \(shape(result.output))"
    ]
    if let loss = result.loss {
      lines.append("on \(loss.imageCount) pictures, in 32-bit numbers and in 8-bit integers:")
      for figure in loss.figures {
        lines.append(
          "  \(figure.name): \(Figures.four(figure.full)) and \(Figures.four(figure.quantized)), a loss of"
            + " \(Figures.four(figure.loss))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func document(_ result: ModelExport.Result) -> JSONText {
    var fields: [(String, JSONText)] = [
      ("output", .string(result.path)), ("bytes", .int(result.byteCount)),
      ("operators", .int(result.nodeCount)), ("input_shape", .string(shape(result.input))),
      ("output_shape", .string(shape(result.output))),
    ]
    if let loss = result.loss {
      fields.append(
        (
          "figures",
          .object(
            loss.figures.map {
              ($0.name, .object([("float32", .number($0.full)), ("int8", .number($0.quantized))]))
            })
        ))
    }
    return .object(fields)
  }
}
