import Foundation
import Imaging
import Interchange
import Testing

@Suite struct `Letterboxes` {
  struct Geometry: Decodable {
    struct Case: Decodable {
      var netHw: [Int]
      var sourceHw: [Int]
      var mode: String?
      var auto: Bool?
      var datasetResizedHw: [Int]?
      var resizedWh: [Int]?
      var top: Int
      var bottom: Int
      var left: Int
      var right: Int
      var outputHw: [Int]
      var ratioPad: [[Double]]?
    }
    struct Rectangular: Decodable {
      var imgsz: Int
      var batchSize: Int
      var pad: Double
      var stride: Int
      var order: [Int]
      var batchOfPosition: [Int]
      var batchShapesHw: [[Int]]
    }
    var sizesHw: [[Int]]
    var letterbox: [Case]
    var rectangularValidation: [Rectangular]
  }

  struct Mapping: Decodable {
    struct Back: Decodable {
      struct Case: Decodable {
        var netHw: [Int]
        var originalHw: [Int]
        var mode: String
        var gainXy: [Double]
        var padXy: [Int]
      }
      var cases: [Case]
    }
    struct Labels: Decodable {
      struct Case: Decodable {
        var originalHw: [Int]
        var imgsz: Int
      }
      var cases: [Case]
    }
    var back: Back
    var labels: Labels
  }

  private func size(_ hw: [Int]) -> ImageSize { ImageSize(width: hw[1], height: hw[0]) }
  private func geometry() throws -> Geometry {
    try Fixtures.json(Geometry.self, at: Fixtures.folder.appending(path: "preprocess/geometry.json"))
  }
  private func mapping() throws -> Mapping {
    try Fixtures.json(Mapping.self, at: Fixtures.folder.appending(path: "preprocess/mapping.json"))
  }

  @Test func `has the reference's numbers for all sizes and modes`() throws {
    let cases = try geometry().letterbox
    #expect(cases.count == 160)
    for expected in cases {
      let (source, network) = (size(expected.sourceHw), size(expected.netHw))
      let letterbox: Letterbox
      if expected.mode == "val" {
        letterbox = .validation(source: source, imageSize: network.width)
        #expect(letterbox.loaded == expected.datasetResizedHw.map(size))
        #expect([letterbox.gainY, letterbox.gainX] == expected.ratioPad?[0])
      } else {
        letterbox = .prediction(source: source, network: network, stride: expected.auto == true ? 32 : nil)
        #expect([letterbox.resized.width, letterbox.resized.height] == expected.resizedWh)
      }
      let sides: [Int] = [letterbox.left, letterbox.top, letterbox.right, letterbox.bottom]
      #expect(
        sides == [expected.left, expected.top, expected.right, expected.bottom], "\(source) into \(network)")
      #expect(letterbox.output == size(expected.outputHw), "\(source) into \(network)")
    }
  }

  @Test func `plans rectangular batches like the reference`() throws {
    let geometry = try geometry()
    for expected in geometry.rectangularValidation {
      let batches = RectangularBatches(
        sizes: geometry.sizesHw.map(size), imageSize: expected.imgsz, batchSize: expected.batchSize,
        stride: expected.stride, padding: expected.pad)
      #expect(batches.order == expected.order)
      #expect(batches.batchOfPosition == expected.batchOfPosition)
      #expect(batches.shapes == expected.batchShapesHw.map(size))
    }
  }

  @Test func `maps detections back to the original picture`() throws {
    let tensors = try Fixtures.tensors("preprocess/mapping.safetensors")
    let cases = try mapping().back.cases
    #expect(cases.count == 11)
    for (index, expected) in cases.enumerated() {
      let (source, network) = (size(expected.originalHw), size(expected.netHw))
      let letterbox: Letterbox =
        expected.mode == "val"
        ? .validation(source: source, imageSize: network.width)
        : .prediction(source: source, network: network)
      #expect([letterbox.left, letterbox.top] == expected.padXy, "case \(index)")
      let boxes = try tensors.boxes(named: "case\(index).net_boxes").map { letterbox.toSource($0) }
      #expect(
        largestDifference(flat(boxes), flat(try tensors.boxes(named: "case\(index).boxes"))) < 1e-3,
        "case \(index)")
      let points = try tensors.points(named: "case\(index).net_keypoints").map { point in
        let source = letterbox.toSource(SIMD2(point.x, point.y))
        return SIMD3(source.x, source.y, point.z)
      }
      #expect(
        largestDifference(flat(points), flat(try tensors.points(named: "case\(index).keypoints"))) < 1e-3,
        "case \(index)")
    }
  }

  @Test func `maps labels into the network's input`() throws {
    let tensors = try Fixtures.tensors("preprocess/labels.safetensors")
    for (index, expected) in try mapping().labels.cases.enumerated() {
      let source = size(expected.originalHw)
      let letterbox = Letterbox.validation(source: source, imageSize: expected.imgsz)
      let (from, to) = (
        SIMD2(Float(source.width), Float(source.height)),
        SIMD2(Float(letterbox.output.width), Float(letterbox.output.height))
      )
      let boxes = try tensors.boxes(named: "label\(index).xywh").map { box -> SIMD4<Float> in
        let (centre, half) = (box.lowHalf, box.highHalf / 2)
        let mapped = letterbox.toInput(
          SIMD4(lowHalf: (centre - half) * from, highHalf: (centre + half) * from))
        return SIMD4(
          lowHalf: (mapped.lowHalf + mapped.highHalf) / 2 / to,
          highHalf: (mapped.highHalf - mapped.lowHalf) / to)
      }
      #expect(largestDifference(flat(boxes), flat(try tensors.boxes(named: "label\(index).net_xywh"))) < 2e-6)
      let points = try tensors.points(named: "label\(index).keypoints").map { point in
        let mapped = letterbox.toInput(SIMD2(point.x, point.y) * from) / to
        return SIMD3(mapped.x, mapped.y, point.z)
      }
      #expect(
        largestDifference(flat(points), flat(try tensors.points(named: "label\(index).net_keypoints"))) < 2e-6
      )
    }
  }

  @Test func `brings points back to where they came from`() {
    let letterbox = Letterbox.prediction(
      source: ImageSize(width: 1242, height: 375), network: ImageSize(width: 640, height: 384))
    let box = SIMD4<Float>(10.5, 20.25, 1200, 374)
    #expect(largestDifference(flat([letterbox.toSource(letterbox.toInput(box))]), flat([box])) < 1e-3)
    #expect(letterbox.toInput(SIMD2(0, 0)) == SIMD2(0, Float(letterbox.top)))
    #expect(letterbox.toSource(SIMD2<Float>(-5, 1000)) == SIMD2(0, 375))
  }

  @Test func `resizes twice when a validation batch is smaller than the loaded picture`() {
    let source = ImageSize(width: 80, height: 60)
    let letterbox = Letterbox.validation(
      source: source, imageSize: 64, network: ImageSize(width: 32, height: 32))
    #expect(letterbox.loaded == ImageSize(width: 64, height: 48))
    #expect(letterbox.resized == ImageSize(width: 32, height: 24))
    #expect(letterbox.left == 0 && letterbox.top == 4)
    #expect(letterbox.apply(to: Image(width: 80, height: 60)).size == ImageSize(side: 32))
  }

  struct Pictures: Decodable {
    struct Case: Decodable {
      var image: String
      var mode: String
      var imgsz: Int
      var png: String?
      var sha256OfRgbBytes: String
      var top: Int
      var bottom: Int
    }
    var cases: [Case]
  }

  @Test(.enabled(if: Fixtures.shared != nil, "needs the shared photographs"))
  func `pads photographs like the reference`() throws {
    let shared = try #require(Fixtures.shared)
    let folder = shared.appending(path: "fixtures/preprocess")
    let cases = try Fixtures.json(Pictures.self, at: folder.appending(path: "letterbox.json")).cases
    #expect(cases.count == 9)
    for expected in cases {
      let image = try Image(contentsOf: shared.appending(path: "coco-mini/\(expected.image)").path)
      let network = ImageSize(side: expected.imgsz)
      let letterbox: Letterbox =
        switch expected.mode {
        case "val": .validation(source: image.size, imageSize: expected.imgsz)
        case "predict-rect": .prediction(source: image.size, network: network, stride: 32)
        default: .prediction(source: image.size, network: network)
        }
      let output = letterbox.apply(to: image)
      guard let png = expected.png else {
        #expect(sha256(output.pixels) == expected.sha256OfRgbBytes)
        continue
      }
      let reference = try Image(contentsOf: folder.appending(path: png).path)
      #expect(sha256(reference.pixels) == expected.sha256OfRgbBytes)
      try #require(output.size == reference.size)
      let difference = PixelDifference(output.pixels, reference.pixels)
      #expect(
        difference.max <= 1 && difference.mean <= 0.2 && difference.share <= 0.0007, "\(png): \(difference)")
      #expect(output.pixels.prefix(expected.top * output.width * 3).allSatisfy { $0 == 114 })
      #expect(output.pixels.suffix(expected.bottom * output.width * 3).allSatisfy { $0 == 114 })
    }
  }
}
