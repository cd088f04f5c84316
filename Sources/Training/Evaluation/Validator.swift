public import Data
public import Imaging
internal import Layers
public import PoseCore
internal import Tensor

/// Runs a model over a validation set and measures what it finds.
///
/// The model runs in inference mode; detections are chosen, brought back to the pixels of the original images, and
/// handed to each metric.
public final class Validator {
  public let network: PoseNetwork
  /// Nil computes no losses.
  public let loss: (any PoseLoss)?
  public let metrics: [any Metric]
  public var decoder: DetectionDecoder
  /// Which images of the split are measured, for the report; nil where that is not known.
  public let selection: ImageSelection?

  /// Sees every image, in order.
  public typealias ImageHandler = (ValidatedImage) throws -> Void

  public init(
    network: PoseNetwork, loss: (any PoseLoss)? = nil, metrics: [any Metric], decoder: DetectionDecoder,
    selection: ImageSelection? = nil
  ) {
    self.network = network
    self.loss = loss
    self.metrics = metrics
    self.decoder = decoder
    self.selection = selection
  }

  /// - Parameters:
  ///   - cancellation: looked at between batches.
  ///   - progress: images done so far.
  /// - Returns: nil if cancelled.
  /// - Throws: what the data, `progress` or `handle` throw.
  public func run(
    _ data: ValidationLoader, cancellation: CancellationFlag? = nil,
    progress: (Int) throws -> Void = { _ in },
    handle: ImageHandler = { _ in }
  ) throws -> ValidationReport? {
    for metric in metrics { metric.reset() }
    var report = ValidationReport(imageCount: 0, instanceCount: 0, metrics: [])
    var lossSums: [Double] = []
    var batchCount = 0
    let clock = ContinuousClock()
    var mark = clock.now
    func lap(_ time: inout Double) {
      let now = clock.now
      time += (now - mark) / .milliseconds(1)
      mark = now
    }
    let stream = data.batches()
    defer { stream.cancel() }
    while let batch = try stream.next() {
      if cancellation?.isSet == true { return nil }
      lap(&report.speed.loading)
      let output = try network.checked(
        batch.inputs(network.precision, on: network.store.device), network.pass(.inference))
      if let loss {
        let size = (height: batch.inputSize.height, width: batch.inputSize.width)
        let items = loss(output, targets: batch.instances, imageSize: size).items
        if lossSums.isEmpty { lossSums = [Double](repeating: 0, count: items.count) }
        for (index, item) in items.enumerated() { lossSums[index] += Double(item) }
      }
      lap(&report.speed.inference)
      for place in 0..<batch.count {
        let image = ValidatedImage(
          index: batch.indices[place], batch: batch, place: place,
          evaluated: evaluated(output, batch, place, data.index), path: data.index.paths[batch.indices[place]]
        )
        for metric in metrics { metric.update(image.evaluated) }
        try handle(image)
        report.instanceCount += image.evaluated.groundTruths.count { !$0.isCrowd && !$0.isIgnored }
      }
      lap(&report.speed.postprocessing)
      report.imageCount += batch.count
      batchCount += 1
      try progress(report.imageCount)
    }
    report.selection = selection
    report.metrics = metrics.map { $0.compute() }
    if let loss, batchCount > 0 {
      report.losses = zip(loss.itemNames, lossSums).map {
        EpochRecord.Figure($0, $1 / Double(batchCount))
      }
    }
    report.speed.divide(by: Double(max(1, report.imageCount)))
    return report
  }

  private func evaluated(
    _ output: HeadOutput, _ batch: Batch, _ place: Int, _ index: DatasetIndex
  ) -> EvaluatedImage {
    let letterbox = batch.letterboxes[place]
    let image = batch.indices[place]
    return EvaluatedImage(
      imageID: index.imageID(of: image), width: letterbox.source.width, height: letterbox.source.height,
      groundTruths: index.groundTruths(of: image),
      detections: decoder.detections(output, image: place, network: network, letterbox: letterbox))
  }
}

/// One image of a validation: what is labelled and what was found in it, and where it lies in its batch.
public struct ValidatedImage: Sendable {
  /// Its place in the index.
  public let index: Int
  public let batch: Batch
  public let place: Int
  public let evaluated: EvaluatedImage
  public let path: String

  public var letterbox: Letterbox { batch.letterboxes[place] }
  /// The file's name.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
