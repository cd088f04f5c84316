internal import Foundation
internal import PoseCore
internal import Tensor

/// Turns a head's raw numbers of one image into predictions, level by level.
struct PoseDecoder {
  private let layout: HeadLayout
  /// Logit that the best class must exceed; nil keeps all.
  private let threshold: Float?
  private var values: [Float] = []
  private var anchors: [Int32] = []
  private var firstAnchor = 0

  init(layout: HeadLayout, minimumScore: Float?) {
    self.layout = layout
    threshold = minimumScore.map { score in
      if score <= 0 { return -.infinity }
      if score >= 1 { return .infinity }
      // A little below, so that rounding never loses a row: callers compare the score itself.
      return Float(Foundation.log(Double(score) / (1 - Double(score)))) - 1e-3
    }
  }

  /// One image's predictions; see `PoseHead.decode`.
  static func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput {
    var decoder = PoseDecoder(layout: output.layout, minimumScore: minimumScore)
    for (level, stride) in zip(output.levels, output.layout.strides) {
      let one = image..<(image + 1)
      level.boxes.images(one).withHostValues { boxes in
        level.scores.images(one).withHostValues { scores in
          level.keypoints.images(one).withHostValues { keypoints in
            decoder.add(
              boxes: boxes, scores: scores, keypoints: keypoints, height: level.boxes.shape[1],
              width: level.boxes.shape[2], stride: stride)
          }
        }
      }
    }
    return decoder.result
  }

  var result: DecodedOutput {
    DecodedOutput(
      values: values, anchors: anchors, classCount: layout.classCount, keypointCount: layout.keypointCount)
  }

  /// Adds the rows of one level; the buffers hold `[height, width, channels]`.
  mutating func add(
    boxes: UnsafeBufferPointer<Float>, scores: UnsafeBufferPointer<Float>,
    keypoints: UnsafeBufferPointer<Float>, height: Int, width: Int, stride: Int
  ) {
    let (classes, sides) = (layout.classCount, 4 * layout.regMax)
    let keypointChannels = layout.keypointCount * layout.keypointDimensions
    if threshold == nil { values.reserveCapacity(values.count + height * width * result.rowLength) }
    for cell in 0..<(height * width) {
      let logits = UnsafeBufferPointer(rebasing: scores[(cell * classes)..<((cell + 1) * classes)])
      if let threshold, !Self.exceeds(logits, threshold) { continue }
      anchors.append(Int32(firstAnchor + cell))
      let (x, y) = (Float(cell % width) + 0.5, Float(cell / width) + 0.5)
      addBox(boxes, at: cell * sides, x: x, y: y, stride: Float(stride))
      for logit in logits { values.append(sigmoid(logit)) }
      addKeypoints(keypoints, at: cell * keypointChannels, x: x, y: y, stride: Float(stride))
    }
    firstAnchor += height * width
  }

  private static func exceeds(_ logits: UnsafeBufferPointer<Float>, _ threshold: Float) -> Bool {
    var best = -Float.infinity
    for logit in logits { best = logit > best ? logit : best }
    return best > threshold
  }

  /// Expected distances of the four sides from the anchor point, in cells, make a box in pixels.
  private mutating func addBox(
    _ numbers: UnsafeBufferPointer<Float>, at start: Int, x: Float, y: Float, stride: Float
  ) {
    let bins = layout.regMax
    func distance(_ side: Int) -> Float {
      let first = start + side * bins
      if bins == 1 { return numbers[first] }
      var most = numbers[first]
      for index in (first + 1)..<(first + bins) { most = max(most, numbers[index]) }
      var (sum, moment) = (Float(0), Float(0))
      for bin in 0..<bins {
        let weight = Foundation.exp(numbers[first + bin] - most)
        sum += weight
        moment += weight * Float(bin)
      }
      return moment / sum
    }
    let (left, top, right, bottom) = (distance(0), distance(1), distance(2), distance(3))
    values.append((x + (right - left) / 2) * stride)
    values.append((y + (bottom - top) / 2) * stride)
    values.append((left + right) * stride)
    values.append((top + bottom) * stride)
  }

  private mutating func addKeypoints(
    _ numbers: UnsafeBufferPointer<Float>, at start: Int, x: Float, y: Float, stride: Float
  ) {
    let dimensions = layout.keypointDimensions
    let encoding = layout.keypointEncoding
    for point in 0..<layout.keypointCount {
      let first = start + point * dimensions
      values.append(encoding.decode(numbers[first], anchor: x) * stride)
      values.append(encoding.decode(numbers[first + 1], anchor: y) * stride)
      values.append(dimensions == 3 ? sigmoid(numbers[first + 2]) : 1)
    }
  }

  private func sigmoid(_ value: Float) -> Float { 1 / (1 + Foundation.exp(-value)) }
}
