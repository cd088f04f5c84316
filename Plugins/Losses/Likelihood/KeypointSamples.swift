internal import PoseCore
internal import Tensor

/// The labelled keypoints of all positive anchors, with where a head's raw numbers of them lie.
struct KeypointSamples {
  private struct Sample {
    var level: Int
    /// Of the anchor among the rows of its level's maps.
    var row: Int
    var keypoint: Int
    var target: SIMD2<Float>
    var anchor: SIMD2<Float>
  }

  /// Logits below make deviations that vanish.
  private static let smallestLogit: Float = -87

  private var samples: [Sample] = []
  private let levels: [HeadOutput.Level]
  private let layout: HeadLayout

  /// - Precondition: the levels have deviations.
  init(_ levels: [HeadOutput.Level], _ layout: HeadLayout, _ images: [PoseCriterion.AssignedImage]) {
    self.levels = levels
    self.layout = layout
    for (index, image) in images.enumerated() {
      let grid = image.prediction.grid
      for assignment in image.assignments {
        let anchor = grid.anchor(assignment.anchor)
        let row = index * grid.levels[anchor.level].cellCount + anchor.cell
        for (number, keypoint) in image.targets[assignment.target].keypoints.enumerated()
        where keypoint.visibility != .unlabelled {
          samples.append(
            Sample(
              level: anchor.level, row: row, keypoint: number,
              target: SIMD2(keypoint.x, keypoint.y) / anchor.stride, anchor: SIMD2(anchor.x, anchor.y)))
        }
      }
    }
  }

  /// What the head says of them, as a step of the tape; nil where there is nothing finite.
  mutating func distributions() -> PredictedDistributions? {
    let numbers = gather()
    guard !samples.isEmpty, let device = levels.first?.boxes.device else { return nil }
    let inputs = levels.flatMap { [$0.keypoints, $0.sigmas ?? $0.keypoints] }
    let (samples, layout) = (samples, layout)
    let gathered = Tensor(numbers, shape: [samples.count, 4], on: device).recorded(from: inputs) {
      gradient, writer in
      let slopes = gradient.dense().copyToHost()
      for index in inputs.indices where writer.wants(index) {
        let isPosition = index.isMultiple(of: 2)
        let width = inputs[index].channels
        let step = isPosition ? layout.keypointDimensions : 2
        let scale = isPosition ? layout.keypointEncoding.scale : 1
        let spread = Tensor(uninitialized: inputs[index].shape, on: device)
        spread.overwriteOnHost { values in
          values.update(repeating: 0)
          for (number, sample) in samples.enumerated() where sample.level == index / 2 {
            let at = sample.row * width + sample.keypoint * step
            let from = number * 4 + (isPosition ? 0 : 2)
            for axis in 0..<2 where isPosition || numbers[from + axis] > Self.smallestLogit {
              values[at + axis] = slopes[from + axis] * scale
            }
          }
        }
        writer.add(to: index, existing: spread, shared: false)
      }
    }
    let targets = samples.flatMap { [$0.target.x, $0.target.y] }
    return PredictedDistributions(
      positions: gathered.slice(channels: 0..<2),
      deviations: gathered.slice(channels: 2..<4).applying(.sigmoid),
      targets: Tensor(targets, shape: [samples.count, 2], on: device), keypoints: samples.map(\.keypoint))
  }

  /// Position in cells and logits of the deviations of each sample. Those that are not finite are left out.
  private mutating func gather() -> [Float] {
    let (layout, samples) = (layout, samples)
    let (dimensions, encoding) = (layout.keypointDimensions, layout.keypointEncoding)
    var numbers = [Float](repeating: .nan, count: 4 * samples.count)
    for (index, level) in levels.enumerated() {
      guard let sigmas = level.sigmas else { continue }
      level.keypoints.withHostValues { positions in
        sigmas.withHostValues { logits in
          for (number, sample) in samples.enumerated() where sample.level == index {
            let at = (sample.row * layout.keypointCount + sample.keypoint) * dimensions
            let sigma = (sample.row * layout.keypointCount + sample.keypoint) * 2
            numbers[4 * number] = encoding.decode(positions[at], anchor: sample.anchor.x)
            numbers[4 * number + 1] = encoding.decode(positions[at + 1], anchor: sample.anchor.y)
            numbers[4 * number + 2] = max(logits[sigma], Self.smallestLogit)
            numbers[4 * number + 3] = max(logits[sigma + 1], Self.smallestLogit)
          }
        }
      }
    }
    let isFinite = samples.indices.map { numbers[(4 * $0)..<(4 * $0 + 4)].allSatisfy(\.isFinite) }
    if isFinite.allSatisfy({ $0 }) { return numbers }
    self.samples = samples.indices.filter { isFinite[$0] }.map { samples[$0] }
    return samples.indices.filter { isFinite[$0] }.flatMap { numbers[(4 * $0)..<(4 * $0 + 4)] }
  }
}
