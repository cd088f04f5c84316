internal import Foundation
public import PoseCore

/// Gives each target its cheapest anchors, as many as the overlap of its best predictions adds up to.
///
/// - Anchors inside of any target's box, or near any target's centre, compete.
/// - The cost of an anchor for a target is the cross-entropy of its scores against the target's class (summed over
///   the classes), plus `overlapWeight` times -ln IoU, plus 100,000 where it is not both inside of the target's box
///   and near its centre.
/// - A target takes its k cheapest anchors; k is the sum of its `candidates` highest overlaps, rounded down, at
///   least 1. An anchor wanted by several targets goes to the one it costs least.
///
/// The score to learn is the overlap of the anchor's box with the target, which also weights its box.
///
/// Source: Ge et al., YOLOX, arXiv:2107.08430. Heads without an objectness score have the class scores alone. Equal
/// costs are chosen in the order of the anchors.
public struct SimOTAAssigner: Assigner {
  /// Predictions that decide how many anchors a target gets.
  public var candidates: Int
  /// How far from a target's centre an anchor counts as near, along each axis, in cells of its level.
  public var centerRadius: Float
  public var overlapWeight: Float
  public var classWeight: Float

  private static let farAway: Float = 100_000

  public init(
    candidates: Int = 10, centerRadius: Float = 2.5, overlapWeight: Float = 3, classWeight: Float = 1
  ) {
    self.candidates = candidates
    self.centerRadius = centerRadius
    self.overlapWeight = overlapWeight
    self.classWeight = classWeight
  }

  /// What an anchor has been promised to.
  private struct Claim {
    var target: Int
    var cost: Float
    var overlap: Float
  }

  public func assign(_ prediction: ImagePrediction, to targets: [Instance]) -> [Assignment] {
    guard !targets.isEmpty else { return [] }
    let anchors = competitors(in: prediction.grid, for: targets)
    // Sum over the classes of the cross-entropy against "nothing".
    let background = anchors.map { anchor in
      (0..<prediction.classes).reduce(Float(0)) { $0 + softplus(prediction.logit(at: anchor, class: $1)) }
    }
    var claims: [Int: Claim] = [:]
    for (index, target) in targets.enumerated() {
      var overlaps = [Float](repeating: 0, count: anchors.count)
      var costs = overlaps
      for (place, anchor) in anchors.enumerated() {
        let overlap = prediction.box(at: anchor).overlap(with: target.box)
        let crossEntropy = background[place] - prediction.logit(at: anchor, class: target.classIndex)
        overlaps[place] = overlap
        costs[place] =
          classWeight * crossEntropy - overlapWeight * log(overlap + 1e-8)
          + (isCentral(anchor, of: target.box) ? 0 : Self.farAway)
      }
      for place in cheapest(count(of: overlaps), costs) {
        let claim = Claim(target: index, cost: costs[place], overlap: overlaps[place])
        let anchor = anchors[place].index
        // NaN wins, so that a broken network shows in the loss.
        if let other = claims[anchor], !(claim.cost < other.cost || claim.cost.isNaN) { continue }
        claims[anchor] = claim
      }
    }
    return claims.keys.sorted().compactMap { anchor in
      claims[anchor].map { Assignment(anchor: anchor, target: $0.target, score: $0.overlap) }
    }
  }

  /// Anchors inside of any box or near any centre, in the order of their numbers.
  private func competitors(in grid: AnchorGrid, for targets: [Instance]) -> [AnchorGrid.Anchor] {
    var found: [Int: AnchorGrid.Anchor] = [:]
    for target in targets {
      grid.forEachAnchor(inside: target.box) { found[$0.index] = $0 }
      let (x, y) = ((target.box.x1 + target.box.x2) / 2, (target.box.y1 + target.box.y2) / 2)
      for (index, level) in grid.levels.enumerated() {
        let reach = centerRadius * Float(level.stride)
        let square = Box(x1: x - reach, y1: y - reach, x2: x + reach, y2: y + reach)
        grid.forEachAnchor(inside: square, level: index) { found[$0.index] = $0 }
      }
    }
    return found.keys.sorted().compactMap { found[$0] }
  }

  /// Whether an anchor is inside of a box and near its centre.
  private func isCentral(_ anchor: AnchorGrid.Anchor, of box: Box) -> Bool {
    let (x, y) = (anchor.x * anchor.stride, anchor.y * anchor.stride)
    let reach = centerRadius * anchor.stride
    return x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2 && abs(x - (box.x1 + box.x2) / 2) < reach
      && abs(y - (box.y1 + box.y2) / 2) < reach
  }

  /// How many anchors a target gets.
  private func count(of overlaps: [Float]) -> Int {
    let sum = overlaps.sorted(by: >).prefix(candidates).reduce(Float(0)) { $1.isNaN ? $0 : $0 + $1 }
    return max(1, Int(sum))
  }

  /// The places of the lowest costs, NaN first.
  private func cheapest(_ count: Int, _ costs: [Float]) -> [Int] {
    var best: [Int] = []
    for place in costs.indices {
      func isAbove(_ other: Int) -> Bool {
        costs[other] > costs[place] || (costs[place].isNaN && !costs[other].isNaN)
      }
      if best.count == count, let last = best.last, !isAbove(last) { continue }
      best.insert(place, at: best.firstIndex(where: isAbove) ?? best.count)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}

/// ln(1 + eˣ).
private func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

extension Box {
  /// Intersection over union.
  fileprivate func overlap(with other: Box) -> Float {
    let width = max(0, min(x2, other.x2) - max(x1, other.x1))
    let height = max(0, min(y2, other.y2) - max(y1, other.y1))
    let shared = width * height
    return shared / (area + other.area - shared + 1e-7)
  }
}

extension SimOTAAssigner {
  /// `simota`.
  public static let component = Component<LossContext, any Assigner>(
    "simota", summary: "the cheapest anchors of a target, as many as its predictions overlap it",
    reference: "Ge et al., YOLOX, arXiv:2107.08430",
    parameters: [
      .init(
        "candidates", .int(1...1000), default: 10,
        help: "predictions whose overlaps decide how many anchors a target gets", aliases: ["top_k"]),
      .init(
        "center_radius", .float(above: 0), default: 2.5,
        help: "how far from a target's centre anchors are near, in cells"),
      .init("overlap_weight", .float(atLeast: 0), default: 3.0, help: "weight of the overlap in the cost"),
      .init("class_weight", .float(atLeast: 0), default: 1.0, help: "weight of the classes in the cost"),
    ]
  ) { arguments, _ in
    SimOTAAssigner(
      candidates: try arguments.int("candidates"), centerRadius: try arguments.float("center_radius"),
      overlapWeight: try arguments.float("overlap_weight"), classWeight: try arguments.float("class_weight"))
  }
}
