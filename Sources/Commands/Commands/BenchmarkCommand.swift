internal import ArgumentParser
internal import PoseLab

/// `poselab benchmark …`: how fast this machine does each kind of work.
struct BenchmarkCommand: ParsableCommand {
  enum Work: String, CaseIterable, ExpressibleByArgument {
    case train
    case predict
    case evaluate
    case data
    case index
  }

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case f32
    case bf16
  }

  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure the speed of training, prediction, evaluation, data loading or indexing.",
    discussion: """
      What is not given is made up. Prints the median, least and most milliseconds an image over \
      the runs, and the most memory the process has held.

        poselab benchmark train model=yolo11n-pose.yaml imgsz=640 batch=4
        poselab benchmark predict batch=1 threads=2 --json
        poselab benchmark model=best.onnx
        poselab benchmark evaluate

      --json prints {"work": …, "ms_per_image": {"median": …, "min": …, "max": …}, \
      "peak_memory_mb": …} and what was measured.
      """)

  @Argument(help: "What to measure: train, predict, evaluate, data or index.") var work = Work.predict
  @Option(help: "Name or path of a model's YAML, or a file: weights, or for predict an .onnx file.")
  var model = "yolo11n-pose.yaml"
  @Option(help: "Side of the pictures in pixels.") var imgsz = 640
  @Option(help: "Pictures a batch; 4, and 1 for predict.") var batch: Int?
  @Option(help: "Number format of activations: f32 or bf16.") var precision = Format.f32
  @Option(help: "What computes: auto, or one of 'poselab list engine'.") var engine = "auto"
  @Option(help: "Threads; one a core by default.") var threads: Int?
  @Option(help: "Measured runs; 10, and 3 for evaluate, data and index.") var runs: Int?
  @Option(help: "For evaluate: an annotation file.") var annotations: String?
  @Option(help: "For evaluate: its results file.") var results: String?
  @Option(help: "For evaluate: keep the made-up files in this folder.") var output: String?
  @Option(help: "For data: a data set's YAML instead of made-up pictures; index needs it.") var data: String?
  @Option(help: "For evaluate: made-up pictures; 5000 by default.") var images: Int?
  @Option(help: "For data: ram keeps decoded pictures in memory, none does not.") var cache = "none"
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    for (name, value) in [
      ("imgsz", imgsz), ("batch", batch), ("threads", threads), ("runs", runs), ("images", images),
    ] {
      if let value, value < 1 { throw ValidationError("--\(name) must be at least 1, not \(value)") }
    }
    if imgsz > 16_384 { throw ValidationError("--imgsz must be at most 16384, not \(imgsz)") }
    if work == .index && data == nil { throw ValidationError("index needs data=, a data set's YAML") }
    if cache != "none" && cache != "ram" {
      throw ValidationError("--cache must be none or ram, not '\(cache)'")
    }
    if (annotations == nil) != (results == nil) {
      throw ValidationError("--annotations and --results belong together")
    }
  }

  func run() throws {
    var benchmark = Benchmark(registry: PoseLabCommand.registry)
    benchmark.model = model
    benchmark.imageSize = imgsz
    benchmark.batch = batch ?? (work == .predict ? 1 : 4)
    benchmark.engine = engine
    benchmark.precision = precision == .bf16 ? .bfloat16 : .float32
    benchmark.threads = threads
    benchmark.runs = runs ?? ([.evaluate, .data, .index].contains(work) ? 3 : 10)
    let result = try UsageError.marking(specFaults: true) {
      switch work {
      case .train: try benchmark.training()
      case .predict: try benchmark.prediction()
      case .evaluate:
        try benchmark.evaluation(
          files: annotations.flatMap { first in results.map { (first, $0) } }, images: images ?? 5000,
          folder: output)
      case .data: try benchmark.data(dataset: data, cacheBytes: cache == "ram" ? 8 << 30 : 0)
      case .index: try benchmark.index(dataset: data ?? "")
      }
    }
    Console.output(json ? Self.document(result).text : Self.text(result))
  }

  private static func document(_ result: BenchmarkResult) -> JSONText {
    .object(
      [
        ("work", .string(result.work)),
        (
          "ms_per_image",
          .object([
            ("median", .number(result.median)), ("min", .number(result.minimum)),
            ("max", .number(result.maximum)),
          ])
        ), ("peak_memory_mb", .number(result.peakMemory)),
        ("ms_total", .number(result.median * Double(result.images))),
        ("runs", .int(result.millisecondsPerImage.count)),
      ] + result.settings.map { ($0.name, Int($0.value).map { .int($0) } ?? .string($0.value)) })
  }

  private static func text(_ result: BenchmarkResult) -> String {
    let settings = result.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return """
      \(result.work): \(settings)
      \(number(result.median)) ms an image (\(number(result.minimum)) to \(number(result.maximum)) in \
      \(result.millisecondsPerImage.count) runs), at most \(Figures.oneDecimal(result.peakMemory)) MB
      """
  }

  private static func number(_ value: Double) -> String {
    value < 1 ? Figures.four(value) : Figures.oneDecimal(value)
  }
}
