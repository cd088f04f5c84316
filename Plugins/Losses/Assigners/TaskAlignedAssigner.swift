internal import Foundation
public import PoseCore

/// Gives each target the anchors inside its box that score it best and box it best.
///
/// An anchor's alignment with a target is `scoreᵅ · overlapᵝ`; the `topK` best are candidates. An anchor wanted by
/// several targets goes to the one it overlaps most, be it a candidate of that one or not; of a target's anchors
/// only the `finalK` best stay. The score to learn is the alignment, scaled so that a target's best anchor learns its
/// best overlap. What overlap means, `TargetOverlap` says.
///
/// Source: Feng et al., TOOD: Task-aligned One-stage Object Detection, arXiv:2108.07755.
///
/// Sides of targets shorter than the stride of the second level count as that long when anchors inside are
/// sought. A target with fewer than `topK` anchors of some alignment also takes anchors inside it of none, where
/// `TopSelection` comes upon them: their score to learn is 0, their keypoints are learnt.
public struct TaskAlignedAssigner: Assigner {
  /// Candidates a target.
  public var topK: Int
  /// Anchors that a target keeps in the end; nil keeps all.
  public var finalK: Int?
  public var alpha: Float
  public var beta: Float
  public var overlap: any TargetOverlap
  /// The levels whose anchors may learn a target of some size; nil allows all.
  public var gate: LevelGate?

  private static let epsilon: Float = 1e-9

  public init(
    topK: Int = 10, finalK: Int? = nil, alpha: Float = 0.5, beta: Float = 6,
    overlap: any TargetOverlap = BoxOverlap(), gate: LevelGate? = nil
  ) {
    self.topK = topK
    self.finalK = finalK
    self.alpha = alpha
    self.beta = beta
    self.overlap = overlap
    self.gate = gate
  }

  /// An anchor inside a target's box.
  package struct Candidate {
    package var anchor: Int
    /// Not negative.
    package var overlap: Float
    package var alignment: Float
  }

  /// What is known of an anchor while targets compete for it.
  fileprivate struct Claim {
    /// Targets that have it among their best.
    var count = 0
    /// The last of them.
    var chosen = Competitor()
    /// The target with the highest overlap among all whose box it is in.
    var closest = Competitor()
  }

  fileprivate struct Competitor {
    var target = -1
    var overlap: Float = 0
    var alignment: Float = 0
  }

  public func assign(_ prediction: ImagePrediction, to targets: [Instance]) -> [Assignment] {
    guard !targets.isEmpty else { return [] }
    var claims = [Claim](repeating: Claim(), count: prediction.grid.count)
    var claimed: [Int] = []
    for (index, target) in targets.enumerated() {
      let candidates = candidates(of: target, in: prediction)
      for candidate in candidates {
        let isCloser = candidate.overlap > claims[candidate.anchor].closest.overlap
        if isCloser { claims[candidate.anchor].closest = Competitor(index, candidate) }
      }
      for candidate in best(of: candidates, anchors: prediction.grid.count) {
        if claims[candidate.anchor].count == 0 { claimed.append(candidate.anchor) }
        claims[candidate.anchor].count += 1
        claims[candidate.anchor].chosen = Competitor(index, candidate)
      }
    }
    claimed.sort()

    var winners = claimed.map { anchor in
      let claim = claims[anchor]
      if claim.count == 1 { return claim.chosen }
      // Wanted by several and overlapping none, it falls to the first target of the image.
      return claim.closest.target >= 0 ? claim.closest : Competitor(target: 0)
    }
    if let finalK {
      let kept = best(finalK, of: winners, at: claimed, targets: targets.count, anchors: claims.count)
      claimed = kept.map { claimed[$0] }
      winners = kept.map { winners[$0] }
    }
    var largest = [Competitor](repeating: Competitor(), count: targets.count)
    for winner in winners {
      largest[winner.target].overlap.raise(to: winner.overlap)
      largest[winner.target].alignment.raise(to: winner.alignment)
    }
    return zip(claimed, winners).map { anchor, winner in
      let limit = largest[winner.target]
      let score = winner.alignment * limit.overlap / (limit.alignment + Self.epsilon)
      return Assignment(anchor: anchor, target: winner.target, score: score)
    }
  }

  /// The places of the `count` winners of highest alignment of each target, in order.
  private func best(
    _ count: Int, of winners: [Competitor], at claimed: [Int], targets: Int, anchors: Int
  ) -> [Int] {
    var places = [[Int]](repeating: [], count: targets)
    for (place, winner) in winners.enumerated() { places[winner.target].append(place) }
    return places.filter { !$0.isEmpty }.flatMap { places in
      let entries = places.filter { winners[$0].alignment != 0 }
        .map { TopSelection.Entry(place: claimed[$0], value: winners[$0].alignment) }
      let chosen = TopSelection.places(count, largestOf: entries, length: anchors)
      return places.filter { chosen.contains(claimed[$0]) }
    }.sorted()
  }

  /// The anchors inside of a target's box, in the order of their numbers.
  package func candidates(of target: Instance, in prediction: ImagePrediction) -> [Candidate] {
    let box = target.box
    // The reference takes boxes whose coordinates sum to nothing for padding.
    guard box.x1 + box.y1 + box.x2 + box.y2 > 0 else { return [] }
    let grid = prediction.grid
    let smallest = grid.levels.dropFirst().first ?? grid.levels.first
    let region = box.grown(toSide: Float(smallest?.stride ?? 0))
    if let gate {
      let levels = gate.levels(for: box, in: grid)
      var isEmpty = true
      let found = candidates(of: target, inside: region, in: prediction) { anchor in
        guard levels.contains(anchor.level) else { return false }
        isEmpty = false
        return true
      }
      // A target that has no anchor on its levels may take those of any.
      if !isEmpty { return found }
    }
    return candidates(of: target, inside: region, in: prediction) { _ in true }
  }

  private func candidates(
    of target: Instance, inside region: Box, in prediction: ImagePrediction,
    where isAllowed: (AnchorGrid.Anchor) -> Bool
  ) -> [Candidate] {
    var result: [Candidate] = []
    prediction.grid.forEachAnchor(inside: region) { anchor in
      guard isAllowed(anchor) else { return }
      let overlap = overlap.overlap(of: prediction, at: anchor, with: target)
      if overlap <= 0 { return result.append(Candidate(anchor: anchor.index, overlap: 0, alignment: 0)) }
      let score = prediction.score(at: anchor, class: target.classIndex)
      let alignment = power(score, alpha) * power(overlap, beta)
      result.append(Candidate(anchor: anchor.index, overlap: overlap, alignment: alignment))
    }
    return result
  }

  /// The candidates among the `topK` highest alignments of all anchors, those outside of the target counting as 0.
  /// - Parameter candidates: in the order of their numbers.
  package func best(of candidates: [Candidate], anchors: Int) -> [Candidate] {
    let aligned = candidates.filter { $0.alignment != 0 }
    if aligned.count == topK { return aligned }
    let entries = aligned.map { TopSelection.Entry(place: $0.anchor, value: $0.alignment) }
    let chosen = TopSelection.places(topK, largestOf: entries, length: anchors)
    return candidates.filter { chosen.contains($0.anchor) }
  }
}

extension TaskAlignedAssigner.Competitor {
  fileprivate init(_ target: Int, _ candidate: TaskAlignedAssigner.Candidate) {
    self.init(target: target, overlap: candidate.overlap, alignment: candidate.alignment)
  }
}

/// `pow`, faster for the usual exponents.
private func power(_ base: Float, _ exponent: Float) -> Float {
  if exponent == 0.5 { return base.squareRoot() }
  if exponent == 6 {
    let cube = base * base * base
    return cube * cube
  }
  return pow(base, exponent)
}

extension Float {
  /// The larger of both; NaN wins.
  fileprivate mutating func raise(to other: Float) {
    if !(other <= self) { self = other }
  }
}

extension Box {
  /// The box with sides of at least `side`, about its centre.
  fileprivate func grown(toSide side: Float) -> Box {
    let centre = (x: (x1 + x2) / 2, y: (y1 + y2) / 2)
    let half = (x: (width < side ? side : width) / 2, y: (height < side ? side : height) / 2)
    return Box(
      x1: centre.x - half.x, y1: centre.y - half.y, x2: centre.x + half.x, y2: centre.y + half.y)
  }
}

extension TaskAlignedAssigner {
  /// `task_aligned`, by the overlap of boxes.
  public static let component = Component<LossContext, any Assigner>(
    "task_aligned", summary: "the anchors inside a target that score and box it best",
    reference: "Feng et al., TOOD, arXiv:2108.07755", parameters: parameters
  ) { arguments, _ in try TaskAlignedAssigner(arguments) }

  /// `oks_task_aligned`, by the similarity of keypoints.
  public static let keypointComponent = Component<LossContext, any Assigner>(
    "oks_task_aligned",
    summary: "the anchors inside a target, on the levels of its size, that score and pose it best",
    reference: "Feng et al., TOOD, arXiv:2108.07755; Tian et al., FCOS, arXiv:1904.01355 (levels); YOLO26",
    parameters: parameters + [
      .init(
        "level_range", .floatList(count: 2...2, each: 0...1e6), default: [2.0, 12.0],
        help: "least and largest size of a target for a level, as multiples of its stride")
    ]
  ) { arguments, context in
    var assigner = try TaskAlignedAssigner(arguments)
    let range = try arguments.floatList("level_range")
    guard range[0] <= range[1] else {
      throw arguments.error("'level_range' must grow", at: "level_range")
    }
    assigner.overlap = KeypointOverlap(sigmas: context.skeleton.sigmas)
    assigner.gate = LevelGate(least: range[0], most: range[1])
    return assigner
  }

  private static let parameters: [ParameterDeclaration] = [
    .init("top_k", .int(atLeast: 1), default: 10, help: "candidates a target", aliases: ["topk"]),
    .init("alpha", .float(atLeast: 0), default: 0.5, help: "exponent of the class score"),
    .init("beta", .float(atLeast: 0), default: 6.0, help: "exponent of the overlap"),
    .init(
      "final_k", .int(atLeast: 1), default: .null,
      help: "anchors that a target keeps once each anchor has one target; none keeps all", aliases: ["topk2"]),
  ]

  private init(_ arguments: Arguments) throws {
    self.init(
      topK: try arguments.int("top_k"), finalK: try arguments.optionalInt("final_k"),
      alpha: try arguments.float("alpha"), beta: try arguments.float("beta"))
  }
}
