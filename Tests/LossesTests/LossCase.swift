import Foundation
import Interchange
import Losses
import PoseCore

/// A recorded evaluation of the reference: head outputs, targets and what came of them.
struct LossCase {
  let file: SafetensorsFile
  /// Before the names of its tensors.
  let prefix: String
  let record: Record
  let outputs: HeadValues
  let targets: [[Instance]]

  struct Record: Decodable {
    var nc: Int?
    var kptShape: [Int]?
    var imageHw: [Int]
    var batchSize: Int
    var sigmasUsed: [Float]?
    var sigmas: [Float]?
    var regMax: Int?
    var strides: [Int]?
    var items: [String: Float]
    var total: Float
    var foregroundAnchors: Int
    var targetScoresSum: Float
  }

  private struct Records: Decodable {
    var cases: [String: Record]
  }

  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/losses")

  /// One of the cases of raw head outputs without a network.
  static func heads(_ name: String, in file: URL = fixtures.appending(path: "heads")) throws -> LossCase {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: file.appendingPathExtension("json"))
    guard
      let record = try decoder.decode(Records.self, from: data).cases.first(where: { $0.key == name })?.value
    else { throw CocoaError(.coderValueNotFound) }
    let tensors = try SafetensorsFile(path: file.appendingPathExtension("safetensors").path)
    let grid = grid(of: record)
    func raw(_ kind: String, channels: Int) throws -> [[Float]] {
      let count = record.batchSize * channels * grid.count
      let values =
        tensors.description(of: "\(name)/\(kind)") == nil
        ? [Float](repeating: 0, count: count) : try tensors.floats(named: "\(name)/\(kind)").values
      return HeadValues.levels(of: values, batch: record.batchSize, channels: channels, grid: grid)
    }
    let (classes, shape, regMax) = (record.nc ?? 1, record.kptShape ?? [17, 3], record.regMax ?? 16)
    let outputs = HeadValues(
      batch: record.batchSize, grid: grid, classes: classes, keypointCount: shape[0], dimensions: shape[1],
      regMax: regMax, boxes: try raw("boxes", channels: 4 * regMax),
      scores: try raw("scores", channels: classes),
      keypoints: try raw("kpts", channels: shape[0] * shape[1]))
    return try LossCase(file: tensors, prefix: "\(name)/", record: record, outputs: outputs)
  }

  /// The outputs of a whole network, which come by level.
  static func network() throws -> LossCase {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: fixtures.appending(path: "network.json"))
    let record = try decoder.decode(Record.self, from: data)
    let tensors = try SafetensorsFile(path: fixtures.appending(path: "network.safetensors").path)
    let grid = grid(of: record)
    func raw(_ kind: String, channels: Int) throws -> [[Float]] {
      try grid.levels.enumerated().flatMap { index, level in
        HeadValues.levels(
          of: try tensors.floats(named: "raw.p\(index + 3).\(kind)").values, batch: record.batchSize,
          channels: channels, grid: AnchorGrid(levels: [level]))
      }
    }
    let outputs = HeadValues(
      batch: record.batchSize, grid: grid, classes: 1, keypointCount: 17, dimensions: 3, regMax: 16,
      boxes: try raw("boxes", channels: 64), scores: try raw("scores", channels: 1),
      keypoints: try raw("kpts", channels: 51))
    return try LossCase(file: tensors, prefix: "", record: record, outputs: outputs)
  }

  private init(file: SafetensorsFile, prefix: String, record: Record, outputs: HeadValues) throws {
    self.file = file
    self.prefix = prefix
    self.record = record
    self.outputs = outputs
    var targets = [[Instance]](repeating: [], count: record.batchSize)
    let (height, width) = (Float(record.imageHw[0]), Float(record.imageHw[1]))
    if file.description(of: prefix + "batch_idx") != nil {
      let images = try file.floats(named: prefix + "batch_idx").values
      let classes = try file.floats(named: prefix + "cls").values
      let boxes = try file.floats(named: prefix + "bboxes").values
      let (shape, keypoints) = try file.floats(named: prefix + "keypoints")
      for index in images.indices {
        let (x, y) = (boxes[index * 4] * width, boxes[index * 4 + 1] * height)
        let half = (boxes[index * 4 + 2] * width / 2, boxes[index * 4 + 3] * height / 2)
        let points = (0..<shape[1]).map { point in
          let start = (index * shape[1] + point) * shape[2]
          let visibility = shape[2] == 3 ? UInt8(keypoints[start + 2]) : 2
          return Keypoint(
            x: keypoints[start] * width, y: keypoints[start + 1] * height,
            visibility: Visibility(rawValue: visibility) ?? .unlabelled)
        }
        targets[Int(images[index])].append(
          Instance(
            classIndex: Int(classes[index]),
            box: Box(x1: x - half.0, y1: y - half.1, x2: x + half.0, y2: y + half.1), keypoints: points))
      }
    }
    self.targets = targets
  }

  private static func grid(of record: Record) -> AnchorGrid {
    AnchorGrid(
      levels: (record.strides ?? [8, 16, 32]).map {
        .init(height: record.imageHw[0] / $0, width: record.imageHw[1] / $0, stride: $0)
      })
  }

  /// The loss with the settings of the recording.
  var loss: PoseCriterion {
    PoseCriterion(sigmas: record.sigmasUsed ?? record.sigmas ?? [], regMax: outputs.regMax)
  }

  /// The recorded parts in our order.
  var items: [Float] { PoseCriterionValue.itemNames.compactMap { record.items[$0] } }

  func floats(_ name: String) throws -> [Float] { try file.floats(named: prefix + name).values }

  func ints(_ name: String) throws -> [Int] { try file.ints(named: prefix + name).values }

  func gradient(_ name: String, channels: Int) throws -> [[Float]] {
    guard file.description(of: prefix + name) != nil else {
      return outputs.grid.levels.map { [Float](repeating: 0, count: outputs.batch * channels * $0.cellCount) }
    }
    return HeadValues.levels(
      of: try floats(name), batch: outputs.batch, channels: channels, grid: outputs.grid)
  }
}

/// `max|a - b| / max|b|` over all elements.
func relativeError(_ a: [[Float]], _ b: [[Float]]) -> Float {
  let (a, b) = (a.flatMap { $0 }, b.flatMap { $0 })
  guard a.count == b.count else { return .infinity }
  var difference: Float = 0
  var largest: Float = 0
  for (x, y) in zip(a, b) {
    guard x.isFinite, y.isFinite else { return .infinity }
    difference = max(difference, abs(x - y))
    largest = max(largest, abs(y))
  }
  return largest > 0 ? difference / largest : difference
}
