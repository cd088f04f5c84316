internal import Augmentations
internal import Config
internal import Data
internal import Foundation
internal import Imaging
internal import Interchange
internal import Layers
public import PoseCore
public import Tensor
internal import Training

/// Measures how fast PoseLab does its kinds of work on this machine. What is not given is made up.
public struct Benchmark: Sendable {
  /// Name or path of a model's YAML, or a file of weights.
  public var model = "yolo11n-pose.yaml"
  /// An experiment whose model, loss and data set are taken instead.
  var experiment: (source: ModelSource, loss: ComponentSpec, skeleton: Skeleton, classCount: Int)?
  public var imageSize = 640
  public var batch = 4
  /// A registered engine, or `auto`.
  public var engine = "auto"
  /// Of activations.
  public var precision = Precision.float32
  /// Nil takes one a core.
  public var threads: Int?
  /// Measured runs, after `warmups` that are not.
  public var runs = 10
  public var warmups = 2
  public let registry: Registry

  public init(registry: Registry) { self.registry = registry }

  /// Training steps: forward, loss, backward, clipping, optimiser and average; loading of images is left out.
  public func training() throws -> BenchmarkResult {
    let network = try network(seed: 0)
    let skeleton = experiment?.skeleton ?? .cocoPerson
    let loss = try registry.losses.make(
      experiment?.loss ?? ComponentSpec(name: "yolo_pose"),
      in: LossContext(
        skeleton: skeleton, classCount: experiment?.classCount ?? 1, layout: network.layout,
        registry: registry))
    let group = OptimizerGroup(learningRate: 1e-4, momentum: 0.937, decay: 5e-4)
    let groups = Dictionary(uniqueKeysWithValues: Parameter.Role.allCases.map { ($0, group) })
    let optimizer = try registry.optimizers.make(
      ComponentSpec(name: "sgd"), in: OptimizerContext(store: network.store, groups: groups))
    let average = ExponentialMovingAverage(network.store)
    let size = try side(network)
    let targets = (0..<batch).map { Self.people(image: $0, size: Float(size), skeleton) }
    let images = Self.noise(count: batch * size * size * 3)
    let device = network.store.device
    let times = measure(on: device) {
      let input = images.withUnsafeBufferPointer {
        Tensor(unitRange: $0, shape: [batch, size, size, 3], network.precision, on: device)
      }
      let value = loss(
        network(input, network.pass(.training)), targets: targets, imageSize: (height: size, width: size))
      value.total.backward()
      let norm = device.engine.sumOfSquares(network.store.gradients).squareRoot()
      optimizer.step(gradientScale: Float(min(1, 10 / (norm + 1e-6))))
      network.store.clearGradients()
      average.update()
    }
    return BenchmarkResult("train", images: batch, times: times, settings: settings(network, size))
  }

  /// Prediction: bytes to the network's input, forward, decoding and suppression.
  public func prediction() throws -> BenchmarkResult {
    let network = try ExportedGraph.isNamed(model) ? exported() : network(seed: 0)
    let size = try network.model.head.inputLimits.size ?? ImageSize(side: side(network))
    let images = Self.noise(count: batch * size.height * size.width * 3)
    let decoder = DetectionDecoder.prediction(EvaluationOptions())
    let letterbox = Letterbox.prediction(source: size, network: size)
    let times = try measure(on: network.store.device) {
      let input = images.withUnsafeBufferPointer {
        Tensor(
          unitRange: $0, shape: [batch, size.height, size.width, 3], network.precision,
          on: network.store.device)
      }
      let output = try network.checked(input, network.pass(.inference))
      for image in 0..<batch {
        _ = decoder.detections(output, image: image, network: network, letterbox: letterbox)
      }
    }
    return BenchmarkResult(
      "predict", images: batch, times: times, settings: settings(network, max(size.height, size.width)))
  }

  /// COCO keypoint evaluation from files, reading included.
  ///
  /// - Parameters:
  ///   - files: annotations and results; nil makes up those of `images` images.
  ///   - folder: where made-up files are kept; nil takes a temporary folder.
  public func evaluation(
    files: (annotations: String, results: String)? = nil, images: Int = 5000, folder: String? = nil
  ) throws -> BenchmarkResult {
    if let threads { Device.setThreads(threads) }
    return try Self.withFolder(folder) { folder in
      var files = files
      if files == nil {
        let made = try EvaluationBenchmarkData.generate(images: images, seed: 0, in: folder)
        files = (made.annotations, made.results)
      }
      guard let files else { return BenchmarkResult("evaluate", images: 1, times: [], settings: []) }
      var found: FileEvaluation?
      let times = try measure(warmups: 0) {
        found = try FileEvaluation.run(annotations: files.annotations, results: files.results)
      }
      let images = found?.imageCount ?? 1
      return BenchmarkResult(
        "evaluate", images: max(1, images), times: times,
        settings: [
          ("images", "\(images)"), ("detections", "\(found?.detectionCount ?? 0)"),
          ("threads", "\(Device.threads)"),
        ])
    }
  }

  /// Loading of augmented training batches, one epoch a run.
  ///
  /// - Parameters:
  ///   - dataset: a data set's YAML; nil makes up JPEG files.
  ///   - cacheBytes: decoded images that may stay in memory; the warm-up fills it.
  public func data(dataset: String? = nil, cacheBytes: Int = 0) throws -> BenchmarkResult {
    if let threads { Device.setThreads(threads) }
    return try Self.withFolder(nil) { folder in
      let file =
        try dataset
        ?? SyntheticPeople().write(
          to: folder + "/people", images: 64, size: min(4096, max(32, imageSize)), seed: 0,
          validationFraction: 0
        ).dataFile
      let index = try DatasetIndex(try DatasetSpec(contentsOf: file), split: .train)
      let context = AugmentationBuildContext(imageSize: imageSize, skeleton: index.skeleton)
      let steps = try AugmentationOptions().components().map {
        try registry.augmentations.make($0, in: context)
      }
      let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
      let loader = TrainingLoader(
        index, pipeline: TrainingPipeline(steps, imageSize: imageSize, skeleton: index.skeleton),
        options: LoaderOptions(
          imageSize: imageSize, batchSize: batch, workers: workers, cacheBytes: cacheBytes),
        seed: 0)
      var epoch = 0
      let times = try measure(warmups: 1) {
        let stream = loader.batches(epoch: epoch)
        while try stream.next() != nil {}
        epoch += 1
      }
      return BenchmarkResult(
        "data", images: index.count, times: times,
        settings: [
          ("imgsz", "\(imageSize)"), ("batch", "\(batch)"), ("workers", "\(workers)"),
          ("images", "\(index.count)"), ("cache", cacheBytes > 0 ? "ram" : "none"),
        ])
    }
  }

  /// Reading of a data set anew, and the beginning of an epoch: its order and first batch.
  ///
  /// - Parameter dataset: a data set's YAML.
  public func index(dataset: String) throws -> BenchmarkResult {
    if let threads { Device.setThreads(threads) }
    let spec = try DatasetSpec(contentsOf: dataset)
    var count = 0
    let times = try measure(warmups: 0) {
      let index = try DatasetIndex(spec, split: .train)
      let loader = TrainingLoader(
        index, pipeline: TrainingPipeline([], imageSize: imageSize, skeleton: index.skeleton),
        options: LoaderOptions(imageSize: imageSize, batchSize: batch, workers: 0), seed: 0)
      _ = try loader.batches(epoch: 0).next()
      count = index.count
    }
    return BenchmarkResult(
      "index", images: max(1, count), times: times,
      settings: [("images", "\(count)"), ("threads", "\(Device.threads)")])
  }

  // The parts

  private var execution: ExecutionOptions {
    var options = ExecutionOptions()
    options.engine = engine
    options.threads = threads
    return options
  }

  /// A model in an ONNX file.
  private func exported() throws -> PoseNetwork {
    let (head, device) = try ExportedGraph(Node(.string(model))).head(execution, registry, at: nil)
    return PoseNetwork(PoseModel(head: head, name: "ONNX"), device: device, seed: nil)
  }

  private func network(seed: UInt64) throws -> PoseNetwork {
    var spec = try experiment?.source.spec ?? ModelSource(Node(.string(model))).spec
    _ = spec.adapt(to: experiment?.skeleton ?? .cocoPerson, classCount: experiment?.classCount ?? 1)
    let device = try ExportedGraph.deviceForLayers(execution, registry, at: nil)
    return PoseNetwork(
      try PoseModel(spec, registry: registry), device: device, seed: seed, precision: precision)
  }

  private func side(_ network: PoseNetwork) throws(OptionError) -> Int {
    let multiple = network.model.sizeMultiple
    guard imageSize > 0, imageSize.isMultiple(of: multiple) else {
      throw OptionError("imgsz", "must be a multiple of \(multiple), but is \(imageSize)")
    }
    return imageSize
  }

  private func settings(_ network: PoseNetwork, _ size: Int) -> [(String, String)] {
    [
      ("model", model), ("imgsz", "\(size)"), ("batch", "\(batch)"),
      ("precision", network.precision.rawValue),
      ("engine", network.store.device.engine.name), ("threads", "\(Device.threads)"),
    ]
  }

  /// - Parameter device: whose memory is to be as after a while of work.
  private func measure(
    warmups: Int? = nil, on device: Device? = nil, _ body: () throws -> Void
  ) rethrows -> [Duration] {
    for _ in 0..<(warmups ?? self.warmups) { try body() }
    device?.pool.enlargePages()
    return try (0..<max(1, runs)).map { _ in
      let start = ContinuousClock.now
      try body()
      return ContinuousClock.now - start
    }
  }

  /// Bytes without pattern.
  private static func noise(count: Int) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  /// Four people of different sizes.
  private static func people(image: Int, size: Float, _ skeleton: Skeleton) -> [Instance] {
    (0..<4).map { person in
      let side = size * (0.2 + 0.15 * Float((person + image) % 4))
      let x = size * (0.05 + 0.1 * Float(person))
      let y = size * (0.05 + 0.08 * Float((person * 3 + image) % 4))
      let keypoints = (0..<skeleton.keypointCount).map { index in
        let part = Float(index) / Float(skeleton.keypointCount)
        return Keypoint(
          x: x + side * (0.2 + 0.5 * part), y: y + side * (0.1 + 0.8 * part), visibility: .visible)
      }
      return Instance(
        classIndex: 0, box: Box(x1: x, y1: y, x2: x + side * 0.8, y2: y + side), keypoints: keypoints)
    }
  }

  /// Runs `body` with a folder that is made where it is missing; a temporary one goes afterwards.
  private static func withFolder<Value>(_ given: String?, _ body: (String) throws -> Value) throws -> Value {
    let folder =
      given
      ?? FileManager.default.temporaryDirectory.appending(path: "poselab-benchmark-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { if given == nil { try? FileManager.default.removeItem(atPath: folder) } }
    return try body(folder)
  }
}
