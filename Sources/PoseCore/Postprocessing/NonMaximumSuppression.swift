/// Picks the best of overlapping predictions.
///
/// Candidates are the boxes whose score exceeds `minimumScore`. They are visited by descending score, equal scores
/// in the order of the columns (then of the classes); each one is dropped if its IoU with a kept one of its class
/// exceeds `maximumIoU`, until `maximumCount` are kept. Comparisons are strict and in single precision, as in the
/// reference. Two boxes without area never suppress one another.
///
/// Different from the reference: it keeps classes apart by moving the boxes of class c by 7,680 c pixels, which
/// costs digits; here the class itself is compared.
public struct NonMaximumSuppression: Sendable, Equatable {
  public var minimumScore: Double
  public var maximumIoU: Double
  /// Detections kept in an image.
  public var maximumCount: Int
  /// One candidate for each class above the threshold, not the best class alone.
  public var multiLabel: Bool
  /// Boxes suppress those of other classes too.
  public var classAgnostic: Bool
  /// Candidates beyond this many, the lowest scores, are dropped at once.
  public var candidateLimit: Int

  public init(
    minimumScore: Double = 0.25, maximumIoU: Double = 0.7, maximumCount: Int = 300, multiLabel: Bool = false,
    classAgnostic: Bool = false, candidateLimit: Int = 30_000
  ) {
    self.minimumScore = minimumScore
    self.maximumIoU = maximumIoU
    self.maximumCount = maximumCount
    self.multiLabel = multiLabel
    self.classAgnostic = classAgnostic
    self.candidateLimit = candidateLimit
  }

  /// A kept prediction.
  public struct Kept: Sendable, Equatable {
    /// Which of the predicted boxes it is.
    public var column: Int
    public var classIndex: Int
    public var score: Float
    /// In the predictions' own pixels.
    public var box: Box

    public init(column: Int, classIndex: Int, score: Float, box: Box) {
      self.column = column
      self.classIndex = classIndex
      self.score = score
      self.box = box
    }
  }

  /// - Returns: what is kept, best first.
  public func callAsFunction(_ predictions: DecodedPredictions) -> [Kept] {
    var candidates = candidates(of: predictions)
    candidates.sort { $0.score > $1.score || ($0.score == $1.score && $0.rank < $1.rank) }
    if candidates.count > candidateLimit { candidates.removeSubrange(candidateLimit...) }
    return suppress(candidates, predictions)
  }

  private struct Candidate {
    var score: Float
    /// Position in the order of columns, then classes.
    var rank: Int32
    var column: Int32
    var classIndex: Int32

    init(_ score: Float, rank: Int, column: Int, classIndex: Int) {
      self.score = score
      self.rank = Int32(rank)
      self.column = Int32(column)
      self.classIndex = Int32(classIndex)
    }
  }

  private func candidates(of predictions: DecodedPredictions) -> [Candidate] {
    let threshold = Float(minimumScore)
    var found: [Candidate] = []
    for column in 0..<predictions.count {
      var best = predictions.score(column, class: 0)
      var bestClass = 0
      if predictions.classCount > 1 {
        for index in 0..<predictions.classCount {
          let score = predictions.score(column, class: index)
          if multiLabel && score > threshold {
            found.append(Candidate(score, rank: found.count, column: column, classIndex: index))
          }
          if score > best {
            best = score
            bestClass = index
          }
        }
        if multiLabel { continue }
      }
      if best > threshold {
        found.append(Candidate(best, rank: found.count, column: column, classIndex: bestClass))
      }
    }
    return found
  }

  private func suppress(_ candidates: [Candidate], _ predictions: DecodedPredictions) -> [Kept] {
    // IoU (single) > maximumIoU (double) is the same as IoU > limit (single).
    let nearest = Float(maximumIoU)
    let limit = Double(nearest) > maximumIoU ? nearest.nextDown : nearest
    var kept: [Kept] = []
    kept.reserveCapacity(min(maximumCount, candidates.count))
    var keptBoxes = KeptBoxes()
    for candidate in candidates {
      if kept.count >= maximumCount { break }
      let box = predictions.box(Int(candidate.column))
      let classIndex = classAgnostic ? 0 : candidate.classIndex
      if keptBoxes.suppress(box, classIndex, limit: limit) { continue }
      keptBoxes.append(box, classIndex)
      kept.append(
        Kept(
          column: Int(candidate.column), classIndex: Int(candidate.classIndex), score: candidate.score,
          box: box))
    }
    return kept
  }
}

/// The boxes kept so far, eight to a group, so that a candidate is compared with eight at once.
private struct KeptBoxes {
  private struct Group {
    var x1 = SIMD8<Float>(repeating: 0)
    var y1 = SIMD8<Float>(repeating: 0)
    var x2 = SIMD8<Float>(repeating: 0)
    var y2 = SIMD8<Float>(repeating: 0)
    var area = SIMD8<Float>(repeating: 0)
    /// -1 where no box is.
    var classes = SIMD8<Int32>(repeating: -1)
  }

  private var groups: [Group] = []
  private var count = 0

  mutating func append(_ box: Box, _ classIndex: Int32) {
    let lane = count % 8
    if lane == 0 { groups.append(Group()) }
    let group = groups.count - 1
    groups[group].x1[lane] = box.x1
    groups[group].y1[lane] = box.y1
    groups[group].x2[lane] = box.x2
    groups[group].y2[lane] = box.y2
    groups[group].area[lane] = box.area
    groups[group].classes[lane] = classIndex
    count += 1
  }

  func suppress(_ box: Box, _ classIndex: Int32, limit: Float) -> Bool {
    let zero = SIMD8<Float>(repeating: 0)
    let area = SIMD8<Float>(repeating: box.area)
    for group in groups {
      let left = pointwiseMax(group.x1, SIMD8(repeating: box.x1))
      let top = pointwiseMax(group.y1, SIMD8(repeating: box.y1))
      let right = pointwiseMin(group.x2, SIMD8(repeating: box.x2))
      let bottom = pointwiseMin(group.y2, SIMD8(repeating: box.y2))
      let shared = pointwiseMax(zero, right - left) * pointwiseMax(zero, bottom - top)
      let iou = shared / (group.area + area - shared)
      if any((iou .> limit) .& (group.classes .== classIndex)) { return true }
    }
    return false
  }
}
