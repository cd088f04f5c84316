import Foundation
import Interchange
import PoseCore
import Testing

@Suite struct `Non-maximum suppression` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/nms").path

  private struct Case: Decodable {
    var result: String
    var prediction: String
    var nc: Int
    var conf: Double
    var iou: Double
    var maxDet: Int
    var multiLabel: Bool
    var agnostic: Bool
    var kept: [Int]
  }

  private struct Cases: Decodable { var results: [Case] }

  @Test func `keeps what the reference keeps`() throws {
    let data = try Data(contentsOf: URL(filePath: Self.folder + "/nms.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let cases = try decoder.decode(Cases.self, from: data).results
    let file = try SafetensorsFile(path: Self.folder + "/nms.safetensors")
    #expect(cases.count > 40)
    for one in cases {
      let (shape, values) = try file.floats(named: one.prediction)
      let suppression = NonMaximumSuppression(
        minimumScore: one.conf, maximumIoU: one.iou, maximumCount: one.maxDet, multiLabel: one.multiLabel,
        classAgnostic: one.agnostic)
      for image in 0..<shape[0] {
        let kept = values.withUnsafeBufferPointer { values in
          let size = shape[1] * shape[2]
          return suppression(
            DecodedPredictions(
              UnsafeBufferPointer(rebasing: values[(image * size)..<(image * size + size)]), count: shape[2],
              classCount: one.nc, columnStride: 1, channelStride: shape[2]))
        }
        let name = "\(one.result).image\(image)"
        #expect(kept.map(\.column) == (try file.ints(named: name + ".columns").values), "\(name)")
        let rows = try file.floats(named: name + ".rows").values
        let own = kept.flatMap {
          [$0.box.x1, $0.box.y1, $0.box.x2, $0.box.y2, $0.score, Float($0.classIndex)]
        }
        #expect(own.count == rows.count)
        #expect(zip(own, rows).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(name)")
      }
    }
  }

  @Test func `reads boxes along rows as well`() {
    // Two overlapping boxes and a third apart; five numbers a row.
    let rows: [Float] = [10, 20, 8, 4, 0.5, 10.5, 20, 8, 4, 0.9, 50, 20, 8, 4, 0.3]
    let kept = rows.withUnsafeBufferPointer {
      NonMaximumSuppression()(
        DecodedPredictions($0, count: 3, classCount: 1, columnStride: 5, channelStride: 1))
    }
    #expect(kept.map(\.column) == [1, 2])
    #expect(kept[0].box == Box(x1: 6.5, y1: 18, x2: 14.5, y2: 22))
  }

  @Test func `visits the best candidates only`() {
    let rows: [Float] = [10, 20, 8, 4, 0.5, 30, 20, 8, 4, 0.9, 50, 20, 8, 4, 0.7]
    let kept = rows.withUnsafeBufferPointer {
      NonMaximumSuppression(candidateLimit: 2)(
        DecodedPredictions($0, count: 3, classCount: 1, columnStride: 5, channelStride: 1))
    }
    #expect(kept.map(\.column) == [1, 2])
  }
}
