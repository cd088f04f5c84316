import Metrics
import PoseCore
import Sweeps
import Tensor
import Testing

/// Random people and detections of them, with ties, crowds and people without labelled keypoints.
private enum RandomScenes {
  static func images(
    _ count: Int, classes: Int, seed: UInt64, hasTies: Bool = true
  ) -> [EvaluatedImage] {
    (0..<count).map { index in
      var random = RandomStream(seed: seed, purpose: .test, index: index)
      func point(_ x: Double, _ y: Double) -> (Float, Float) { (Float(x), Float(y)) }
      let labels = (0..<random.integer(below: 5)).map { number in
        let (x, y) = (random.uniform(0, 300), random.uniform(0, 200))
        let side = random.uniform(30, 200)
        let isBlank = random.bernoulli(0.1)
        let keypoints = (0..<17).map { joint in
          Keypoint(
            x: Float(x + side * Double(joint % 4) / 4), y: Float(y + side * Double(joint) / 17),
            visibility: isBlank || random.bernoulli(0.2) ? .unlabelled : .visible)
        }
        return GroundTruth(
          id: index * 10 + number + 1,
          instance: Instance(
            classIndex: random.integer(below: classes),
            box: Box(x1: Float(x), y1: Float(y), x2: Float(x + side), y2: Float(y + side)),
            keypoints: keypoints), area: side * side * 0.6, isCrowd: random.bernoulli(0.1))
      }
      let detections = (0..<random.integer(below: 26)).map { _ in
        let known = labels.isEmpty ? nil : labels[random.integer(below: labels.count)]
        let blur = random.uniform(0, 25)
        let keypoints = (0..<17).map { joint in
          let base = known?.instance.keypoints[joint] ?? Keypoint(x: 50, y: 60, visibility: .visible)
          return PredictedKeypoint(
            x: base.x + Float(random.uniform(-blur, blur)), y: base.y + Float(random.uniform(-blur, blur)),
            confidence: 1)
        }
        return Detection(
          classIndex: random.bernoulli(0.9)
            ? known?.instance.classIndex ?? 0 : random.integer(below: classes),
          score: hasTies ? Float(random.integer(below: 12)) / 11 : Float(random.uniform()),
          box: known?.instance.box ?? Box(x1: 1, y1: 2, x2: 30, y2: 50), keypoints: keypoints)
      }
      return EvaluatedImage(
        imageID: 3 * index + 1, width: 500, height: 400, groundTruths: labels, detections: detections)
    }
  }

  static func metric(_ images: [EvaluatedImage], classes: Int) -> COCOKeypointsMetric {
    let metric = COCOKeypointsMetric(
      skeleton: .cocoPerson, classNames: (0..<classes).map { "class \($0)" })
    for image in images { metric.update(image) }
    return metric
  }
}

@Suite struct `Figures of any selection of images` {
  @Test(arguments: [1, 2, 4])
  func `are those of the metric over all images, to the last bit`(classes: Int) throws {
    let metric = RandomScenes.metric(RandomScenes.images(40, classes: classes, seed: 5), classes: classes)
    let report = metric.compute()
    let sampler = PrecisionSampler(metric.imageScores(), thresholds: metric.thresholds)
    for name in ["AP", "AP50", "AP75", "AR", "AR50", "AR75"] {
      let figure = try #require(PrecisionSampler.Figure(named: name, thresholds: metric.thresholds))
      #expect(sampler.value(figure) == report[name], "\(name) with \(classes) classes")
    }
    #expect((report["AP"] ?? 0) > 0.02 && (report["AP"] ?? 1) < 0.9)
    #expect(PrecisionSampler.Figure(named: "APm", thresholds: metric.thresholds) == nil)
    #expect(PrecisionSampler.Figure(named: "AP52", thresholds: metric.thresholds) == nil)
  }

  @Test func `count copies of an image as so many images`() throws {
    let images = RandomScenes.images(14, classes: 2, seed: 8, hasTies: false)
    let counts: [Int32] = [0, 2, 1, 0, 3, 1, 1, 0, 0, 2, 1, 1, 2, 0]
    var copies: [EvaluatedImage] = []
    for (image, count) in zip(images, counts) {
      for copy in 0..<Int(count) {
        var image = image
        image.imageID = image.imageID * 10 + copy
        copies.append(image)
      }
    }
    let whole = RandomScenes.metric(images, classes: 2)
    let sampler = PrecisionSampler(whole.imageScores(), thresholds: whole.thresholds)
    let report = RandomScenes.metric(copies, classes: 2).compute()
    for (figure, name) in [(PrecisionSampler.Figure(.precision), "AP"), (.init(.recall), "AR")] {
      #expect(abs(sampler.value(figure, counts: counts) - (report[name] ?? 9)) < 1e-12, "\(name)")
    }
  }

  private func samplers(_ fixture: StatisticsFixture) -> [PrecisionSampler] {
    [\StatisticsFixture.Images.Row.a, \.b].map { list in
      PrecisionSampler(
        fixture.images.images.enumerated().map { index, row in
          ImageScore(
            imageID: index, labelCounts: [row.labels],
            detections: row[keyPath: list].map {
              ImageScore.Detection(classIndex: 0, score: $0.score, matched: $0.isRight ? 1 : 0, ignored: 0)
            })
        }, thresholds: [0.5])
    }
  }

  @Test func `agree with a plain computation on drawn images`() throws {
    let fixture = try StatisticsFixture.read()
    let samplers = samplers(fixture)
    let figure = PrecisionSampler.Figure(.precision)
    #expect(abs(samplers[0].value(figure) - fixture.images.a) < 1e-12)
    #expect(abs(samplers[1].value(figure) - fixture.images.b) < 1e-12)
    for selection in fixture.images.selections {
      var counts = [Int32](repeating: 0, count: fixture.images.images.count)
      for index in selection.indices { counts[index] += 1 }
      // Equal scores of copies may be ranked otherwise.
      #expect(abs(samplers[0].value(figure, counts: counts) - selection.a) < 0.03)
      #expect(abs(samplers[1].value(figure, counts: counts) - selection.b) < 0.03)
    }
  }

  @Test func `vary between samples as in SciPy's bootstrap`() throws {
    let fixture = try StatisticsFixture.read()
    let bootstrap = ImageBootstrap(samplers(fixture), figure: .init(.precision), samples: 4000)
    let interval = try #require(bootstrap.interval([0], minus: [1]))
    let width = fixture.images.high - fixture.images.low
    #expect(abs(interval.low - fixture.images.low) < 0.05 * width, "\(interval)")
    #expect(abs(interval.high - fixture.images.high) < 0.05 * width, "\(interval)")
    // A run differs from itself in no sample.
    #expect(bootstrap.interval([1], minus: [1]) == Interval(low: 0, high: 0))
    #expect(bootstrap.interval([], minus: [1]) == nil)
  }

  @Test func `are drawn alike whatever the runs, and otherwise with another seed`() throws {
    let samplers = samplers(try StatisticsFixture.read())
    let both = ImageBootstrap(samplers, figure: .init(.precision), samples: 50, seed: 3)
    let one = ImageBootstrap([samplers[1]], figure: .init(.precision), samples: 50, seed: 3)
    #expect(both.values[1] == one.values[0])
    #expect(
      both.values != ImageBootstrap(samplers, figure: .init(.precision), samples: 50, seed: 4).values)
  }

  @Test func `are -1 without labels and 0 without detections`() {
    let blank = PrecisionSampler(
      [ImageScore(imageID: 1, labelCounts: [0], detections: [])], thresholds: [0.5])
    #expect(blank.value(.init(.precision)) == -1)
    let missed = PrecisionSampler(
      [ImageScore(imageID: 1, labelCounts: [2], detections: [])], thresholds: [0.5])
    #expect(missed.value(.init(.precision)) == 0 && missed.value(.init(.recall)) == 0)
  }
}
