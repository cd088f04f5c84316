internal import Foundation
public import Layers
internal import ONNXProto
public import PoseCore
internal import Tensor

/// Turns a model into ONNX by recording its forward pass.
///
/// Input `images`: `[batch, 3, height, width]`, red, green, blue from 0 to 1. Output `output0`: `[batch, 4 + classes +
/// keypoints × dimensions, anchor]` (centre, size, scores, keypoints; pixels of the input), or with suppression, and for
/// heads that need none, `[batch, row, 6 + keypoints × dimensions]` (corners, score, class, keypoints), as users of the
/// YOLO tools know them.
public struct ONNXExporter {
  public let model: PoseModel
  public let store: ParameterStore

  /// - Parameter store: the model's numbers.
  public init(_ model: PoseModel, store: ParameterStore) {
    self.model = model
    self.store = store
  }

  /// - Parameter metadata: entries of the file that say what the model is.
  /// - Throws: `ONNXExportError` naming what cannot be exported.
  public func export(
    _ options: ONNXExportOptions = ONNXExportOptions(), metadata: [(key: String, value: String)] = []
  ) throws(ONNXExportError) -> ONNXModel {
    try options.check(model.sizeMultiple)
    let recordings = try record(options)
    let graph = ONNXGraph(opset: options.opset)
    let emitter = try GraphEmitter(
      recordings.map(\.graph), graph: graph, quantization: options.quantization)
    let levels = recordings[0].levels

    let input = "images"
    if options.isHalf {
      graph.isHalf = true
      emitter.setName(graph.cast(input, to: .half), of: recordings[0].input, .channelsFirst)
    } else {
      emitter.setName(input, of: recordings[0].input, .channelsFirst)
    }
    try emitter.emit(levels.flatMap { [$0.boxes, $0.scores, $0.keypoints] })

    let output = OutputEmitter(emitter, layout: model.layout, levels: levels)
    let batch = options.isDynamic ? nil : options.batch
    let outputShape: [ONNXModel.Dimension]
    let rowLength = 6 + output.keypointChannels
    let batchDimension: ONNXModel.Dimension = batch.map { .fixed($0) } ?? .free("batch")
    if model.layout.isNMSFree {
      output.best(options.maximumCount, result: "output0")
      let anchors = output.anchorCount
      outputShape = [
        batchDimension,
        options.isDynamic ? .free("detections") : .fixed(min(options.maximumCount, anchors[0])),
        .fixed(rowLength),
      ]
    } else if let suppression = options.suppression {
      output.suppressed(suppression, image: input, batch: batch, result: "output0")
      outputShape = [batchDimension, .fixed(suppression.maximumCount), .fixed(rowLength)]
    } else {
      let (boxes, scores, keypoints) = (output.boxes(asCorners: false), output.scores(), output.keypoints())
      graph.concatenate([boxes, scores, keypoints], axis: 1, result: "output0")
      outputShape = [
        batchDimension, .fixed(4 + model.layout.classCount + output.keypointChannels),
        options.isDynamic ? .free("anchors") : .fixed(output.anchorCount[0]),
      ]
    }
    let sides: [ONNXModel.Dimension] =
      options.isDynamic
      ? [.free("height"), .free("width")] : [.fixed(options.height), .fixed(options.width)]
    return ONNXModel(
      graph: graph, input: ONNXModel.Port(name: input, shape: [batchDimension, .fixed(3)] + sides),
      output: ONNXModel.Port(name: "output0", shape: outputShape), metadata: metadata)
  }

  // MARK: Recording

  private struct Recording {
    var graph: TracedGraph
    var input: Int
    var levels: [OutputEmitter.Level]
  }

  /// One recording at a fixed size; three of free sizes, which no two axes share but by their nature.
  private func record(_ options: ONNXExportOptions) throws(ONNXExportError) -> [Recording] {
    let side = model.sizeMultiple
    let shapes =
      options.isDynamic
      ? [[2, 4 * side, 6 * side, 3], [3, 7 * side, 5 * side, 3], [5, 6 * side, 9 * side, 3]]
      : [[options.batch, options.height, options.width, 3]]
    let engine = TracingEngine()
    let device = engine.makeDevice()
    engine.lend(store.values)
    let recorded = model.lendingState(to: device) {
      shapes.map { shape in
        engine.restart()
        let levels = run(engine, engine.input(shape: shape, on: device))
        return (Recording(graph: engine.graph, input: 0, levels: levels), engine.faults)
      }
    }
    if let fault = recorded.lazy.flatMap(\.1).first {
      throw .unsupported(layer: fault.scope, reason: fault.reason)
    }
    return recorded.map(\.0)
  }

  private func run(_ engine: TracingEngine, _ images: Tensor) -> [OutputEmitter.Level] {
    func name(_ node: Int) -> String {
      let nodes = model.graph.nodes
      return "model.\(node)/" + (node < nodes.count ? nodes[node].name : model.headName)
    }
    engine.scope = name(0)
    let output = model(images, ForwardPass(.inference)) { node, _ in engine.scope = name(node + 1) }
    let read = model.layout.isNMSFree ? output.oneToOneOutput ?? output : output
    return read.levels.map { level in
      OutputEmitter.Level(
        boxes: engine.value(of: level.boxes), scores: engine.value(of: level.scores),
        keypoints: engine.value(of: level.keypoints))
    }
  }
}
