import PoseCore
import Testing
import Training

@Suite struct `Progress in a terminal` {
  private func text(isTerminal: Bool, columns: Int = 160, _ events: [TrainingEvent]) -> String {
    var text = ""
    let reporter = ConsoleReporter(isTerminal: isTerminal, columns: columns) { text += $0 }
    for event in events { reporter.handle(event) }
    return text
  }

  private var events: [TrainingEvent] {
    let losses = [EpochRecord.Figure("box_loss", 2.71828), EpochRecord.Figure("pose_loss", 10.5)]
    let report = ValidationReport(
      imageCount: 4, instanceCount: 7,
      metrics: [
        MetricReport(
          name: "yolo_map",
          values: ["B", "P"].flatMap { part in
            ["precision", "recall", "mAP50", "mAP50-95"].map { MetricValue("metrics/\($0)(\(part))", 0.25) }
          })
      ])
    return [
      .started(
        RunSummary(
          directory: "runs/pose/train", model: "yolo11n-pose", parameters: 2_874_462, engine: "onednn",
          threads: 2,
          epochs: 2, batch: 4, imageSize: 64, trainImages: 10, validationImages: 4, optimizer: "sgd(lr=0.01)",
          lossItems: ["box_loss", "pose_loss"])),
      .epochStarted(epoch: 1, batches: 3),
      .batch(
        BatchProgress(
          epoch: 1, epochs: 2, batch: 3, batches: 3, losses: losses, instances: 9, imageSize: 64,
          imagesPerSecond: 31.25, timeLeft: 0)),
      .validated(report),
      .epochFinished(
        EpochRecord(
          epoch: 1, seconds: 65, trainLosses: losses, learningRates: [], fitness: 0.5, imagesPerSecond: 30,
          isBest: true)),
    ]
  }

  @Test func `is a line an epoch elsewhere`() {
    #expect(
      text(isTerminal: false, events) == """
        yolo11n-pose: 2,874,462 parameters, engine onednn, 2 threads
        sgd(lr=0.01)
        10 training and 4 validation images of 64 pixels, batches of 4, 2 epochs
        run folder: runs/pose/train
             epoch       box      pose   objects      size
               1/2     2.718      10.5         9        64  30.0 images/s, 1:05 in all
        4 images, 7 objects  box: P 0.250 R 0.250 mAP50 0.250 mAP50-95 0.250  pose: P 0.250 R 0.250 mAP50 0.250 \
        mAP50-95 0.250  best

        """)
  }

  @Test func `rewrites its line on a terminal`() {
    let shown = text(isTerminal: true, events)
    #expect(
      shown.contains(
        "\r       1/2     2.718      10.5         9        64  ━━━━━━━━━━ 3/3 31.2/s 0:00 left"))
    #expect(shown.hasSuffix("best\n"))
  }

  @Test func `shows the line's end on a narrow terminal, too`() {
    let shown = text(isTerminal: true, columns: 80, events)
    #expect(shown.contains("\r     1/2   2.718    10.5  ━━━━━━━━━━ 3/3 31.2/s 0:00 left\u{1B}[K"))
  }
}

@Suite struct `The table of results` {
  @Test func `leaves fields empty that an epoch lacks`() {
    let rates = [EpochRecord.Figure("pg0", 0.001)]
    let records = [
      EpochRecord(
        epoch: 1, seconds: 2.5, trainLosses: [.init("box_loss", 1)], learningRates: rates, imagesPerSecond: 8),
      EpochRecord(
        epoch: 2, seconds: 5, trainLosses: [.init("box_loss", 1.0 / 3)],
        metrics: [.init("metrics/mAP50(B)", 0.5)],
        learningRates: rates, fitness: 0.5, imagesPerSecond: 8, isBest: true),
    ]
    #expect(
      ResultsTable(records).csv == """
        epoch,time,train/box_loss,metrics/mAP50(B),lr/pg0
        1,2.5,1,,0.001
        2,5,0.333333,0.5,0.001

        """)
    #expect(
      ResultsTable(records).jsonLines == """
        {"epoch":1,"time":2.5,"train/box_loss":1.0,"lr/pg0":0.001,"images_per_second":8.0,"best":false}
        {"epoch":2,"time":5.0,"train/box_loss":0.3333333333333333,"metrics/mAP50(B)":0.5,"lr/pg0":0.001,\
        "fitness":0.5,"images_per_second":8.0,"best":true}

        """)
  }
}

@Suite struct `Settings of a run` {
  @Test func `are those of the field`() {
    let options = TrainingOptions()
    #expect(options.schedule.epochs == 100 && options.schedule.batch == 16 && options.schedule.imgsz == 640)
    #expect(options.optimization.lr0 == 0.01 && options.optimization.warmupBiasLR == 0.1)
    #expect(options.problems.isEmpty)
  }

  @Test func `that cannot work are all named`() {
    var options = TrainingOptions()
    options.schedule.batch = 0
    options.optimization.momentum = .nan
    options.augmentation.fliplr = 1.5
    options.execution.workers = 300
    #expect(
      options.problems.map(\.description) == [
        "'batch' must be 1 or more, but is 0", "'momentum' must be at least 0 and below 1, but is nan",
        "'fliplr' must be from 0 to 1, but is 1.5",
        "'workers' must be from 0 to 256, but is 300",
      ])
  }
}
