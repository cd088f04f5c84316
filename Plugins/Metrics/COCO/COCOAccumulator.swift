import PoseCore
import Tensor

/// Turns matches into precision and recall.
struct COCOAccumulator: Sendable {
  let set: EvaluationSet
  let groups: ObjectGroups
  let rules: COCOProtocol
  let matches: COCOMatches
  private static let spacing = 2.220446049250313e-16

  /// What one category, area range and threshold gives.
  private struct Cell: Sendable {
    /// Precision at each recall threshold; nil if nothing counts.
    var precision: [Double]?
    /// Recall for each limit of detections.
    var recall: [Double]
  }

  func evaluation() -> COCOEvaluation {
    let slots = slotsByCategory()
    let shape = (categories: slots.count, areas: rules.areaRanges.count, thresholds: rules.thresholds.count)
    let cells = Cells(count: shape.categories * shape.areas * shape.thresholds)
    ThreadTeam.forEach(cells.count) { index in
      let category = index / (shape.areas * shape.thresholds)
      let area = index / shape.thresholds % shape.areas
      cells[index] = cell(slots[category], category, area, index % shape.thresholds)
    }
    return COCOEvaluation(
      rules: rules, categoryIDs: set.categoryIDs, categoryNames: set.categoryNames, matches: matches
    ) { category, area, threshold in
      let cell = cells[(category * shape.areas + area) * shape.thresholds + threshold]
      return (cell.precision, cell.recall)
    }
  }

  /// A category's slots by descending score, and each slot's rank within its image.
  private struct CategorySlots: Sendable {
    var slots: [Int32] = []
    var ranks: [Int32] = []
    var isPresent = false
  }

  private func slotsByCategory() -> [CategorySlots] {
    var result = Array(repeating: CategorySlots(), count: set.categoryIDs.count)
    for group in groups.groups {
      let category = Int(group.category)
      result[category].isPresent = true
      for (slot, rank) in zip(group.detections, Int32(0)...) {
        result[category].slots.append(Int32(slot))
        result[category].ranks.append(rank)
      }
    }
    for category in result.indices {
      let old = result[category]
      let scores = old.slots.map { set.detections.scores[Int(groups.detections[Int($0)])] }
      let order = StableOrder.descending(scores)
      result[category].slots = order.map { old.slots[Int($0)] }
      result[category].ranks = order.map { old.ranks[Int($0)] }
    }
    return result
  }

  private func cell(_ category: CategorySlots, _ index: Int, _ area: Int, _ threshold: Int) -> Cell {
    let labelCount = matches.labelCounts[area][index]
    var right = [Int](repeating: 0, count: rules.detectionLimits.count)
    guard category.isPresent && labelCount > 0 else { return Cell(precision: nil, recall: []) }
    let matched = matches.matched[area]
    let ignored = matches.ignored[area]
    let bit = UInt16(1) << UInt16(threshold)

    // Recall grows, and precision peaks, only at detections that are right.
    var wrong = 0
    var total = 0
    var peaks: [Double] = []
    peaks.reserveCapacity(labelCount)
    let last = rules.detectionLimits.count - 1
    for (position, slot) in category.slots.enumerated() where ignored[Int(slot)] & bit == 0 {
      if matched[Int(slot)] & bit == 0 {
        wrong += 1
        continue
      }
      total += 1
      peaks.append(Double(total) / (Double(wrong) + Double(total) + COCOAccumulator.spacing))
      for limit in 0..<last where Int(category.ranks[position]) < rules.detectionLimits[limit] {
        right[limit] += 1
      }
    }
    right[last] = total
    for place in stride(from: peaks.count - 1, to: 0, by: -1) where peaks[place] > peaks[place - 1] {
      peaks[place - 1] = peaks[place]
    }
    var needed = 1
    let precision = rules.recallThresholds.map { recall in
      while Double(needed) / Double(labelCount) < recall { needed += 1 }
      return needed <= peaks.count ? peaks[needed - 1] : 0
    }
    return Cell(precision: precision, recall: right.map { Double($0) / Double(labelCount) })
  }

  /// Cells that threads fill. Unchecked: each index is written by one thread, and read after all have ended.
  private final class Cells: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Cell>
    let count: Int

    init(count: Int) {
      self.count = count
      storage = .allocate(capacity: count)
      storage.initialize(repeating: Cell(precision: nil, recall: []), count: count)
    }

    deinit {
      storage.deinitialize(count: count)
      storage.deallocate()
    }

    subscript(index: Int) -> Cell {
      get { storage[index] }
      set { storage[index] = newValue }
    }
  }
}
