internal import Config
internal import Data
internal import Foundation
internal import PoseCore

/// Looks for left and right exchanged, by how the pairs of an object lie to each other.
///
/// In one object nearly all pairs lie the same way round: seen from the front, everything left is on the right. How
/// often each pair agrees with the others is counted over the whole data set; what is rare there is suspicious.
struct SideInspection {
  private let spec: DatasetSpec
  private let splits: [ScannedSplit]
  private let pairs: [(Int, Int)]
  private var agreements: [Int]
  private var totals: [Int]
  private var heights: [MeanValue]
  /// How far each keypoint lies to the side on which the first of the pairs are, as a share of the box's width.
  private var offsets: [MeanValue]

  /// Objects that are needed to say anything.
  private static let fewest = 30
  /// A pair disagrees with the others where both are at least so far apart, as a share of the object's size.
  private static let clearOthers: Float = 0.4
  private static let clearPair: Float = 0.12

  private struct MeanValue {
    var sum = 0.0
    var count = 0
    var mean: Double { count == 0 ? 0 : sum / Double(count) }

    mutating func add(_ value: Float) {
      sum += Double(value)
      count += 1
    }
  }

  init(_ spec: DatasetSpec, _ splits: [ScannedSplit]) {
    self.spec = spec
    self.splits = splits
    let skeleton = spec.skeleton
    let flips = skeleton.flipIndices ?? []
    pairs = flips.indices.filter { flips[$0] > $0 }.map { ($0, flips[$0]) }
    agreements = Array(repeating: 0, count: pairs.count)
    totals = agreements
    heights = Array(repeating: MeanValue(), count: skeleton.keypointCount)
    offsets = heights
    for split in splits {
      for image in split.images { for object in image.objects { count(object.instance) } }
    }
  }

  /// How each pair lies, left to right, as a share of the object's size; nil where an end is not labelled.
  private func directions(_ instance: Instance) -> [Float?] {
    let scale = max(1, (instance.box.width * instance.box.height).squareRoot())
    return pairs.map { first, second in
      let (a, b) = (instance.keypoints[first], instance.keypoints[second])
      guard a.visibility != .unlabelled, b.visibility != .unlabelled else { return nil }
      return (a.x - b.x) / scale
    }
  }

  private mutating func count(_ instance: Instance) {
    let box = instance.box
    guard box.width > 8, box.height > 8 else { return }
    let directions = directions(instance)
    let sum = directions.reduce(Float(0)) { $0 + ($1 ?? 0) }
    for (pair, direction) in directions.enumerated() {
      guard let direction else { continue }
      let others = sum - direction
      guard abs(others) > Self.clearOthers, abs(direction) > Self.clearPair / 2 else { continue }
      totals[pair] += 1
      if direction * others > 0 { agreements[pair] += 1 }
    }
    for (index, point) in instance.keypoints.enumerated() where point.visibility != .unlabelled {
      heights[index].add((point.y - box.y1) / box.height)
      if abs(sum) > Self.clearOthers {
        let offset = (point.x - (box.x1 + box.x2) / 2) / box.width
        offsets[index].add(sum > 0 ? offset : -offset)
      }
    }
  }

  func findings() -> FindingList {
    var list = FindingList()
    columns(&list)
    flips(&list)
    objects(&list)
    return list
  }

  private func name(_ keypoint: Int) -> String {
    spec.skeleton.names.indices.contains(keypoint) ? spec.skeleton.names[keypoint] : "keypoint \(keypoint)"
  }

  /// Pairs that lie the other way round in most objects.
  private func columns(_ list: inout FindingList) {
    for (pair, ends) in pairs.enumerated() where totals[pair] >= Self.fewest {
      let share = Double(agreements[pair]) / Double(totals[pair])
      guard share < 0.3 else { continue }
      list.append(
        Finding(
          .exchangedColumns, spec.file,
          "'\(name(ends.0))' and '\(name(ends.1))' lie the other way round than the other pairs in"
            + " \(Self.percent(1 - share)) of \(totals[pair]) objects"))
    }
  }

  /// Mirror pairs of keypoints that do not lie alike, and keypoints of one side that stay themselves.
  private func flips(_ list: inout FindingList) {
    let flips = spec.skeleton.flipIndices ?? []
    for (first, second) in pairs {
      guard heights[first].count >= Self.fewest, heights[second].count >= Self.fewest else { continue }
      let (a, b) = (heights[first].mean, heights[second].mean)
      guard abs(a - b) > 0.12 else { continue }
      let better = heights.indices.filter { other in
        other != first && other != second && heights[other].count >= Self.fewest
          && abs(heights[other].mean - a) < 0.04
          && offsets[other].mean * offsets[first].mean <= 0
      }.min { abs(heights[$0].mean - a) < abs(heights[$1].mean - a) }
      let hint = better.map { "; '\(name($0))' lies like the first" } ?? ""
      list.append(
        Finding(
          .doubtfulFlip, spec.file,
          "flip_idx exchanges '\(name(first))' and '\(name(second))', but on average they lie at \(Self.percent(a)) and"
            + " \(Self.percent(b)) of the box's height\(hint)"))
    }
    for (keypoint, partner) in flips.enumerated() where partner == keypoint {
      guard offsets[keypoint].count >= Self.fewest, abs(offsets[keypoint].mean) > 0.12 else { continue }
      list.append(
        Finding(
          .doubtfulFlip, spec.file,
          "flip_idx leaves '\(name(keypoint))' as it is, but it lies on one side of the object, by"
            + " \(Self.percent(abs(offsets[keypoint].mean))) of its width on average"))
    }
  }

  /// Objects in which a pair lies as it hardly ever does, or all do although the object is seen from the front.
  private func objects(_ list: inout FindingList) {
    let steady = pairs.indices.map { pair in
      totals[pair] >= Self.fewest && Double(agreements[pair]) >= 0.93 * Double(totals[pair])
    }
    guard steady.contains(true) else { return }
    for split in splits {
      for image in split.images {
        for object in image.objects {
          let directions = directions(object.instance)
          let sum = directions.reduce(Float(0)) { $0 + ($1 ?? 0) }
          for (pair, direction) in directions.enumerated() where steady[pair] {
            guard let direction, abs(direction) > Self.clearPair else { continue }
            let others = sum - direction
            guard direction * others < 0, abs(others) > Self.clearOthers else { continue }
            let share = Self.percent(Double(agreements[pair]) / Double(totals[pair]))
            list.append(
              split.finding(
                .exchangedSides, image, object,
                "'\(name(pairs[pair].0))' and '\(name(pairs[pair].1))' lie the other way round than the object's"
                  + " other pairs; in \(share) of all objects they do not",
                keypoints: [pairs[pair].0, pairs[pair].1]))
          }
        }
      }
    }
  }

  static func percent(_ share: Double) -> String {
    String(format: share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share)
  }
}
