import Foundation
import Layers
import ONNX
import ONNXRuntime
import PoseCore
import PoseLab
import Tensor
import Testing

/// Exported models in ONNX Runtime, against PoseLab's own numbers.
@Suite(
  .enabled(
    if: Peers.hasONNXRuntime,
    "ONNX Runtime is not here: pip install onnxruntime, and name it by POSELAB_ONNXRUNTIME or POSELAB_PYTHON")
)
struct `Exported models in ONNX Runtime` {
  private static let pairs: [(backbone: String, neck: String, head: String)] = {
    guard let registry = Setup.registry else { return [] }
    let heads = registry.heads.names
    var pairs: [(backbone: String, neck: String, head: String)] = []
    for backbone in registry.backbones.names {
      for neck in registry.necks.names { pairs.append((backbone, neck, heads[pairs.count % heads.count])) }
    }
    return pairs
  }()

  private static let smallest = [
    "resnet": "resnet18", "hrnet": "{type: hrnet, width: 8}", "cspnext": "cspnext_t",
    "mobilenet_v3": "mobilenet_v3_small",
  ]

  private func head(_ model: ONNXModel) throws -> ONNXPoseHead {
    try ONNXPoseHead(ONNXFile(bytes: model.bytes(), name: "model.onnx"), engine: ONNXRuntimeEngine())
  }

  private func metadata(_ network: PoseNetwork, _ options: ONNXExportOptions) -> [(
    key: String, value: String
  )] {
    let layout = network.layout
    return ONNXMetadata(
      summary: "", date: "", version: "", stride: network.model.sizeMultiple, head: "", batch: options.batch,
      height: options.height, width: options.width, classNames: (0..<layout.classCount).map { "c\($0)" },
      skeleton: Skeleton(
        keypointCount: layout.keypointCount, dimensions: layout.keypointDimensions, names: [],
        flipIndices: nil, limbs: [], sigmas: [], sigmaSource: .uniform), isEndToEnd: layout.isNMSFree,
      arguments: [("nms", options.suppression == nil ? "False" : "True")]
    ).entries
  }

  /// The exported model's rows for some pictures.
  private func rows(_ network: PoseNetwork, _ options: ONNXExportOptions, _ images: Tensor) throws
    -> [DecodedOutput]
  {
    let model = try ONNXExporter(network.model, store: network.store).export(
      options, metadata: metadata(network, options))
    let head = try head(model)
    let output = head([images], ForwardPass(.inference))
    if let failure = head.failure { throw failure }
    return (0..<images.shape[0]).map { head.decode(output, image: $0, minimumScore: nil) }
  }

  @Test(arguments: pairs)
  func `give the same numbers for every backbone, neck and head`(
    backbone: String, neck: String, head: String
  ) throws {
    let network = try Setup.network(
      """
      nc: 2
      kpt_shape: [5, 3]
      scales: {tiny: [0.34, 0.0625, 1024]}
      backbone: \(Self.smallest[backbone] ?? backbone)
      neck: \(neck)
      head: \(head)
      """)
    let side = network.model.sizeMultiple
    let images = Setup.images([1, 2 * side, 3 * side, 3])
    let expected = Setup.rows(network, images)
    let fixed = ONNXExportOptions(height: 2 * side, width: 3 * side, opset: 13)
    #expect(Setup.difference(try rows(network, fixed, images), expected) < 1e-4, "fixed size")
    let free = ONNXExportOptions(height: side, width: side, isDynamic: true, opset: 22)
    #expect(Setup.difference(try rows(network, free, images), expected) < 1e-4, "free size")
  }

  @Test(arguments: [false, true])
  func `give the same numbers for every layer that looks at the whole map`(isDynamic: Bool) throws {
    let network = try Setup.network(
      """
      nc: 3
      kpt_shape: [4, 2]
      scales: {tiny: [0.34, 0.5, 1024]}
      backbone:
        - [-1, 1, Conv, [32, 3, 2]]
        - [-1, 1, GhostConv, [32, 3, 2]]
        - [-1, 1, SE, []]
        - [-1, 1, C3Ghost, [64]]
        - [-1, 1, GhostBottleneck, [64, 3, 2]]
        - [-1, 1, CoordAttention, []]
        - [-1, 1, ECA, []]
        - [-1, 1, DWConv, [64, 3, 2]]
        - [-1, 1, CBAM, []]
        - [-1, 1, SPPF, [64, 5]]
        - [-1, 2, C2PSA, [64]]
      head:
        - [[6, 10], 1, Pose, [nc, kpt_shape]]
      """)
    let images = Setup.images([2, 48, 80, 3])
    let options = ONNXExportOptions(height: 48, width: 80, batch: 2, isDynamic: isDynamic)
    #expect(Setup.difference(try rows(network, options, images), Setup.rows(network, images)) < 1e-4)
  }

  @Test func `take fewer pictures than their fixed batch, and more`() throws {
    let network = try Setup.network(Setup.small)
    let images = Setup.images([3, 64, 32, 3])
    let options = ONNXExportOptions(height: 64, width: 32, batch: 2)
    #expect(Setup.difference(try rows(network, options, images), Setup.rows(network, images)) < 1e-4)
  }

  @Test func `are close in half precision`() throws {
    let network = try Setup.network(Setup.small)
    let images = Setup.images([1, 64, 96, 3])
    let found = try rows(network, ONNXExportOptions(height: 64, width: 96, isHalf: true), images)
    let difference = Setup.difference(found, Setup.rows(network, images))
    #expect(difference > 1e-5 && difference < 1e-2)
  }

  @Test(arguments: [false, true])
  func `drop overlapping boxes as PoseLab does`(isDynamic: Bool) throws {
    let network = try Setup.network(Setup.small)
    let images = Setup.images([2, 96, 64, 3])
    // Neighbouring predictions of a model without training have equal scores but for rounding, which decides what is
    // kept; so the numbers to choose from are those of the same runtime.
    let plain = ONNXExportOptions(height: 96, width: 64, batch: 2, isDynamic: isDynamic)
    let all = try rows(network, plain, images)
    // A threshold that some pass, so that there is something to keep and something to leave out; between two scores.
    let sorted = all[0].rows.flatMap { $0[4..<6] }.sorted()
    let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
    let upper = gaps.indices[(gaps.count * 3 / 4)..<(gaps.count * 7 / 8)]
    let place = try #require(upper.max { gaps[$0] < gaps[$1] })
    let threshold = Double(sorted[place] + gaps[place] / 2)
    let suppression = ONNXExportOptions.Suppression(
      minimumScore: threshold, maximumIoU: 0.6, maximumCount: 50)
    let options = ONNXExportOptions(
      height: 96, width: 64, batch: 2, isDynamic: isDynamic, suppression: suppression)
    let found = try rows(network, options, images)
    for (one, whole) in zip(found, all) {
      let expected = whole.kept(by: suppression)
      #expect(expected.count > 3)
      try #require(one.count == expected.count)
      let rows = one.rows
      for wanted in expected {
        let box = wanted.box
        let isFound = rows.hold(
          [
            (4 + wanted.classIndex, wanted.score), (0, (box.x1 + box.x2) / 2), (3, box.y2 - box.y1),
            (6, whole.rows[wanted.column][6]),
          ], within: 1e-3)
        #expect(isFound, "\(wanted)")
      }
      let order = rows.map { max($0[4], $0[5]) }
      #expect(order == order.sorted(by: >))
    }
  }

  @Test(arguments: [false, true])
  func `give the best rows of heads that need no suppression`(isDynamic: Bool) throws {
    let network = try Setup.network(
      """
      nc: 3
      kpt_shape: [4, 2]
      scales: {tiny: [0.34, 0.0625, 1024]}
      backbone: yolo26
      neck: pafpn
      head: {type: yolo26_pose, nms_free: true}
      """)
    let images = Setup.images([2, 64, 96, 3])
    let options = ONNXExportOptions(
      height: 64, width: 96, batch: 2, isDynamic: isDynamic, maximumCount: 20)
    for (one, whole) in zip(try rows(network, options, images), Setup.rows(network, images)) {
      let top = TopScoreSelection(minimumScore: 0, maximumCount: 20)
      let expected = whole.values.withUnsafeBufferPointer {
        top(
          DecodedPredictions(
            $0, count: whole.count, classCount: 3, columnStride: whole.rowLength, channelStride: 1))
      }
      try #require(one.count == expected.count)
      for wanted in expected {
        let source = whole.rows[wanted.column]
        let score = (4 + wanted.classIndex, wanted.score)
        let isFound = one.rows.hold([score] + [0, 3, 7, 8].map { ($0, source[$0]) }, within: 1e-3)
        #expect(isFound, "\(wanted)")
      }
    }
  }

  @Test func `stay near themselves on 8-bit integers`() throws {
    let network = try Setup.network(Setup.small)
    let observer = RangeObserver(network.store.device.engine)
    let images = Setup.images([1, 64, 96, 3])
    let numbers = images.copyToHost()
    observer.beginPass()
    let seen = network.model(
      Tensor(numbers, shape: images.shape, on: Device(engine: observer)), ForwardPass(.inference))
    _ = seen.levels
    let options = ONNXExportOptions(height: 64, width: 96, quantization: observer.ranges)
    let model = try ONNXExporter(network.model, store: network.store).export(
      options, metadata: metadata(network, options))
    let file = try ONNXFile(bytes: model.bytes(), name: "int8.onnx")
    #expect(file.operators["QuantizeLinear"] == 2 * observer.ranges.count)
    let plain = try ONNXExporter(network.model, store: network.store).export(
      ONNXExportOptions(height: 64, width: 96)
    ).bytes()
    #expect(try model.bytes().count * 2 < plain.count)
    let difference = Setup.difference(try rows(network, options, images), Setup.rows(network, images))
    #expect(difference > 1e-4 && difference < 0.25)
  }
}
