public import Data
public import PoseCore

/// What a validation found.
public struct ValidationReport: Sendable {
  public var imageCount: Int
  /// Which images of the split these are.
  public var selection: ImageSelection?
  /// Labelled objects that count.
  public var instanceCount: Int
  /// One a metric, in the order they were asked for.
  public var metrics: [MetricReport]
  /// Mean of each item of the loss over batches; empty if none was computed.
  public var losses: [EpochRecord.Figure]
  /// Milliseconds an image.
  public var speed: Speed

  public struct Speed: Sendable, Equatable {
    public var loading = 0.0
    public var inference = 0.0
    public var postprocessing = 0.0

    public init(loading: Double = 0, inference: Double = 0, postprocessing: Double = 0) {
      self.loading = loading
      self.inference = inference
      self.postprocessing = postprocessing
    }

    mutating func divide(by count: Double) {
      loading /= count
      inference /= count
      postprocessing /= count
    }
  }

  public init(
    imageCount: Int, instanceCount: Int, metrics: [MetricReport], losses: [EpochRecord.Figure] = [],
    speed: Speed = Speed()
  ) {
    self.imageCount = imageCount
    self.instanceCount = instanceCount
    self.metrics = metrics
    self.losses = losses
    self.speed = speed
  }

  public subscript(metric name: String) -> MetricReport? { metrics.first { $0.name == name } }

  /// The reference tools' figures, of boxes (B) and poses (P), under the names of `results.csv`; empty where that
  /// metric was not computed.
  public var yoloFigures: [EpochRecord.Figure] {
    (self[metric: "yolo_map"]?.values ?? []).filter { $0.name != "fitness" }
      .map { EpochRecord.Figure($0.name, $0.value) }
  }

  /// What `results.csv` shows: `yoloFigures`, and what other metrics want logged, as `pck/PCK@0.05`.
  public var loggedFigures: [EpochRecord.Figure] {
    yoloFigures
      + metrics.flatMap { report in
        report.values.filter { report.logged.contains($0.name) }.map {
          EpochRecord.Figure("\(report.name)/\($0.name)", $0.value)
        }
      }
  }

  /// Box mAP50-95 + pose mAP50-95 of `yolo_map`; nil without it.
  public var fitness: Double? { self[metric: "yolo_map"]?["fitness"] }
}
