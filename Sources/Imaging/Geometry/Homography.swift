internal import Foundation

/// A projective map of the plane: a 3×3 matrix on column vectors (x, y, 1), in pixels.
public struct Homography: Sendable, Equatable {
  /// Row-major, nine numbers.
  public let elements: [Double]

  public init(_ elements: [Double]) {
    precondition(elements.count == 9, "Homography: \(elements.count) elements")
    self.elements = elements
  }

  public static let identity = Homography([1, 0, 0, 0, 1, 0, 0, 0, 1])

  /// `lhs` after `rhs`.
  public static func * (lhs: Homography, rhs: Homography) -> Homography {
    Homography(
      (0..<9).map { index in
        let (row, column) = (index / 3 * 3, index % 3)
        return lhs.elements[row] * rhs.elements[column] + lhs.elements[row + 1] * rhs.elements[column + 3]
          + lhs.elements[row + 2] * rhs.elements[column + 6]
      })
  }

  /// Parallels stay parallel: the last row is 0, 0, 1.
  public var isAffine: Bool { elements[6] == 0 && elements[7] == 0 && elements[8] == 1 }

  /// `nil` if the map is singular.
  public var inverse: Homography? {
    let m = elements
    let cofactors = [
      m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
      m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
      m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
    ]
    let determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6]
    guard determinant != 0, determinant.isFinite else { return nil }
    var inverse = cofactors.map { $0 / determinant }
    if isAffine { inverse.replaceSubrange(6..<9, with: [0, 0, 1]) }
    return Homography(inverse)
  }

  /// Where a point (x, y) goes.
  public func map(_ point: SIMD2<Float>) -> SIMD2<Float> {
    let (x, y) = (Double(point.x), Double(point.y))
    let m = elements
    let w = isAffine ? 1 : m[6] * x + m[7] * y + m[8]
    return SIMD2(
      Float((m[0] * x + m[1] * y + m[2]) / w), Float((m[3] * x + m[4] * y + m[5]) / w))
  }

  /// The upright box around the four corners of a box (x1, y1, x2, y2).
  public func map(_ box: SIMD4<Float>) -> SIMD4<Float> {
    let corners = [
      map(SIMD2(box.x, box.y)), map(SIMD2(box.z, box.y)), map(SIMD2(box.x, box.w)),
      map(SIMD2(box.z, box.w)),
    ]
    var (low, high) = (corners[0], corners[0])
    for corner in corners.dropFirst() {
      low = pointwiseMin(low, corner)
      high = pointwiseMax(high, corner)
    }
    return SIMD4(lowHalf: low, highHalf: high)
  }
}
