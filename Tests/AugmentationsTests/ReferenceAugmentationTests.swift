import Augmentations
import Foundation
import Imaging
import Interchange
import PoseCore
import Testing

/// Each augmentation with the reference's draws put in.
@Suite struct `Augmentations with given draws` {
  private static let flipIndices = Skeleton.cocoPerson.flipIndices ?? []

  struct MosaicCases: Decodable {
    struct Case: Decodable {
      var `case`: String
      var yc: Int
      var xc: Int
      var imgsz: Int
      var png: String
    }
    var cases: [Case]
    var inputs: [String]
  }

  @Test func `join four pictures like the reference`() throws {
    let cases = try AugmentFixtures.json(MosaicCases.self, "mosaic")
    let tensors = try AugmentFixtures.tensors("mosaic")
    var row = 0
    let samples = try cases.inputs.enumerated().map { place, name in
      var instances = try tensors.instances(boxes: "in\(place).boxes_xyxy", keypoints: "in\(place).keypoints")
      for index in instances.indices {
        instances[index].classIndex = row
        row += 1
      }
      return TrainingSample(image: try AugmentFixtures.image(name), instances: instances, index: place + 5)
    }
    #expect(cases.cases.count == 2)
    for given in cases.cases {
      let joined = Mosaic.apply(to: samples, centre: (given.xc, given.yc), imageSize: given.imgsz)
      #expect(joined.image == (try AugmentFixtures.image(given.png)))
      let expected = try tensors.instances(
        boxes: "\(given.case).boxes_xyxy", keypoints: "\(given.case).keypoints")
      #expect(largestDistance(joined.instances, expected) <= 1e-3)
      let rows = try tensors.ints(named: "\(given.case).source_row").values
      #expect(joined.instances.map(\.classIndex) == rows.map { Int($0) })
      #expect(joined.index == 5)
    }
  }

  struct WarpCases: Decodable {
    struct Case: Decodable {
      var `case`: String
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
    }
    var cases: [Case]
  }

  @Test func `warp pictures and objects like the reference`() throws {
    let tensors = try AugmentFixtures.tensors("warp")
    let source = TrainingSample(
      image: try AugmentFixtures.image("source.png"),
      instances: try tensors.instances(boxes: "boxes", keypoints: "keypoints"), index: 3)
    let cases = try AugmentFixtures.json(WarpCases.self, "warp").cases
    #expect(cases.count == 6)
    for given in cases {
      let parameters = WarpParameters(
        perspectiveX: given.perspectiveX, perspectiveY: given.perspectiveY, degrees: given.degrees,
        scale: given.scale, shearX: given.shearX, shearY: given.shearY, translateX: given.translateX,
        translateY: given.translateY)
      let warped = AffineWarp.apply(
        to: source, parameters, output: ImageSize(width: given.outputWh[0], height: given.outputWh[1]))
      let difference = pixelDifference(warped.image, try AugmentFixtures.image(given.png))
      #expect(difference.largest <= 1 && difference.mean <= 0.05, "\(given.case)")
      let keep = try tensors.ints(named: "\(given.case).keep").values
      let all = try tensors.instances(
        boxes: "\(given.case).boxes_clipped", keypoints: "\(given.case).keypoints_clipped")
      let expected = all.filter { keep[$0.classIndex] == 1 }
      #expect(largestDistance(warped.instances, expected) <= 2e-3, "\(given.case)")
      #expect(warped.instances.map(\.classIndex) == expected.map(\.classIndex))
    }
  }

  @Test(arguments: [("horizontal", Flip.Direction.leftRight), ("vertical", .upDown)])
  func `mirror like the reference`(name: String, direction: Flip.Direction) throws {
    let tensors = try AugmentFixtures.tensors("flip")
    let source = TrainingSample(
      image: try AugmentFixtures.image("source.png"),
      instances: try tensors.instances(boxes: "boxes_xyxy", keypoints: "keypoints"), index: 0)
    let mirrored = Flip.apply(to: source, direction, flipIndices: Self.flipIndices)
    #expect(mirrored.image == (try AugmentFixtures.image("flip-\(name).png")))
    var expected = try tensors.instances(boxes: "\(name).boxes_xywh", keypoints: "\(name).keypoints")
    for index in expected.indices {
      let b = expected[index].box.corners
      expected[index].box = Box(
        SIMD4(b.x - b.z / 2, b.y - b.w / 2, b.x + b.z / 2, b.y + b.w / 2))
    }
    #expect(largestDistance(mirrored.instances, expected) <= 1e-4)
    // Twice is as if never.
    let again = Flip.apply(to: mirrored, direction, flipIndices: Self.flipIndices)
    #expect(again.image == source.image && largestDistance(again.instances, source.instances) <= 1e-4)
  }

  struct MixupCases: Decodable {
    struct Case: Decodable {
      var `case`: String
      var ratio: Double
      var png: String
    }
    var cases: [Case]
    var inputs: [String]
  }

  @Test func `blend two pictures like the reference`() throws {
    let cases = try AugmentFixtures.json(MixupCases.self, "mixup")
    let tensors = try AugmentFixtures.tensors("mixup")
    let samples = try cases.inputs.enumerated().map { place, name in
      TrainingSample(
        image: try AugmentFixtures.image(name),
        instances: try tensors.instances(boxes: "in\(place).boxes_xyxy", keypoints: "in\(place).keypoints"),
        index: place)
    }
    #expect(cases.cases.count == 3)
    for given in cases.cases {
      let mixed = Mixup.apply(to: samples[0], samples[1], ratio: given.ratio)
      #expect(mixed.image == (try AugmentFixtures.image(given.png)))
      let expected = try tensors.instances(
        boxes: "\(given.case).boxes_xyxy", keypoints: "\(given.case).keypoints")
      #expect(largestDistance(mixed.instances, expected) == 0)
    }
  }
}
