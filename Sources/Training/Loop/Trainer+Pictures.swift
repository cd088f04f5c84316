internal import Data
internal import FileSystem
internal import Imaging
internal import Interchange
internal import PoseCore

extension Trainer {
  /// `train_batch*.jpg`: the first three batches, and the first three without mosaics.
  func draw(_ batch: Batch, iteration: Int) throws {
    guard options.run.plots else { return }
    let closing = options.schedule.closeMosaic
    let closed = closing > 0 ? (plan.epochs - closing) * plan.batchesPerEpoch : 0
    guard iteration < 3 || closed > 0 && (closed..<(closed + 3)).contains(iteration) else { return }
    try drawing {
      let illustrator = PoseIllustrator(skeleton: description.skeleton, classNames: description.classNames)
      let names = names(of: batch)
      let tiles = (0..<min(batch.count, ValidationPictures.tileLimit)).map { place in
        ContactSheet.Tile(
          image: batch.image(at: place), caption: names[place],
          figures: batch.instances[place].map(illustrator.figure))
      }
      let sheet = try ContactSheet(tiles).render()
      try keep("train_batch\(iteration).jpg") { try sheet.write(to: $0, durable: false) }
    }
  }

  /// `labels.jpg`.
  func drawLabels() throws {
    guard options.run.plots else { return }
    try drawing {
      let picture = try Figure.labels(data.index.labelStatistics, title: "training labels").image()
      try keep("labels.jpg") { try picture.write(to: $0, subsampling: .none, durable: false) }
    }
  }

  /// `results.png`, the metrics' curves, and the first validation batches.
  func drawResults(_ found: ValidationReport, _ pictures: ValidationPictures) throws {
    try drawing {
      for (name, picture) in try pictures.rendered() {
        try keep(name) { try picture.write(to: $0, durable: false) }
      }
      for report in found.metrics {
        for (name, figure) in report.curveFigures {
          try keep(name) { _ in try directory.write(try figure.pngData(), to: name) }
        }
      }
      let curves = Figure.results(ResultsTable(state.history).curves)
      try keep("results.png") { _ in try directory.write(try curves.pngData(), to: "results.png") }
    }
  }

  /// Writes a file of the run's folder, and reports it.
  private func keep(_ name: String, _ write: (_ path: String) throws -> Void) throws {
    let path = directory.file(name)
    try write(path)
    try report(.picture(path: path))
  }

  /// Pictures never end a run, but a full disk does.
  private func drawing(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      if let full = diskFullError(error) { throw full }
      try report(.warning("a picture could not be written: \(error)"))
    }
  }
}
