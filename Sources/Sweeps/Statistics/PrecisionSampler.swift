public import PoseCore

/// Measures AP and AR of any selection of a run's validation images, from the matches of each image.
///
/// Over all images, each once, the figures are those of COCO's evaluation to the last bit: precision at 101 recalls,
/// averaged over thresholds and the classes that have labels. A selection may take an image more than once; its
/// copies then count as so many images.
///
/// Source: cocodataset.org, "Detection evaluation".
public struct PrecisionSampler: Sendable {
  /// One figure: AP or AR, over all thresholds or at one.
  public struct Figure: Sendable, Equatable {
    public enum Kind: Sendable { case precision, recall }

    public var kind: Kind
    /// Index of the threshold; nil for the mean over all.
    public var threshold: Int?

    public init(_ kind: Kind, threshold: Int? = nil) {
      self.kind = kind
      self.threshold = threshold
    }

    /// The figure of a COCO name: `AP`, `AP50`, `AP75`, `AR`, `AR50`, `AR75` and others at hundredths.
    ///
    /// - Returns: nil for other names, and thresholds that are not among those given.
    public init?(named name: String, thresholds: [Double]) {
      guard let kind: Kind = name.hasPrefix("AP") ? .precision : name.hasPrefix("AR") ? .recall : nil else {
        return nil
      }
      let rest = name.dropFirst(2)
      if rest.isEmpty {
        self.init(kind)
        return
      }
      guard let hundredths = Int(rest), rest.count == 2,
        let index = thresholds.firstIndex(where: { abs($0 - Double(hundredths) / 100) < 1e-9 })
      else { return nil }
      self.init(kind, threshold: index)
    }
  }

  /// Detections of one class that count at one threshold, by falling score, up to the last that is right.
  private struct Ranking: Sendable {
    /// Index of the image, times two, plus one where the detection is right.
    var entries: [Int32] = []
    var rightCount = 0
  }

  public let imageIDs: [Int]
  public let thresholds: [Double]
  private let classCount: Int
  /// `[class][image]`.
  private let labelCounts: [[Int32]]
  /// `[threshold × classCount + class]`.
  private let rankings: [Ranking]

  private static let spacing = 2.220446049250313e-16
  private static let recallThresholds = (0...100).map { $0 == 100 ? 1 : Double($0) * 0.01 }

  /// - Parameter images: ordered as the metric orders them, which decides between equal scores.
  public init(_ images: [ImageScore], thresholds: [Double]) {
    imageIDs = images.map(\.imageID)
    self.thresholds = thresholds
    let classCount = images.reduce(0) { most, image in
      max(most, image.labelCounts.count, (image.detections.map(\.classIndex).max() ?? -1) + 1)
    }
    self.classCount = classCount
    labelCounts = (0..<classCount).map { index in
      images.map { index < $0.labelCounts.count ? Int32(clamping: max(0, $0.labelCounts[index])) : 0 }
    }
    var byClass: [[(score: Double, image: Int32, matched: UInt16, ignored: UInt16)]] =
      Array(repeating: [], count: classCount)
    for (index, image) in images.enumerated() {
      for seen in image.detections where seen.classIndex >= 0 && !seen.score.isNaN {
        byClass[seen.classIndex].append((seen.score, Int32(index), seen.matched, seen.ignored))
      }
    }
    // The standard sort keeps the order of equals in practice only; the place makes sure.
    let ranked = byClass.map { list in
      list.indices.sorted { (list[$1].score, $0) < (list[$0].score, $1) }.map { list[$0] }
    }
    var rankings: [Ranking] = []
    for threshold in thresholds.indices.prefix(16) {
      let bit = UInt16(1) << UInt16(threshold)
      for list in ranked {
        var ranking = Ranking()
        let last = list.lastIndex { $0.ignored & bit == 0 && $0.matched & bit != 0 } ?? -1
        for seen in list[..<(last + 1)] where seen.ignored & bit == 0 {
          let isRight = seen.matched & bit != 0
          ranking.entries.append(seen.image * 2 + (isRight ? 1 : 0))
          if isRight { ranking.rightCount += 1 }
        }
        rankings.append(ranking)
      }
    }
    self.rankings = rankings
  }

  /// The figure over all images.
  public func value(_ figure: Figure) -> Double {
    value(figure, counts: Array(repeating: 1, count: imageIDs.count))
  }

  /// The figure over a selection of images.
  ///
  /// - Parameter counts: how often each image is taken.
  /// - Returns: -1 if none of them has a label.
  /// - Precondition: one count an image.
  public func value(_ figure: Figure, counts: [Int32]) -> Double {
    precondition(counts.count == imageIDs.count, "PrecisionSampler: \(counts.count) counts")
    let labels = labelCounts.map { column in
      zip(column, counts).reduce(0) { $0 + Int($1.0) * Int($1.1) }
    }
    guard labels.contains(where: { $0 > 0 }) else { return -1 }
    let range = figure.threshold.map { $0..<($0 + 1) } ?? 0..<(rankings.count / max(1, classCount))
    var values: [Double] = []
    for threshold in range {
      var curves: [[Double]] = []
      for index in 0..<classCount where labels[index] > 0 {
        let ranking = rankings[threshold * classCount + index]
        switch figure.kind {
        case .precision: curves.append(precision(ranking, counts, labels: labels[index]))
        case .recall: values.append(Double(right(ranking, counts)) / Double(labels[index]))
        }
      }
      // In the order of the reference's array: recall before class.
      if curves.count == 1 {
        values += curves[0]
      } else if !curves.isEmpty {
        for recall in Self.recallThresholds.indices { values += curves.map { $0[recall] } }
      }
    }
    return values.isEmpty ? -1 : PairwiseSum.mean(values)
  }

  private func right(_ ranking: Ranking, _ counts: [Int32]) -> Int {
    ranking.entries.reduce(0) { $1 & 1 == 1 ? $0 + Int(counts[Int($1 >> 1)]) : $0 }
  }

  /// Precision at each recall threshold.
  private func precision(_ ranking: Ranking, _ counts: [Int32], labels: Int) -> [Double] {
    // Of copies of a right detection the last has the highest precision, so one peak serves for all.
    var peaks: [(right: Int, precision: Double)] = []
    peaks.reserveCapacity(ranking.rightCount)
    var wrong = 0
    var total = 0
    counts.withUnsafeBufferPointer { counts in
      for entry in ranking.entries {
        let count = Int(counts[Int(entry >> 1)])
        if count == 0 { continue }
        if entry & 1 == 0 {
          wrong += count
        } else {
          total += count
          peaks.append((total, Double(total) / (Double(wrong) + Double(total) + Self.spacing)))
        }
      }
    }
    for place in stride(from: peaks.count - 1, to: 0, by: -1)
    where peaks[place].precision > peaks[place - 1].precision {
      peaks[place - 1].precision = peaks[place].precision
    }
    var needed = 1
    var place = 0
    return Self.recallThresholds.map { recall in
      while Double(needed) / Double(labels) < recall { needed += 1 }
      while place < peaks.count && peaks[place].right < needed { place += 1 }
      return place < peaks.count ? peaks[place].precision : 0
    }
  }
}
