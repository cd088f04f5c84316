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
  struct Ranking: Sendable {
    /// Index of the image of each wrong one.
    var wrong: [Int32] = []
    /// Index of the image of each right one.
    var right: [Int32] = []
    /// How many wrong ones stand above each right one.
    var wrongAbove: [Int32] = []
  }

  public let imageIDs: [Int]
  public let thresholds: [Double]
  let classCount: Int
  /// `[class][image]`.
  let labelCounts: [[Int32]]
  /// `[threshold × classCount + class]`.
  let rankings: [Ranking]

  static let recallThresholds = (0...100).map { $0 == 100 ? 1 : Double($0) * 0.01 }

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
          if seen.matched & bit == 0 {
            ranking.wrong.append(seen.image)
          } else {
            ranking.right.append(seen.image)
            ranking.wrongAbove.append(Int32(clamping: ranking.wrong.count))
          }
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
    return values(figure, ImageDraws([counts]))[0]
  }
}
