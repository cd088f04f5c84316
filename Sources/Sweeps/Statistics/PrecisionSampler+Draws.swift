internal import PoseCore

extension PrecisionSampler {
  private static let spacing = 2.220446049250313e-16

  /// The figure over each of several selections of images; -1 where none of the images has a label.
  func values(_ figure: Figure, _ draws: ImageDraws) -> [Double] {
    let labels = labelCounts.map { draws.sums($0) }
    let range = figure.threshold.map { $0..<($0 + 1) } ?? 0..<(rankings.count / max(1, classCount))
    // `[selection][threshold][class]`
    var curves = Array(repeating: [[[Double]]](), count: draws.used)
    var recalls = Array(repeating: [Double](), count: draws.used)
    for threshold in range {
      for lane in 0..<draws.used { curves[lane].append([]) }
      for index in 0..<classCount where labels[index].contains(where: { $0 > 0 }) {
        let ranking = rankings[threshold * classCount + index]
        switch figure.kind {
        case .precision:
          let found = precisions(ranking, draws, labels: labels[index])
          for lane in 0..<draws.used where labels[index][lane] > 0 {
            curves[lane][curves[lane].count - 1].append(found[lane])
          }
        case .recall:
          let right = Self.total(ranking.right, draws)
          for lane in 0..<draws.used where labels[index][lane] > 0 {
            recalls[lane].append(Double(right[lane]) / Double(labels[index][lane]))
          }
        }
      }
    }
    return (0..<draws.used).map { lane in
      let values = figure.kind == .precision ? curves[lane].flatMap(Self.interleaved) : recalls[lane]
      return values.isEmpty ? -1 : PairwiseSum.mean(values)
    }
  }

  /// In the order of the reference's array: recall before class.
  private static func interleaved(_ curves: [[Double]]) -> [Double] {
    if curves.count == 1 { return curves[0] }
    return curves.isEmpty ? [] : recallThresholds.indices.flatMap { recall in curves.map { $0[recall] } }
  }

  private static func total(_ images: [Int32], _ draws: ImageDraws) -> [Int] {
    var sums = [Int](repeating: 0, count: ImageDraws.width)
    for image in images {
      for lane in 0..<ImageDraws.width { sums[lane] += Int(draws.counts[Int(image)][lane]) }
    }
    return sums
  }

  /// Precision at each recall threshold, by selection.
  ///
  /// Of copies of a right detection the last has the highest precision, so one peak serves for all. Where a selection
  /// does not take a right detection, what is noted there is no more than at the one above, which it cannot change.
  private func precisions(_ ranking: Ranking, _ draws: ImageDraws, labels: [Int]) -> [[Double]] {
    let width = ImageDraws.width
    let count = ranking.right.count
    // `[right detection][selection]`
    var peaks = [Double](repeating: 0, count: count * width)
    var totals = [Int32](repeating: 0, count: count * width)
    draws.counts.withUnsafeBufferPointer { counts in
      ranking.wrong.withUnsafeBufferPointer { wrongImages in
        var wrong = SIMD8<Double>.zero
        var total = SIMD8<Double>.zero
        var place = 0
        for right in 0..<count {
          let end = Int(ranking.wrongAbove[right])
          while place < end {
            // Sixteen bits hold so many small numbers.
            let part = min(end, place + 256)
            var sum = SIMD8<UInt16>.zero
            var most = SIMD8<UInt16>.zero
            for index in place..<part {
              let taken = counts[Int(wrongImages[index])]
              sum &+= taken
              most = most | taken
            }
            if most.max() < 256 {
              for lane in 0..<width { wrong[lane] += Double(sum[lane]) }
            } else {
              for index in place..<part {
                let taken = counts[Int(wrongImages[index])]
                for lane in 0..<width { wrong[lane] += Double(taken[lane]) }
              }
            }
            place = part
          }
          let taken = counts[Int(ranking.right[right])]
          for lane in 0..<width { total[lane] += Double(taken[lane]) }
          let precision = total / (wrong + total + Self.spacing)
          for lane in 0..<width {
            peaks[right * width + lane] = precision[lane]
            totals[right * width + lane] = Int32(total[lane])
          }
        }
      }
    }
    for place in stride(from: count * width - 1, through: width, by: -1)
    where peaks[place] > peaks[place - width] {
      peaks[place - width] = peaks[place]
    }
    return (0..<draws.used).map { lane in
      Self.curve(lane, labels: labels[lane], count: count, peaks, totals)
    }
  }

  private static func curve(
    _ lane: Int, labels: Int, count: Int, _ peaks: [Double], _ totals: [Int32]
  ) -> [Double] {
    guard labels > 0 else { return [] }
    let width = ImageDraws.width
    var place = 0
    return recallThresholds.map { recall in
      // The first number of right ones that reaches this recall.
      var needed = max(1, Int(recall * Double(labels)) - 1)
      while Double(needed) / Double(labels) < recall { needed += 1 }
      // It lies not far ahead: twice as far each time, then halves.
      var end = place
      var step = 1
      while end < count, totals[end * width + lane] < needed {
        place = end + 1
        end += step
        step *= 2
      }
      end = min(end, count)
      while place < end {
        let middle = (place + end) / 2
        if totals[middle * width + lane] < needed { place = middle + 1 } else { end = middle }
      }
      return place < count ? peaks[place * width + lane] : 0
    }
  }
}
