import Config
import Metrics
import PoseCore
import Testing

/// A creature of four keypoints: head, left and right foot, tail.
@Suite struct `Metrics of keypoints by hand` {
  private static let skeleton = Skeleton(
    keypointCount: 4, dimensions: 3, names: ["head", "left_foot", "right_foot", "tail"],
    flipIndices: [0, 2, 1, 3],
    limbs: [], sigmas: [0.05, 0.1, 0.1, 0.2], sigmaSource: .dataset)

  /// Of 40 × 80 pixels at x = 10 and x = 110.
  private static func label(x: Float, hidden: Set<Int> = [], classIndex: Int = 0) -> GroundTruth {
    let points: [(Float, Float)] = [(20, 5), (5, 75), (35, 75), (20, 60)]
    return GroundTruth(
      id: Int(x),
      instance: Instance(
        classIndex: classIndex, box: Box(x1: x, y1: 10, x2: x + 40, y2: 90),
        keypoints: points.enumerated().map { index, point in
          Keypoint(
            x: x + point.0, y: 10 + point.1, visibility: hidden.contains(index) ? .unlabelled : .hidden)
        }), area: 1600)
  }

  private static func detection(
    of label: GroundTruth, score: Float = 0.9, moved: [Int: (Float, Float)] = [:], by boxShift: Float = 0
  ) -> Detection {
    let box = label.instance.box
    return Detection(
      classIndex: label.instance.classIndex, score: score,
      box: Box(x1: box.x1 + boxShift, y1: box.y1, x2: box.x2 + boxShift, y2: box.y2),
      keypoints: label.instance.keypoints.enumerated().map { index, point in
        let (dx, dy) = moved[index] ?? (0, 0)
        return PredictedKeypoint(x: point.x + dx, y: point.y + dy, confidence: 1)
      })
  }

  private static func report(
    _ text: String, _ labels: [GroundTruth], _ detections: [Detection]
  ) throws -> MetricReport {
    let metric = try KeypointMetrics.make(text, skeleton: skeleton, classNames: ["cat", "dog"])
    metric.update(
      EvaluatedImage(imageID: 1, width: 200, height: 100, groundTruths: labels, detections: detections))
    return metric.compute()
  }

  private static let first = label(x: 10, hidden: [3])
  private static let second = label(x: 110)
  /// The first label's head is off by 5 pixels, its left foot by 3; the second label has no detection.
  private static let found = [detection(of: first, moved: [0: (3, -4), 1: (3, 0), 3: (70, 70)])]

  @Test func `count shares of what is labelled`() throws {
    // Limits of 4 pixels: a twentieth of 80. Seven labelled keypoints; left foot and right foot are right.
    let report = try Self.report("pck", [Self.first, Self.second], Self.found)
    #expect(abs((report["PCK@0.05"] ?? 9) - 2.0 / 7) < 1e-12)
    #expect(abs((report["mPCK@0.05"] ?? 9) - (0 + 0.5 + 0.5 + 0) / 4) < 1e-12)
    #expect(report["matched"] == 0.5)
    #expect(report.tables.first?["tail", "labels"] == 1)
    #expect(report.logged == ["PCK@0.05", "mPCK@0.05"])
    let skipping = try Self.report("{type: pck, unmatched: skip}", [Self.first, Self.second], Self.found)
    #expect(abs((skipping["PCK@0.05"] ?? 9) - 2.0 / 3) < 1e-12)
    #expect(skipping.tables.first?["tail", "PCK@0.05"]?.isNaN == true)
    // The diagonal is 40 √5 = 89.4 pixels, so the limit is 4.5; a pixel is a pixel.
    let wide = try Self.report(
      "{type: pck, normalize: bbox_diagonal, alpha: 0.056}", [Self.first], Self.found)
    #expect(wide["PCK@0.056"] == 1)
    let pixels = try Self.report("{type: pck, normalize: pixel, alpha: 4.9}", [Self.first], Self.found)
    #expect(abs((pixels["PCK@4.9"] ?? 9) - 2.0 / 3) < 1e-12)
  }

  @Test func `measure distances of what is detected`() throws {
    let epe = try Self.report("epe", [Self.first, Self.second], Self.found)
    #expect(abs((epe["EPE"] ?? 9) - (5.0 + 3 + 0) / 3) < 1e-9 && epe["median"] == 3)
    let nme = try Self.report("nme", [Self.first, Self.second], Self.found)
    #expect(abs((nme["NME"] ?? 9) - 8.0 / 3 / 3200.0.squareRoot()) < 1e-9)
    let feet = try Self.report(
      "{type: nme, normalize: segment, from: left_foot, to: right_foot}", [Self.first, Self.second],
      Self.found)
    #expect(abs((feet["NME"] ?? 9) - 8.0 / 3 / 30) < 1e-9)
    let auc = try Self.report("{type: auc, max_alpha: 0.125}", [Self.first, Self.second], Self.found)
    // Ten pixels end the curve: 0.5, 0.7 and 1 of seven.
    #expect(abs((auc["AUC"] ?? 9) - 2.2 / 7) < 1e-6)
    let curve = try #require(auc.curves.first)
    #expect(curve.x.last == 0.125 && abs((curve.mean.last ?? 0) - 3.0 / 7) < 1e-12 && curve.series.count == 4)
  }

  @Test func `leave labels out whose segment is not labelled`() throws {
    let text = "{type: pckh, from: head, to: tail, alpha: 0.06}"
    let report = try Self.report(text, [Self.first, Self.second], [Self.detection(of: Self.second)])
    #expect(report["PCKh@0.06"] == 1 && report["matched"] == 1)
    #expect(report.notes.contains("1 labels were left out: the distance from head to tail is unknown there"))
  }

  @Test func `match the best free label of the class, higher scores first`() throws {
    let labels = [Self.first, Self.second]
    // The better score is further off; the other one finds the label taken.
    let rivals = [
      Self.detection(of: Self.first, score: 0.5),
      Self.detection(of: Self.first, score: 0.6, moved: [0: (0, 2)], by: 4),
    ]
    #expect(try Self.report("epe", labels, rivals)["EPE"] == 2.0 / 3)
    #expect(try Self.report("{type: epe, match_threshold: 0.9}", labels, rivals)["EPE"] == 0)
    #expect(try Self.report("{type: epe, min_score: 0.7}", labels, rivals)["matched"] == 0)
    let dog = Self.label(x: 10, classIndex: 1)
    let report = try Self.report("epe", [dog], rivals)
    #expect(report["matched"] == 0 && report["EPE"]?.isNaN == true)
    var broken = Self.detection(of: Self.first)
    broken.keypoints[0].x = .nan
    #expect(try Self.report("epe", labels, [broken])["matched"] == 0)
    // By pose instead of box.
    let elsewhere = Self.detection(of: Self.first, by: 60)
    #expect(try Self.report("epe", labels, [elsewhere])["matched"] == 0)
    #expect(try Self.report("{type: epe, match: oks}", labels, [elsewhere])["matched"] == 0.5)
  }

  @Test func `do not count crowds, ignored objects and those without a labelled keypoint`() throws {
    var crowd = Self.first
    crowd.isCrowd = true
    var ignored = Self.second
    ignored.isIgnored = true
    let blank = Self.label(x: 50, hidden: [0, 1, 2, 3])
    let report = try Self.report("pck", [crowd, ignored, blank], Self.found)
    #expect(report["PCK@0.05"]?.isNaN == true && report["matched"]?.isNaN == true && report.classes.isEmpty)
  }

  @Test func `tell how keypoints fail`() throws {
    // √area is 40. A foot's similarity falls to 0.85 at 4.6 pixels and to a half at 9.4.
    let detection = Self.detection(
      of: Self.second,
      moved: [
        0: (0, 1),  // 1 pixel of 4: 0.97, good
        1: (30, 2),  // on the right foot: inversion
        2: (6, 0),  // jitter
        3: (-100, 3),  // on the other one's tail: swap, if that is labelled
      ])
    let whole = Self.label(x: 10)
    let report = try Self.report("keypoint_oks", [whole, Self.second], [detection])
    let table = try #require(report.tables.first)
    #expect(table["head", "good"] == 1 && table["left_foot", "inversion"] == 1)
    #expect(table["right_foot", "jitter"] == 1 && table["tail", "swap"] == 1)
    #expect(report["good"] == 0.25 && report["miss"] == 0 && report["detected"] == 0.5)
    #expect(
      abs((table["right_foot", "error"] ?? 9) - 0.15) < 1e-6
        && abs((table["right_foot", "pixels"] ?? 9) - 6) < 1e-5)
    let alone = try Self.report("keypoint_oks", [Self.first, Self.second], [detection])
    #expect(alone.tables.first?["tail", "miss"] == 1)
    #expect(report.logged == ["OKS"])
  }

  @Test(arguments: [
    (
      "{type: nme, normalize: torso}",
      "the skeleton has no left_shoulder or no right_hip; name two keypoints with "
        + "normalize: segment, from and to"
    ),
    ("{type: pck, normalize: segment}", "normalize: segment needs 'from' and 'to', names of two keypoints"),
    (
      "{type: pckh, from: nose, to: tail}",
      "no keypoint named 'nose'; there are: head, left_foot, right_foot, tail"
    ),
    ("{type: pckh, from: head, to: head}", "'from' and 'to' name the same keypoint"),
    ("pckh", "the skeleton has no head segment that PoseLab knows; name its ends with 'from' and 'to'"),
    ("{type: pck, from: head, to: tail}", "'from' and 'to' mean something with normalize: segment alone"),
    ("{type: nme, normalize: pixel}", "errors in pixels are the metric 'epe'"),
  ])
  func `say what is wrong with their arguments`(text: String, message: String) {
    let error = #expect(throws: Diagnostic.self) { try KeypointMetrics.make(text, skeleton: Self.skeleton) }
    #expect(error?.message == message)
  }
}
