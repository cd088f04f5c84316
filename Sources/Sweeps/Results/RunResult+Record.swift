package import Training

extension RunResult {
  /// Takes over what the run's folder says of it: epochs, figures, scores by image, environment, time of training.
  package mutating func take(_ record: RunRecord) {
    epochs = record.epochs
    environment = record.environment
    images = record.images
    cost.trainingSeconds = record.seconds
    figures = record.metrics.flatMap { metric, values in
      values.map { Figure(metric: metric, name: $0.name, value: $0.value) }
    }
  }
}
