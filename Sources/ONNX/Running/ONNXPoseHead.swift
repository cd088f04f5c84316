internal import Imaging
public import Layers
public import PoseCore
public import Tensor

/// A whole model in an ONNX file, as a head that takes pictures: PoseLab's exports and those of the YOLO tools.
///
/// Two kinds of output are read. All predictions: `[batch, 4 + classes + keypoint numbers, anchor]`, centre and size,
/// scores, keypoints. Chosen ones: `[batch, row, 6 + keypoint numbers]`, corners, score, class, keypoints. Pixels are the
/// input's; a keypoint has 2 or 3 numbers.
public final class ONNXPoseHead: PoseHead {
  public let layout: HeadLayout
  public let metadata: ONNXMetadata
  public let inputLimits: InputLimits
  public private(set) var failure: (any Error)?
  private let session: any GraphSession
  /// The number of pictures that the graph takes at a time; nil takes any.
  private let batch: Int?
  private let isChosen: Bool
  private let path: String

  /// - Throws: what the file says or lacks; what the engine throws. A pass over an empty picture is part of it.
  public init(_ file: ONNXFile, engine: any GraphEngine) throws {
    path = file.path
    func fail(_ reason: String) -> ONNXFileError { ONNXFileError(file: file.path, reason: reason) }
    guard file.output.shape.count == 3 else {
      throw fail("gives an output of \(file.output.shape.count) axes; a pose model's has 3")
    }
    let channels: Int? = if case .fixed(let count) = file.output.shape[1] { count } else { nil }
    metadata = try ONNXMetadata(entries: file.metadata, path: file.path, outputChannels: channels)
    let (keypoints, dimensions) = (metadata.skeleton.keypointCount, metadata.skeleton.dimensions)
    isChosen = metadata.hasSuppression
    let expected = (isChosen ? 6 : 4 + metadata.classNames.count) + keypoints * dimensions
    let axis = isChosen ? 2 : 1
    if case .fixed(let found) = file.output.shape[axis], found != expected {
      throw fail(
        "gives \(found) numbers a prediction; \(metadata.classNames.count) classes and \(keypoints) keypoints make"
          + " \(expected)")
    }
    guard file.input.shape.count == 4, [.fixed(3), .free("")].contains(file.input.shape[1].unnamed) else {
      throw fail("takes no pictures: its input has the shape \(file.input.shape.map(\.text))")
    }
    batch = if case .fixed(let count) = file.input.shape[0] { count } else { nil }
    var limits = InputLimits(multiple: metadata.stride)
    switch (file.input.shape[2], file.input.shape[3]) {
    case (.fixed(let height), .fixed(let width)):
      limits = InputLimits(multiple: 1, size: ImageSize(width: width, height: height))
    case (.free, .free): break
    default: throw fail("leaves one side of its pictures free, but not the other")
    }
    inputLimits = limits
    // Chosen predictions need no suppression, which is what a one-to-one branch means to the decoder.
    layout = HeadLayout(
      classCount: metadata.classNames.count, keypointCount: keypoints, keypointDimensions: dimensions,
      regMax: 1, strides: [metadata.stride], hasOneToOne: isChosen, isNMSFree: isChosen)
    session = try engine.open(file)
    let size = limits.size ?? ImageSize(side: max(metadata.stride, 2 * 32))
    guard size.width * size.height * (batch ?? 1) <= 1 << 28 else {
      throw fail("takes \(batch ?? 1) pictures of \(size.width) × \(size.height), more than is sensible")
    }
    let blank = [Float](repeating: 0.5, count: (batch ?? 1) * 3 * size.width * size.height)
    _ = try blank.withUnsafeBufferPointer {
      try checked(try session.run($0, shape: [batch ?? 1, 3, size.height, size.width]), images: batch ?? 1)
    }
  }

  public var members: [LayerMember] { [] }

  // MARK: Running

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> HeadOutput {
    let images = features[0].permuted([0, 3, 1, 2])
    failure = nil
    let rows: Tensor
    do {
      rows = try images.withHostValues { try run($0, images.shape, on: images.device) }
    } catch {
      failure = error
      rows = Tensor(uninitialized: [images.shape[0], 1, 0, rowLength], on: images.device)
    }
    return HeadOutput(
      layout: layout, levels: [HeadOutput.Level(boxes: rows, scores: rows, keypoints: rows)])
  }

  /// - Returns: `[image, 1, prediction, number]`.
  private func run(
    _ images: UnsafeBufferPointer<Float>, _ shape: [Int], on device: Device
  ) throws -> Tensor {
    let (count, perImage) = (shape[0], shape[1...].reduce(1, *))
    let step = batch ?? max(1, count)
    var all: [Float] = []
    var predictions = 0
    for first in stride(from: 0, to: count, by: step) {
      let here = min(step, count - first)
      let part = UnsafeBufferPointer(rebasing: images[(first * perImage)..<((first + here) * perImage)])
      let output: (shape: [Int], values: [Float])
      if here == step {
        output = try session.run(part, shape: [step] + shape[1...])
      } else {
        // The last pictures, with empty ones to make up the number.
        let filled = Array(part) + [Float](repeating: 0, count: (step - here) * perImage)
        output = try filled.withUnsafeBufferPointer { try session.run($0, shape: [step] + shape[1...]) }
      }
      let found = try checked(output, images: step)
      predictions = found.predictions
      all += output.values.prefix(here * predictions * rowLength)
    }
    let order = isChosen ? [count, 1, predictions, rowLength] : [count, rowLength, predictions]
    let numbers = Tensor(all, shape: order, on: device)
    return isChosen
      ? numbers : numbers.permuted([0, 2, 1]).reshaped([count, 1, predictions, rowLength])
  }

  /// Numbers of one prediction.
  private var rowLength: Int {
    (isChosen ? 6 : 4 + layout.classCount) + layout.keypointCount * layout.keypointDimensions
  }

  private func checked(
    _ output: (shape: [Int], values: [Float]), images: Int
  ) throws(ONNXFileError) -> (predictions: Int, Void) {
    let shape = output.shape
    guard shape.count == 3, shape[0] == images, shape[isChosen ? 2 : 1] == rowLength else {
      throw ONNXFileError(
        file: path,
        reason: "gave an output of shape \(shape) for \(images) pictures; \(rowLength) numbers a"
          + " prediction were expected")
    }
    return (shape[isChosen ? 1 : 2], ())
  }

  // MARK: Reading

  public func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput {
    var result = DecodedOutput(
      values: [], anchors: [], classCount: layout.classCount, keypointCount: layout.keypointCount)
    let threshold = minimumScore ?? -.infinity
    let classes = layout.classCount
    output.levels[0].boxes.images(image..<(image + 1)).withHostValues { rows in
      for row in 0..<(rows.count / rowLength) {
        let numbers = UnsafeBufferPointer(rebasing: rows[(row * rowLength)..<((row + 1) * rowLength)])
        let points: Slice<UnsafeBufferPointer<Float>>
        if isChosen {
          let index = Int(exactly: numbers[5]) ?? -1
          // Rows beyond the last prediction are zeros.
          guard numbers[4] > max(0, threshold), (0..<classes).contains(index) else { continue }
          let (x1, y1, x2, y2) = (numbers[0], numbers[1], numbers[2], numbers[3])
          result.values += [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]
          result.values += (0..<classes).map { $0 == index ? numbers[4] : 0 }
          points = numbers[6...]
        } else {
          let scores = numbers[4..<(4 + classes)]
          guard scores.contains(where: { $0 > threshold }) else { continue }
          result.values += numbers[..<(4 + classes)]
          points = numbers[(4 + classes)...]
        }
        result.anchors.append(Int32(clamping: row))
        if layout.keypointDimensions == 3 {
          result.values += points
        } else {
          for place in stride(from: points.startIndex, to: points.endIndex, by: 2) {
            result.values += [points[place], points[place + 1], 1]
          }
        }
      }
    }
    return result
  }
}

extension ONNXModel.Dimension {
  /// The same, whatever a free one is called.
  fileprivate var unnamed: ONNXModel.Dimension { if case .free = self { .free("") } else { self } }

  fileprivate var text: String {
    switch self {
    case .fixed(let extent): String(extent)
    case .free(let name): name
    }
  }
}
