internal import Foundation
internal import PoseCore

/// Shows a run in a terminal: a progress line an epoch, the figures of each validation, a table at the end.
///
/// On a terminal the progress line is rewritten in place; elsewhere each epoch is one line. It writes through the
/// function it is given, so the program decides where to.
public final class ConsoleReporter: TrainingObserver {
  private let write: (String) -> Void
  private let isTerminal: Bool
  private let columns: Int
  private let classLimit = 20
  private var epochs = 0
  private var lossItems: [String] = []
  private var shown = ContinuousClock.now
  private var isLineOpen = false
  private var lastBatch: BatchProgress?
  private var validationTotal = 0
  private var pending: ValidationReport?

  /// - Parameters:
  ///   - isTerminal: whether lines may be rewritten.
  ///   - columns: the terminal's width.
  ///   - write: gets text as it is to appear, newlines included.
  public init(isTerminal: Bool, columns: Int = 100, write: @escaping (String) -> Void) {
    self.write = write
    self.isTerminal = isTerminal
    self.columns = max(40, columns)
  }

  public func handle(_ event: TrainingEvent) {
    switch event {
    case .started(let summary): start(summary)
    case .note(let text): line(text)
    case .warning(let text): line("warning: " + text)
    case .epochStarted(let epoch, _): epochStarted(epoch)
    case .batch(let progress): batch(progress)
    case .validationStarted(let images): validationTotal = images
    case .validationProgress(let images, let total): validation(images, total)
    case .validated(let report): pending = report
    case .epochFinished(let record): epochFinished(record)
    case .checkpoint, .picture: break
    case .finished(let outcome): finished(outcome)
    }
  }

  // MARK: Lines

  /// Replaces the progress line, or ends it.
  private func line(_ text: String) {
    closeLine()
    write(text + "\n")
  }

  private func closeLine() {
    if isLineOpen { write("\n") }
    isLineOpen = false
  }

  private func progress(_ text: String) {
    guard isTerminal else { return }
    // Clear to the end of the line: what was there may be longer.
    write("\r" + String(text.prefix(columns - 1)) + "\u{1B}[K")
    isLineOpen = true
  }

  /// Rewrites are no more frequent than eyes.
  private func isDue(_ isLast: Bool) -> Bool {
    let now = ContinuousClock.now
    guard isLast || now - shown > .milliseconds(100) else { return false }
    shown = now
    return true
  }

  // MARK: Events

  private func start(_ summary: RunSummary) {
    epochs = summary.epochs
    lossItems = summary.lossItems.map { $0.hasSuffix("_loss") ? String($0.dropLast(5)) : $0 }
    line(
      "\(summary.model): \(summary.parameters.formatted(.number.locale(Locale(identifier: "en_US")))) parameters, "
        + "engine \(summary.engine), \(summary.threads) threads")
    line(summary.optimizer)
    line(
      "\(summary.trainImages) training and \(summary.validationImages) validation images of "
        + "\(summary.imageSize) pixels, batches of \(summary.batch), \(summary.epochs) epochs")
    if let at = summary.resumedAt {
      line("resumed at epoch \(at.epoch)" + (at.batch > 0 ? " after \(at.batch) batches" : ""))
    }
    line("run folder: \(summary.directory)")
    line(Self.row(["epoch"] + lossItems + (isNarrow ? [] : ["objects", "size"]), width: cellWidth))
  }

  private func epochStarted(_ epoch: Int) {
    lastBatch = nil
    shown = ContinuousClock.now
  }

  private func batch(_ progress: BatchProgress) {
    lastBatch = progress
    guard isTerminal, isDue(progress.batch == progress.batches) else { return }
    self.progress(
      Self.row(cells(progress), width: cellWidth) + "  "
        + Self.bar(progress.batch, of: progress.batches, width: 10)
        + String(format: " %.1f/s ", progress.imagesPerSecond)
        + Self.duration(progress.timeLeft) + " left")
  }

  private func cells(_ progress: BatchProgress) -> [String] {
    ["\(progress.epoch)/\(progress.epochs)"] + progress.losses.map { Self.figure($0.value) }
      + (isNarrow ? [] : ["\(progress.instances)", "\(progress.imageSize)"])
  }

  /// On a terminal of few columns the progress line leaves out what matters least, for its end must be seen.
  private var isNarrow: Bool { isTerminal && columns < 118 }
  private var cellWidth: Int { isNarrow ? 8 : 10 }

  private func validation(_ images: Int, _ total: Int) {
    guard isTerminal, isDue(images == total) else { return }
    if isLineOpen, lastBatch?.batch == lastBatch?.batches { closeLine() }
    progress("validation  " + Self.bar(images, of: total))
    if images == total {
      write("\r\u{1B}[K")
      isLineOpen = false
    }
  }

  private func epochFinished(_ record: EpochRecord) {
    if !isTerminal, let lastBatch {
      line(
        Self.row(cells(lastBatch)) + String(format: "  %.1f images/s, ", record.imagesPerSecond)
          + Self.duration(record.seconds) + " in all")
    } else {
      closeLine()
    }
    guard let report = pending else { return }
    pending = nil
    var text = "\(report.imageCount) images, \(report.instanceCount) objects"
    for (part, name) in [("B", "box"), ("P", "pose")] {
      let figures = report[metric: "yolo_map"]
      let values = ["precision", "recall", "mAP50", "mAP50-95"].compactMap {
        figures?["metrics/\($0)(\(part))"]
      }
      if values.count == 4 {
        text += String(
          format: "  %@: P %.3f R %.3f mAP50 %.3f mAP50-95 %.3f", name, values[0], values[1], values[2],
          values[3])
      }
    }
    line(text + (record.isBest ? "  best" : ""))
  }

  private func finished(_ outcome: TrainingOutcome) {
    closeLine()
    let epochs = "\(outcome.epochs) epochs in \(Self.duration(outcome.seconds))"
    switch outcome.ending {
    case .completed: line(epochs)
    case .stoppedEarly:
      line("stopped early: no better epoch than \(outcome.bestEpoch ?? 0) for a while; \(epochs)")
    case .timeIsUp: line("the time is up; \(epochs)")
    case .paused:
      line("paused after \(epochs) as asked; resume=\(outcome.directory) goes on")
    case .interrupted:
      line("interrupted after \(epochs); the checkpoint is written: resume=\(outcome.directory) goes on")
    }
    if let report = outcome.report {
      if let best = outcome.bestEpoch { line("weights/best.safetensors, from epoch \(best):") }
      for text in Self.table(report, classLimit: classLimit) { line(text) }
    }
    line("results in \(outcome.directory)")
  }
}
