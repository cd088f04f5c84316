import Foundation
import Imaging
import Interchange
import PoseCore

/// What the reference gave for stated draws: `Tests/Fixtures/augment`.
enum AugmentFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/augment").path

  static func tensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: "\(folder)/\(name).safetensors")
  }

  static func image(_ name: String) throws -> Image { try Image(contentsOf: "\(folder)/\(name)") }

  static func json<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: URL(filePath: "\(folder)/\(name).json")))
  }
}

extension SafetensorsFile {
  /// Objects from a tensor of boxes `[n, 4]` (x1, y1, x2, y2) and one of keypoints `[n, 17, 3]`.
  func instances(boxes: String, keypoints: String) throws -> [Instance] {
    let corners = try floats(named: boxes).values
    let points = try floats(named: keypoints).values
    return (0..<corners.count / 4).map { row in
      let box = Box(SIMD4(corners[4 * row], corners[4 * row + 1], corners[4 * row + 2], corners[4 * row + 3]))
      return Instance(
        classIndex: row,
        box: box,
        keypoints: (0..<17).map { index in
          let start = (row * 17 + index) * 3
          return Keypoint(
            x: points[start], y: points[start + 1],
            visibility: Visibility(rawValue: UInt8(points[start + 2])) ?? .unlabelled)
        })
    }
  }
}

/// The largest difference of any coordinate in pixels; infinite where counts or visibilities differ.
func largestDistance(_ a: [Instance], _ b: [Instance]) -> Float {
  guard a.count == b.count else { return .infinity }
  var largest: Float = 0
  for (x, y) in zip(a, b) {
    guard x.keypoints.map(\.visibility) == y.keypoints.map(\.visibility) else { return .infinity }
    let box = x.box.corners - y.box.corners
    largest = max(largest, abs(box.x), abs(box.y), abs(box.z), abs(box.w))
    for (p, q) in zip(x.keypoints, y.keypoints) { largest = max(largest, abs(p.x - q.x), abs(p.y - q.y)) }
  }
  return largest
}

/// The largest and the mean difference of two pictures of one size.
func pixelDifference(_ a: Image, _ b: Image) -> (largest: Int, mean: Double) {
  guard a.size == b.size else { return (.max, .infinity) }
  var (largest, sum) = (0, 0)
  for (x, y) in zip(a.pixels, b.pixels) {
    let difference = abs(Int(x) - Int(y))
    largest = max(largest, difference)
    sum += difference
  }
  return (largest, Double(sum) / Double(a.pixels.count))
}
