import PoseCore

/// Matches detections with labels, one image and category at a time; one matcher for each thread.
///
/// At each threshold the detections choose by descending score: the most similar free label, of those that count
/// if any is similar enough, else of those that are ignored. A crowd may be chosen again and again.
struct COCOMatcher {
  private let set: EvaluationSet
  private let groups: ObjectGroups
  private let rules: COCOProtocol
  private let zeroIDIsMiss: Bool
  /// Per label: ignored whatever its area.
  private let isIgnored: [Bool]
  private let oks: ObjectKeypointSimilarity?
  private var similarities: [Double] = []
  private var isTaken: [Bool] = []
  private var scratch: [Double]

  init(
    _ set: EvaluationSet, _ groups: ObjectGroups, _ rules: COCOProtocol, isIgnored: [Bool], zeroIDIsMiss: Bool
  ) {
    self.set = set
    self.groups = groups
    self.rules = rules
    self.isIgnored = isIgnored
    self.zeroIDIsMiss = zeroIDIsMiss
    if case .keypoints(let sigmas) = rules.similarity {
      oks = ObjectKeypointSimilarity(sigmas: sigmas)
      scratch = [Double](repeating: 0, count: sigmas.count)
    } else {
      oks = nil
      scratch = []
    }
  }

  /// Where the results of all groups go. Unchecked: the slots of a group are written by one thread.
  struct Output: @unchecked Sendable {
    var matched: [UnsafeMutablePointer<UInt16>]
    var ignored: [UnsafeMutablePointer<UInt16>]
    var labels: [UnsafeMutablePointer<Int32>]
    var bestSimilarities: UnsafeMutablePointer<Double>
  }

  mutating func match(_ group: ObjectGroups.Group, into output: Output) {
    let labelCount = group.labels.count
    if !group.detections.isEmpty && labelCount > 0 { computeSimilarities(group) }
    for (slot, row) in zip(group.detections, 0...) {
      var best = 0.0
      for column in 0..<labelCount {
        let value = similarities[row * labelCount + column]
        // NaN passes every threshold, as in the reference.
        if value > best || value.isNaN { best = value.isNaN ? .infinity : value }
      }
      output.bestSimilarities[slot] = best
    }
    for area in rules.areaRanges.indices { match(group, area, output) }
  }

  private mutating func computeSimilarities(_ group: ObjectGroups.Group) {
    let (rows, columns) = (group.detections.count, group.labels.count)
    if similarities.count < rows * columns { similarities = [Double](repeating: 0, count: rows * columns) }
    guard let oks else {
      set.detections.boxes.withUnsafeBufferPointer { boxes in
        set.groundTruths.boxes.withUnsafeBufferPointer { labelBoxes in
          guard let boxes = boxes.baseAddress, let labelBoxes = labelBoxes.baseAddress else { return }
          for row in 0..<rows {
            let box = boxes + 4 * Int(groups.detections[group.detections.lowerBound + row])
            for column in 0..<columns {
              let label = Int(groups.labels[group.labels.lowerBound + column])
              similarities[row * columns + column] = BoxSimilarity.iou(
                box, labelBoxes + 4 * label, isCrowd: set.groundTruths.isCrowd[label])
            }
          }
        }
      }
      return
    }
    let count = oks.keypointCount
    set.detections.keypoints.withUnsafeBufferPointer { points in
      set.groundTruths.keypoints.withUnsafeBufferPointer { labelPoints in
        set.groundTruths.boxes.withUnsafeBufferPointer { labelBoxes in
          guard let points = points.baseAddress, let labelPoints = labelPoints.baseAddress,
            let labelBoxes = labelBoxes.baseAddress
          else { return }
          let detections = group.detections.map { points + 2 * count * Int(groups.detections[$0]) }
          let labels = group.labels.map { slot in
            let label = Int(groups.labels[slot])
            return ObjectKeypointSimilarity.Label(
              points: labelPoints + 3 * count * label, box: labelBoxes + 4 * label,
              area: set.groundTruths.areas[label])
          }
          similarities.withUnsafeMutableBufferPointer { similarities in
            scratch.withUnsafeMutableBufferPointer { scratch in
              guard let result = similarities.baseAddress else { return }
              oks.fill(result, detections: detections, labels: labels, scratch: scratch)
            }
          }
        }
      }
    }
  }

  private mutating func match(_ group: ObjectGroups.Group, _ area: Int, _ output: Output) {
    let range = rules.areaRanges[area]
    let columns = group.labels.count
    // Labels that count come first.
    var order: [Int] = []
    order.reserveCapacity(columns)
    var others: [Int] = []
    for column in 0..<columns {
      let label = Int(groups.labels[group.labels.lowerBound + column])
      if !isIgnored[label] && range.contains(set.groundTruths.areas[label]) {
        order.append(column)
      } else {
        others.append(column)
      }
    }
    let counting = order.count
    order += others

    for slot in group.detections {
      output.matched[area][slot] = 0
      output.ignored[area][slot] = 0
    }
    for (index, threshold) in rules.thresholds.enumerated() {
      let bit = UInt16(1) << UInt16(index)
      let least = min(threshold, 1 - 1e-10)
      isTaken.removeAll(keepingCapacity: true)
      isTaken.append(contentsOf: repeatElement(false, count: columns))
      for (slot, row) in zip(group.detections, 0...) {
        if output.bestSimilarities[slot] < least { continue }
        guard let place = choose(group, row, least, order, counting) else { continue }
        isTaken[place] = true
        let label = Int(groups.labels[group.labels.lowerBound + order[place]])
        if place >= counting { output.ignored[area][slot] |= bit }
        if zeroIDIsMiss && set.groundTruths.ids[label] == 0 { continue }
        output.matched[area][slot] |= bit
        if area == 0 { output.labels[index][slot] = Int32(label) }
      }
    }
    let all = UInt16(truncatingIfNeeded: (1 << rules.thresholds.count) - 1)
    for slot in group.detections where !range.contains(set.detections.areas[Int(groups.detections[slot])]) {
      output.ignored[area][slot] |= all & ~output.matched[area][slot]
    }
  }

  /// The place in `order` of the label that a detection takes.
  private func choose(
    _ group: ObjectGroups.Group, _ row: Int, _ least: Double, _ order: [Int], _ counting: Int
  ) -> Int? {
    var best: Int?
    var least = least
    for (place, column) in order.enumerated() {
      let label = Int(groups.labels[group.labels.lowerBound + column])
      if isTaken[place] && !set.groundTruths.isCrowd[label] { continue }
      if let best, best < counting, place >= counting { break }
      let similarity = similarities[row * order.count + column]
      if similarity < least { continue }
      least = similarity
      best = place
    }
    return best
  }
}
