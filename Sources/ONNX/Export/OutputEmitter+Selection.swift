extension OutputEmitter {
  /// Boxes that do not overlap, best first, zeros after the last: `[batch, maximumCount, 6 + keypoint numbers]`, a row
  /// being two corners, score, class and keypoints.
  ///
  /// - Parameter image: the graph's input, for its number of pictures.
  func suppressed(_ options: ONNXExportOptions.Suppression, image: String, batch: Int?, result: String) {
    let (corners, scores, points) = (boxes(asCorners: true), scores(), keypoints())
    let best = graph.reduce("ReduceMax", scores, axes: [1])
    let classes = graph.cast(
      graph.add("ArgMax", [scores], ["axis": .int(1), "keepdims": .int(1)]), to: .float)
    let rows = graph.transpose(graph.concatenate([corners, best, classes, points], axis: 1), [0, 2, 1])
    var apart = corners
    if layout.classCount > 1, !options.classAgnostic {
      // Boxes of different classes never meet when each class has a plane of its own.
      apart = graph.add("Add", [corners, graph.add("Mul", [classes, graph.scalar(Self.classDistance)])])
    }
    let chosen = graph.add(
      "NonMaxSuppression",
      [
        graph.transpose(apart, [0, 2, 1]), best, graph.ints([options.maximumCount]),
        graph.scalar(Float(options.maximumIoU), dims: [1]),
        graph.scalar(Float(options.minimumScore), dims: [1]),
      ])
    let images = graph.slice(chosen, axis: 1, from: 0, to: 1)
    let found = graph.add(
      "GatherND",
      [rows, graph.concatenate([images, graph.slice(chosen, axis: 1, from: 2, to: 3)], axis: 1)])

    // Each row's place among those of its picture: its place among all, less those of the pictures before.
    let count = batch.map { graph.ints([$0]) } ?? graph.extent(image, axis: 0)
    let numbers = batch.map { graph.ints(Array(0..<$0)) } ?? range(to: count)
    let isBefore = graph.add("Less", [images, graph.add("Unsqueeze", [numbers, graph.ints([0])])])
    let before = graph.add(
      "ReduceSum", [graph.cast(isBefore, to: .int64), graph.ints([0])], ["keepdims": .int(0)])
    let all = graph.add("Unsqueeze", [range(to: graph.extent(chosen, axis: 0)), graph.ints([1])])
    let place = graph.add("Sub", [all, graph.add("Gather", [before, images])])
    let shape = graph.concatenate(
      [count, graph.ints([options.maximumCount]), graph.ints([6 + keypointChannels])], axis: 0)
    let empty = graph.add("ConstantOfShape", [shape])
    graph.add(
      "ScatterND", [empty, graph.concatenate([images, place], axis: 1), found], result: result)
  }

  /// In pixels; far beyond any picture.
  private static let classDistance: Float = 7680

  /// The rows of highest score, for heads that find every object once: `[batch, at most maximumCount, 6 + keypoint
  /// numbers]`.
  func best(_ maximumCount: Int, result: String) {
    let (corners, scores, points) = (boxes(asCorners: true), scores(), keypoints())
    let anchors = anchorCount
    let limit = anchors.allSatisfy { $0 == anchors[0] } ? min(maximumCount, anchors[0]) : nil
    let count =
      limit.map { graph.ints([$0]) }
      ?? graph.add("Min", [graph.extent(scores, axis: 2), graph.ints([maximumCount])])
    let most = graph.add("Squeeze", [graph.reduce("ReduceMax", scores, axes: [1]), graph.ints([1])])
    var (values, places) = top(most, count)
    var classes = graph.add("Mul", [values, graph.scalar(0)])
    if layout.classCount > 1 {
      let all = picked(graph.transpose(scores, [0, 2, 1]), places)
      let (second, order) = top(graph.reshape(all, [0, -1]), count)
      let rows = graph.add("Div", [order, graph.ints([layout.classCount])])
      let index = graph.add("Sub", [order, graph.add("Mul", [rows, graph.ints([layout.classCount])])])
      places = graph.add("GatherElements", [places, rows], ["axis": .int(1)])
      (values, classes) = (second, graph.cast(index, to: .float))
    }
    let boxes = picked(graph.transpose(corners, [0, 2, 1]), places)
    let keypoints = picked(graph.transpose(points, [0, 2, 1]), places)
    let parts = [boxes] + [values, classes].map { graph.add("Unsqueeze", [$0, graph.ints([2])]) }
    graph.concatenate(parts + [keypoints], axis: 2, result: result)
  }

  /// Of each row the largest numbers and where they are.
  private func top(_ rows: String, _ count: String) -> (values: String, places: String) {
    let results = graph.add("TopK", [rows, count], results: 2, ["axis": .int(1)])
    return (results[0], results[1])
  }

  /// Some rows of each picture: `[batch, row, number]` at `[batch, count]`.
  private func picked(_ rows: String, _ places: String) -> String {
    graph.add(
      "GatherND", [rows, graph.add("Unsqueeze", [places, graph.ints([2])])], ["batch_dims": .int(1)])
  }

  private func range(to count: String) -> String {
    graph.add("Range", [graph.int(0), graph.add("Squeeze", [count, graph.ints([0])]), graph.int(1)])
  }
}
