import Foundation
import Imaging
import Interchange
import Testing

@Suite struct `Warping` {
  struct Cases: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
      var `case`: String
      var sourceWh: [Int]
      var outputWh: [Int]
      var perspectiveX: Double
      var perspectiveY: Double
      var degrees: Double
      var scale: Double
      var shearX: Double
      var shearY: Double
      var translateX: Double
      var translateY: Double
      var png: String

      var testDescription: String { `case` }
      var parameters: WarpParameters {
        WarpParameters(
          perspectiveX: perspectiveX, perspectiveY: perspectiveY, degrees: degrees, scale: scale,
          shearX: shearX,
          shearY: shearY, translateX: translateX, translateY: translateY)
      }
      var source: ImageSize { ImageSize(width: sourceWh[0], height: sourceWh[1]) }
      var output: ImageSize { ImageSize(width: outputWh[0], height: outputWh[1]) }
      var matrix: Homography { parameters.matrix(from: source, to: output) }
    }
    var cases: [Case]
  }

  static let cases =
    (try? Fixtures.json(Cases.self, at: Fixtures.folder.appending(path: "augment/warp.json")))?.cases ?? []

  @Test func `is checked on all six cases`() { #expect(Self.cases.count == 6) }

  @Test(arguments: cases)
  func `composes the reference's matrix`(given: Cases.Case) throws {
    let tensors = try Fixtures.tensors("augment/warp.safetensors")
    let expected = try tensors.doubles(named: "\(given.case).matrix64").values
    for (a, b) in zip(given.matrix.elements, expected) { #expect(abs(a - b) < 1e-9) }
  }

  @Test(arguments: cases)
  func `moves pixels like the reference`(given: Cases.Case) throws {
    let source = try Fixtures.image("augment/source.png")
    let expected = try Fixtures.image("augment/\(given.png)")
    let output = source.warped(by: given.matrix, to: given.output)
    try #require(output.size == expected.size)
    let difference = PixelDifference(output.pixels, expected.pixels)
    #expect(difference.max <= 1 && difference.mean <= 0.0002, "\(difference)")
  }

  @Test(arguments: cases)
  func `moves boxes and points, and keeps those of the reference`(given: Cases.Case) throws {
    let tensors = try Fixtures.tensors("augment/warp.safetensors")
    func difference(_ values: [SIMD4<Float>], _ name: String) throws -> Float {
      largestDifference(flat(values), flat(try tensors.boxes(named: "\(given.case).\(name)")))
    }
    let sourceBoxes = try tensors.boxes(named: "boxes")
    let boxes = sourceBoxes.map(given.matrix.map)
    #expect(try difference(boxes, "boxes_raw") < 2e-3)
    let clipped = boxes.map(given.output.clip)
    #expect(try difference(clipped, "boxes_clipped") < 2e-3)

    let raw = try tensors.points(named: "keypoints").map { point in
      let moved = given.matrix.map(SIMD2(point.x, point.y))
      return SIMD3(moved.x, moved.y, given.output.contains(moved) ? point.z : 0)
    }
    let expected = try tensors.points(named: "\(given.case).keypoints_clipped")
    let kept = raw.map { point in
      let inside = given.output.clip(SIMD2(point.x, point.y))
      return SIMD3(inside.x, inside.y, point.z)
    }
    #expect(largestDifference(flat(kept), flat(expected)) < 2e-3)
    #expect(kept.map(\.z) == expected.map(\.z))

    let keep = try tensors.ints(named: "\(given.case).keep").values
    let filter = WarpedBoxFilter()
    for (index, box) in clipped.enumerated() {
      let before = sourceBoxes[index] * Float(given.scale)
      #expect(filter.keeps(before: before, after: box) == (keep[index] == 1))
    }
  }

  @Test(arguments: [Float(0.1), 0.01])
  func `filters boxes like the reference`(ratio: Float) throws {
    let tensors = try Fixtures.tensors("augment/warp.safetensors")
    let before = try tensors.boxes(named: "filter.before")
    let after = try tensors.boxes(named: "filter.after")
    let keep = try tensors.ints(named: "filter.keep_area_thr_\(ratio)").values
    let filter = WarpedBoxFilter(minimumAreaRatio: ratio)
    for index in keep.indices {
      #expect(filter.keeps(before: before[index], after: after[index]) == (keep[index] == 1), "row \(index)")
    }
  }

  @Test func `there and back is the identity`() throws {
    for given in Self.cases {
      let inverse = try #require(given.matrix.inverse)
      let product = inverse * given.matrix
      let scale = product.elements[8]
      for (a, b) in zip(product.elements, Homography.identity.elements) { #expect(abs(a / scale - b) < 1e-9) }
    }
    #expect(Homography([1, 2, 3, 2, 4, 6, 0, 0, 1]).inverse == nil)
  }

  @Test func `by a singular map leaves only border`() {
    let picture = Image(width: 9, height: 5, fill: (1, 2, 3))
    let flat = WarpParameters(scale: 0).matrix(from: picture.size, to: ImageSize(width: 4, height: 6))
    #expect(picture.warped(by: flat, to: ImageSize(width: 4, height: 6)) == Image(width: 4, height: 6))
  }

  @Test func `blends the border into the edge`() {
    let picture = Image(width: 3, height: 2, fill: (214, 14, 114))
    let half = Homography([1, 0, 0.5, 0, 1, 0, 0, 0, 1])
    let output = picture.warped(by: half, to: ImageSize(width: 5, height: 2))
    let row = Array(output.pixels[0..<15])
    #expect(row == [164, 64, 114, 214, 14, 114, 214, 14, 114, 164, 64, 114, 114, 114, 114])
  }

  @Test func `survives maps that send everything to infinity`() {
    let picture = Image(width: 9, height: 5, fill: (1, 2, 3))
    for elements in [
      [1e300, 0, 0, 0, 1e-300, 0, 0, 0, 1], [1, 0, 0, 0, 1, 0, -0.25, 0, 1],
      [1, 0, 1e18, 0, 1, -1e18, 0, 0, 1],
    ] {
      #expect(picture.warped(by: Homography(elements), to: ImageSize(width: 8, height: 8)).size.width == 8)
    }
  }
}
