import Imaging
import Interchange

/// How far two pictures' bytes are apart.
struct PixelDifference {
  let mean: Double
  let max: Int
  /// Share of values that differ.
  let share: Double

  init(_ a: [UInt8], _ b: [UInt8]) {
    precondition(a.count == b.count && !a.isEmpty)
    var (sum, max, count) = (0, 0, 0)
    for (x, y) in zip(a, b) {
      let difference = abs(Int(x) - Int(y))
      sum += difference
      max = Swift.max(max, difference)
      count += difference > 0 ? 1 : 0
    }
    mean = Double(sum) / Double(a.count)
    self.max = max
    share = Double(count) / Double(a.count)
  }
}

/// The largest absolute difference; both must be of one length.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  precondition(a.count == b.count)
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

extension SafetensorsFile {
  func bytes(named name: String) throws -> [UInt8] { try ints(named: name).values.map { UInt8($0) } }

  /// Rows of four: boxes.
  func boxes(named name: String) throws -> [SIMD4<Float>] {
    let values = try floats(named: name).values
    return stride(from: 0, to: values.count, by: 4).map {
      SIMD4(values[$0], values[$0 + 1], values[$0 + 2], values[$0 + 3])
    }
  }

  /// Rows of three: points and a third value, a visibility or confidence.
  func points(named name: String) throws -> [SIMD3<Float>] {
    let values = try floats(named: name).values
    return stride(from: 0, to: values.count, by: 3).map { SIMD3(values[$0], values[$0 + 1], values[$0 + 2]) }
  }
}

func flat(_ boxes: [SIMD4<Float>]) -> [Float] { boxes.flatMap { [$0.x, $0.y, $0.z, $0.w] } }
func flat(_ points: [SIMD3<Float>]) -> [Float] { points.flatMap { [$0.x, $0.y, $0.z] } }
