import PoseCore
import Tensor

/// Runs a COCO evaluation: matches image by image, then precision and recall over all images.
///
/// One algorithm serves keypoints and boxes. Results do not depend on the number of threads.
public struct COCOEvaluator: Sendable {
  public var rules: COCOProtocol
  /// Take a match with a label of id 0 for a miss, as pycocotools does.
  public var zeroIDIsMiss: Bool

  public init(_ rules: COCOProtocol, zeroIDIsMiss: Bool = false) {
    precondition(rules.thresholds.count <= 16, "COCOEvaluator: at most 16 thresholds")
    precondition(!rules.detectionLimits.isEmpty && !rules.areaRanges.isEmpty)
    self.rules = rules
    self.zeroIDIsMiss = zeroIDIsMiss
  }

  /// - Precondition: the set has keypoints if the rules compare keypoints, as many as sigmas.
  public func callAsFunction(_ set: EvaluationSet) -> COCOEvaluation {
    if case .keypoints(let sigmas) = rules.similarity {
      precondition(set.keypointCount == sigmas.count, "COCOEvaluator: needs a sigma for each keypoint")
    }
    let groups = ObjectGroups(set, limit: rules.detectionLimits.max() ?? 0)
    let matches = match(set, groups)
    return COCOAccumulator(set: set, groups: groups, rules: rules, matches: matches).evaluation()
  }

  private func match(_ set: EvaluationSet, _ groups: ObjectGroups) -> COCOMatches {
    let slots = groups.detections.count
    let isIgnored = ignoredLabels(set)
    let areas = rules.areaRanges.count
    var matches = COCOMatches(
      detections: groups.detections, matched: Array(repeating: [], count: areas),
      ignored: Array(repeating: [], count: areas), labels: [], bestSimilarities: [], labelCounts: [],
      surplusDetections: groups.surplusCount)

    let matched = UnsafeMutablePointer<UInt16>.allocate(capacity: areas * slots)
    let ignored = UnsafeMutablePointer<UInt16>.allocate(capacity: areas * slots)
    let labels = UnsafeMutablePointer<Int32>.allocate(capacity: rules.thresholds.count * slots)
    let similarities = UnsafeMutablePointer<Double>.allocate(capacity: slots)
    labels.initialize(repeating: -1, count: rules.thresholds.count * slots)
    defer {
      matched.deallocate()
      ignored.deallocate()
      labels.deallocate()
      similarities.deallocate()
    }
    let output = COCOMatcher.Output(
      matched: (0..<areas).map { matched + $0 * slots }, ignored: (0..<areas).map { ignored + $0 * slots },
      labels: rules.thresholds.indices.map { labels + $0 * slots }, bestSimilarities: similarities)
    let block = 64
    ThreadTeam.run { part, parts in
      var matcher = COCOMatcher(set, groups, rules, isIgnored: isIgnored, zeroIDIsMiss: zeroIDIsMiss)
      for first in stride(from: part * block, to: groups.groups.count, by: parts * block) {
        for index in first..<min(first + block, groups.groups.count) {
          matcher.match(groups.groups[index], into: output)
        }
      }
    }
    func column<Value>(_ start: UnsafeMutablePointer<Value>) -> [Value] {
      Array(UnsafeBufferPointer(start: start, count: slots))
    }
    matches.matched = output.matched.map(column)
    matches.ignored = output.ignored.map(column)
    matches.labels = output.labels.map(column)
    matches.bestSimilarities = column(similarities)
    matches.labelCounts = rules.areaRanges.map { range in
      var counts = [Int](repeating: 0, count: set.categoryIDs.count)
      for label in 0..<set.groundTruths.count
      where !isIgnored[label] && range.contains(set.groundTruths.areas[label]) {
        counts[Int(set.groundTruths.categories[label])] += 1
      }
      return counts
    }
    return matches
  }

  /// Crowds, and for keypoints objects without a labelled one.
  private func ignoredLabels(_ set: EvaluationSet) -> [Bool] {
    switch rules.similarity {
    case .boxes: set.groundTruths.isCrowd
    case .keypoints: zip(set.groundTruths.isCrowd, set.groundTruths.isUnlabelled).map { $0 || $1 }
    }
  }
}
