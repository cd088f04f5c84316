import Data
import Foundation
import Testing

@Suite struct `Sigmas from repeated annotation` {
  /// One annotator's file: objects of 100×60 at multiples of 200 pixels, each of area 2500, and two keypoints.
  private func file(
    _ folder: DatasetFolder, _ name: String, objects: [(id: Int, points: [Double])], prefix: String = ""
  ) throws -> COCOAnnotations {
    let annotations = objects.map { object in
      """
      {"id": \(object.id * 7 + 3), "image_id": \(object.id), "category_id": 1, "iscrowd": 0, "area": 2500,
       "bbox": [10, 20, 100, 60], "keypoints": [\(object.points.map { "\($0)" }.joined(separator: ", "))]}
      """
    }
    let images = objects.map {
      "{\"id\": \($0.id), \"file_name\": \"\(prefix)\($0.id).jpg\", \"width\": 300, \"height\": 200}"
    }
    try folder.write(
      name,
      """
      {"images": [\(images.joined(separator: ","))], "annotations": [\(annotations.joined(separator: ","))],
       "categories": [{"id": 1, "name": "fox", "keypoints": ["nose", "tail"], "skeleton": []}]}
      """)
    return try COCOAnnotations.read(folder.path + "/" + name)
  }

  @Test func `follow COCO's formula`() throws {
    let folder = try DatasetFolder()
    // Two annotators: the nose 3 and 4 pixels apart in x and y, the tail labelled twice only once.
    let a = try file(folder, "a.json", objects: [(1, [30, 40, 2, 90, 60, 1]), (2, [30, 40, 2, 0, 0, 0])])
    let b = try file(
      folder, "b.json", objects: [(1, [33, 44, 2, 90, 70, 2]), (2, [30, 40, 1, 80, 60, 2])], prefix: "x/")
    let estimate = try SigmaEstimate([a, b])
    #expect(estimate.images == 2 && estimate.objects == 2 && estimate.matchedObjects == 2)
    // Nose: squares about the mean are 25/2 in one object and 0 in the other; two degrees of freedom.
    let nose = (12.5 / 2500 / 2).squareRoot()
    let tail = (50.0 / 2500).squareRoot()
    #expect(estimate.keypoints.map(\.name) == ["nose", "tail"])
    #expect(abs((estimate.keypoints[0].sigma ?? 0) - nose) < 1e-12)
    #expect(abs((estimate.keypoints[1].sigma ?? 0) - tail) < 1e-12)
    #expect(estimate.keypoints.map(\.objects) == [2, 1] && estimate.keypoints.map(\.labels) == [4, 2])
  }

  @Test func `come out as they were put in`() throws {
    let folder = try DatasetFolder()
    var random = Generator()
    // Labels of three annotators with sigmas 0.04 and 0.1: 2 and 5 pixels in 50, in both directions together.
    var files: [COCOAnnotations] = []
    for name in ["a", "b", "c"] {
      let objects = (1...900).map { id in
        (
          id: id,
          points: [
            50 + random.normal() * 2 / 2.0.squareRoot(), 50 + random.normal() * 2 / 2.0.squareRoot(), 2,
            70 + random.normal() * 5 / 2.0.squareRoot(), 60 + random.normal() * 5 / 2.0.squareRoot(), 1,
          ]
        )
      }
      files.append(try file(folder, name + ".json", objects: objects))
    }
    let estimate = try SigmaEstimate(files)
    #expect(abs((estimate.keypoints[0].sigma ?? 0) / 0.04 - 1) < 0.04)
    #expect(abs((estimate.keypoints[1].sigma ?? 0) / 0.1 - 1) < 0.04)
    #expect(estimate.keypoints[0].labels == 2700)
  }

  @Test func `need something in common`() throws {
    let folder = try DatasetFolder()
    let a = try file(folder, "a.json", objects: [(1, [30, 40, 2, 90, 60, 1])])
    let b = try file(folder, "b.json", objects: [(2, [30, 40, 2, 90, 60, 1])])
    let c = try file(folder, "c.json", objects: [(1, [30, 40, 2])])
    #expect(
      folder.message { _ = try SigmaEstimate([a, b]) }
        == "b.json: error: it has no picture in common with a.json, by file name or id")
    #expect(folder.message { _ = try SigmaEstimate([a, c]) }.contains("1 keypoints"))
    // The same label twice says nothing.
    #expect(try SigmaEstimate([a, a]).keypoints.map(\.sigma) == [nil, nil])
  }

  /// Normal numbers from a fixed beginning.
  private struct Generator {
    var state: UInt64 = 42

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }

    mutating func normal() -> Double {
      (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }
  }
}
