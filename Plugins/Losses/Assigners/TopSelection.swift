/// The largest values of a row, where equal ones are chosen as PyTorch's `topk` chooses them on a CPU.
///
/// Which of several equal values a selection takes follows from how it sorts. Rows of alignments are mostly zeros,
/// so a target with few anchors inside gets some of those, and training learns keypoints there: the choice shows
/// in the loss. PyTorch keeps a heap where the row has 64 values or more for each one chosen, and partitions the
/// row otherwise, both by the C++ standard library of GCC, whose steps are followed here.
struct TopSelection {
  /// A value of the row that is not zero.
  struct Entry {
    var place: Int
    var value: Float

    /// Larger values rank before smaller ones, NaN before all.
    func ranks(before other: Entry) -> Bool {
      value > other.value || (value.isNaN && !other.value.isNaN)
    }
  }

  private var row: [Entry]

  /// The places of the `count` largest values.
  /// - Parameters:
  ///   - entries: the values that are not zero, by growing place.
  ///   - length: values in the row, zeros included.
  static func places(_ count: Int, largestOf entries: [Entry], length: Int) -> Set<Int> {
    guard count < length else { return Set(0..<length) }
    guard count > 0 else { return [] }
    let usesHeap = count * 64 <= length
    var selection = TopSelection(
      row: (0..<(usesHeap ? count : length)).map { Entry(place: $0, value: 0) })
    for entry in entries {
      if entry.place < (usesHeap ? count : length) {
        selection.row[entry.place] = entry
      } else {
        // A zero beyond the heap's first values never enters it, for it ranks before none: only these might.
        selection.row.append(entry)
      }
    }
    if usesHeap {
      selection.selectByHeap(0..<count, from: count..<selection.row.count)
    } else {
      selection.partition(upTo: count - 1)
    }
    return Set(selection.row[..<count].map(\.place))
  }

  // MARK: Heap

  /// Gathers in `heap`, a range of the row, the first ranked of it and of the values at `others`.
  private mutating func selectByHeap(_ heap: Range<Int>, from others: Range<Int>) {
    if heap.count > 1 {
      for parent in stride(from: (heap.count - 2) / 2, through: 0, by: -1) {
        sink(row[heap.lowerBound + parent], from: parent, in: heap)
      }
    }
    for other in others where row[other].ranks(before: row[heap.lowerBound]) {
      let value = row[other]
      row[other] = row[heap.lowerBound]
      sink(value, from: 0, in: heap)
    }
  }

  /// Puts `value` in the place of a heap's node: down to a leaf, then up as far as it belongs.
  private mutating func sink(_ value: Entry, from node: Int, in heap: Range<Int>) {
    let (base, count) = (heap.lowerBound, heap.count)
    var hole = node
    while hole < (count - 1) / 2 {
      var child = 2 * hole + 2
      if row[base + child].ranks(before: row[base + child - 1]) { child -= 1 }
      row[base + hole] = row[base + child]
      hole = child
    }
    if count.isMultiple(of: 2), hole == (count - 2) / 2 {
      row[base + hole] = row[base + 2 * hole + 1]
      hole = 2 * hole + 1
    }
    while hole > node {
      let parent = (hole - 1) / 2
      guard row[base + parent].ranks(before: value) else { break }
      row[base + hole] = row[base + parent]
      hole = parent
    }
    row[base + hole] = value
  }

  // MARK: Partition

  /// Moves the values until those before `target` rank no later, and those behind it no earlier, than the one there.
  private mutating func partition(upTo target: Int) {
    var (first, last) = (0, row.count)
    var depth = 2 * (Int.bitWidth - 1 - row.count.leadingZeroBitCount)
    while last - first > 3 {
      guard depth > 0 else {
        selectByHeap(first..<(target + 1), from: (target + 1)..<last)
        row.swapAt(first, target)
        return
      }
      depth -= 1
      let cut = splitAtMedian(first, last)
      if cut <= target { first = cut } else { last = cut }
    }
    sortByInsertion(first..<last)
  }

  /// Splits a range about the median of its second, middle and last values.
  /// - Returns: where the second half begins.
  private mutating func splitAtMedian(_ first: Int, _ last: Int) -> Int {
    let (a, b, c) = (first + 1, first + (last - first) / 2, last - 1)
    row.swapAt(first, median(a, b, c))
    let pivot = row[first]
    var (low, high) = (first + 1, last)
    while true {
      while row[low].ranks(before: pivot) { low += 1 }
      high -= 1
      while pivot.ranks(before: row[high]) { high -= 1 }
      guard low < high else { return low }
      row.swapAt(low, high)
      low += 1
    }
  }

  private func median(_ a: Int, _ b: Int, _ c: Int) -> Int {
    func isBefore(_ i: Int, _ j: Int) -> Bool { row[i].ranks(before: row[j]) }
    if isBefore(a, b) { return isBefore(b, c) ? b : isBefore(a, c) ? c : a }
    return isBefore(a, c) ? a : isBefore(b, c) ? c : b
  }

  private mutating func sortByInsertion(_ range: Range<Int>) {
    for next in range.dropFirst() {
      let value = row[next]
      var place = next
      while place > range.lowerBound, value.ranks(before: row[place - 1]) {
        row[place] = row[place - 1]
        place -= 1
      }
      row[place] = value
    }
  }
}
