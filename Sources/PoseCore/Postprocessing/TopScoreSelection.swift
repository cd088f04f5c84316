/// Keeps the predictions of highest score without comparing their boxes: for branches that have learned to predict
/// every object once.
///
/// The anchors of highest class score are taken first, then the highest scores of all classes among them, at most
/// `maximumCount` each time; equal scores in the order of columns, then classes. The kept ones are those whose score
/// exceeds `minimumScore`.
///
/// Source: Wang et al., YOLOv10: Real-Time End-to-End Object Detection, arXiv:2405.14458, section 3.1.
public struct TopScoreSelection: Sendable, Equatable {
  public var minimumScore: Double
  /// Detections kept in an image.
  public var maximumCount: Int
  /// The best class of each box alone.
  public var bestClassOnly: Bool

  public init(minimumScore: Double = 0.25, maximumCount: Int = 300, bestClassOnly: Bool = false) {
    self.minimumScore = minimumScore
    self.maximumCount = maximumCount
    self.bestClassOnly = bestClassOnly
  }

  /// - Returns: what is kept, best first.
  public func callAsFunction(_ predictions: DecodedPredictions) -> [NonMaximumSuppression.Kept] {
    let threshold = Float(minimumScore)
    let best = (0..<predictions.count).map { column -> Candidate in
      var found = Candidate(column: column, classIndex: 0, score: predictions.score(column, class: 0))
      for index in 1..<max(1, predictions.classCount) {
        let score = predictions.score(column, class: index)
        if score > found.score { found = Candidate(column: column, classIndex: index, score: score) }
      }
      return found
    }
    var kept = top(best.filter { $0.score > threshold })
    if !bestClassOnly && predictions.classCount > 1 {
      kept = top(
        kept.flatMap { anchor in
          (0..<predictions.classCount).map { index in
            Candidate(
              column: anchor.column, classIndex: index, score: predictions.score(anchor.column, class: index))
          }
        }.filter { $0.score > threshold })
    }
    return kept.map {
      NonMaximumSuppression.Kept(
        column: $0.column, classIndex: $0.classIndex, score: $0.score, box: predictions.box($0.column))
    }
  }

  private struct Candidate {
    var column: Int
    var classIndex: Int
    var score: Float
  }

  private func top(_ candidates: [Candidate]) -> [Candidate] {
    let sorted = candidates.sorted { a, b in
      if a.score != b.score { return a.score > b.score }
      return (a.column, a.classIndex) < (b.column, b.classIndex)
    }
    return Array(sorted.prefix(maximumCount))
  }
}
