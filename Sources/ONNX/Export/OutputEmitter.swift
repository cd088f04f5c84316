internal import PoseCore

/// Writes what becomes of a head's raw maps: boxes and keypoints in pixels, scores from 0 to 1, of all anchor points.
///
/// Axes are `[batch, number, anchor]`; anchor points level by level, row by row.
final class OutputEmitter {
  /// The recorded values of one level's maps.
  struct Level {
    var boxes: Int
    var scores: Int
    var keypoints: Int
  }

  let graph: ONNXGraph
  let layout: HeadLayout
  private let emitter: GraphEmitter
  private let levels: [Level]
  private lazy var places = placesOfAnchors()

  /// - Parameter emitter: has written the levels.
  init(_ emitter: GraphEmitter, layout: HeadLayout, levels: [Level]) {
    self.emitter = emitter
    self.layout = layout
    self.levels = levels
    graph = emitter.graph
    graph.scope = "output"
    // Pixels need more digits than half precision has.
    isHalf = graph.isHalf
    graph.isHalf = false
  }

  private let isHalf: Bool
  var keypointChannels: Int { layout.keypointCount * layout.keypointDimensions }
  /// The number of anchor points in each of the recordings.
  var anchorCount: GraphEmitter.Extent {
    levels.reduce(emitter.traces.map { _ in 0 }) { sums, level in
      let extents = emitter.extents(level.scores)
      return sums.indices.map { sums[$0] + extents[1][$0] * extents[2][$0] }
    }
  }

  // MARK: The three groups

  /// `[batch, 4, anchor]` in pixels.
  ///
  /// - Parameter asCorners: both corners instead of centre and size.
  func boxes(asCorners: Bool) -> String {
    var sides = joined(levels.map(\.boxes), channels: 4 * layout.regMax)
    if layout.regMax > 1 {
      let bins = graph.transpose(graph.reshape(sides, [0, 4, layout.regMax, -1]), [0, 2, 1, 3])
      let shares = graph.add("Softmax", [bins], ["axis": .int(1)])
      let distances = graph.constant(
        (0..<layout.regMax).map { Float($0) }, dims: [1, layout.regMax, 1, 1], name: "bins")
      sides = graph.reshape(
        graph.add("Conv", [shares, distances], ["kernel_shape": .ints([1, 1])]), [0, 4, -1])
    }
    let first = graph.add("Sub", [places.anchors, graph.slice(sides, axis: 1, from: 0, to: 2)])
    let second = graph.add("Add", [places.anchors, graph.slice(sides, axis: 1, from: 2, to: 4)])
    var pair = [first, second]
    if !asCorners {
      pair = [
        graph.add("Mul", [graph.add("Add", pair), graph.scalar(0.5)]), graph.add("Sub", [second, first]),
      ]
    }
    return graph.add("Mul", [graph.concatenate(pair, axis: 1), places.strides])
  }

  /// `[batch, classes, anchor]`.
  func scores() -> String {
    graph.add("Sigmoid", [joined(levels.map(\.scores), channels: layout.classCount)])
  }

  /// `[batch, keypoints × dimensions, anchor]`: x, y in pixels, and a confidence where there are three dimensions.
  func keypoints() -> String {
    let raw = joined(levels.map(\.keypoints), channels: keypointChannels)
    let points = graph.reshape(raw, [0, layout.keypointCount, layout.keypointDimensions, -1])
    var position = graph.slice(points, axis: 2, from: 0, to: 2)
    let encoding = layout.keypointEncoding
    if encoding.scale != 1 { position = graph.add("Mul", [position, graph.scalar(encoding.scale)]) }
    var origin = places.anchors
    if encoding.shift != 0 { origin = graph.add("Add", [origin, graph.scalar(encoding.shift)]) }
    position = graph.add("Add", [position, graph.add("Unsqueeze", [origin, graph.ints([1])])])
    position = graph.add("Mul", [position, graph.add("Unsqueeze", [places.strides, graph.ints([1])])])
    if layout.keypointDimensions == 3 {
      let confidence = graph.add("Sigmoid", [graph.slice(points, axis: 2, from: 2, to: 3)])
      position = graph.concatenate([position, confidence], axis: 2)
    }
    return graph.reshape(position, [0, keypointChannels, -1])
  }

  /// The maps of all levels as `[batch, channels, anchor]`.
  private func joined(_ values: [Int], channels: Int) -> String {
    let maps = values.map { value in
      let map = emitter.name(value, .channelsFirst)
      return graph.reshape(isHalf ? graph.cast(map, to: .float) : map, [0, channels, -1])
    }
    return graph.concatenate(maps, axis: 2)
  }

  // MARK: Anchor points

  /// `[1, 2, anchor]` in cells of their levels, and `[1, 1, anchor]` input pixels a cell.
  private func placesOfAnchors() -> (anchors: String, strides: String) {
    let grids = levels.map { level in
      let extents = emitter.extents(level.scores)
      return (level, extents[1], extents[2])
    }
    if grids.allSatisfy({ emitter.isFixed($0.1) && emitter.isFixed($0.2) }) {
      return fixedPlaces(grids.map { ($0.1[0], $0.2[0]) })
    }
    var (anchors, strides): ([String], [String]) = ([], [])
    for ((level, _, _), stride) in zip(grids, layout.strides) {
      let map = emitter.name(level.scores, .channelsFirst)
      let (height, width) = (graph.extent(map, axis: 2), graph.extent(map, axis: 3))
      let grid = graph.concatenate([height, width], axis: 0)
      let columns = graph.add("Expand", [centres(width), grid])
      let rows = graph.add("Expand", [graph.add("Unsqueeze", [centres(height), graph.ints([1])]), grid])
      let x = graph.reshape(columns, [1, 1, -1])
      anchors.append(graph.concatenate([x, graph.reshape(rows, [1, 1, -1])], axis: 1))
      let length = graph.add("Shape", [x])
      strides.append(graph.add("Expand", [graph.scalar(Float(stride), dims: [1, 1, 1]), length]))
    }
    return (graph.concatenate(anchors, axis: 2), graph.concatenate(strides, axis: 2))
  }

  /// 0.5, 1.5, … up to a number that is known when the graph runs.
  private func centres(_ count: String) -> String {
    let end = graph.add("Squeeze", [count, graph.ints([0])])
    let numbers = graph.add("Range", [graph.int(0), end, graph.int(1)])
    return graph.add("Add", [graph.cast(numbers, to: .float), graph.scalar(0.5)])
  }

  private func fixedPlaces(_ grids: [(height: Int, width: Int)]) -> (anchors: String, strides: String) {
    var (xs, ys, spans): ([Float], [Float], [Float]) = ([], [], [])
    for (grid, stride) in zip(grids, layout.strides) {
      for row in 0..<grid.height {
        for column in 0..<grid.width {
          xs.append(Float(column) + 0.5)
          ys.append(Float(row) + 0.5)
          spans.append(Float(stride))
        }
      }
    }
    return (
      graph.constant(xs + ys, dims: [1, 2, xs.count], name: "anchors"),
      graph.constant(spans, dims: [1, 1, spans.count], name: "strides")
    )
  }
}
