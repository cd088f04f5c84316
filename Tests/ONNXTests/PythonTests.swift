import Foundation
import Interchange
import ONNX
import PoseCore
import PoseLab
import Tensor
import Testing

/// Exported models in the hands of the tools that others deploy with.
@Suite(
  .enabled(if: Peers.python != nil, "no Python with onnx and onnxruntime here; name one by POSELAB_PYTHON"))
struct `Exported models in Python` {
  private static let script = """
    import sys, json, numpy as np, onnx
    from onnx import checker
    folder, name, engine = sys.argv[1:]
    path = folder + '/model.onnx'
    checker.check_model(onnx.load(path), full_check=True)
    images = np.fromfile(folder + '/images', np.float32).reshape(json.load(open(folder + '/shape')))
    if engine == 'openvino':
        import openvino
        model = openvino.Core().compile_model(path, 'CPU', {'INFERENCE_PRECISION_HINT': 'f32'})
        output = np.asarray(model(images)[0])
    else:
        import onnxruntime
        session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])
        assert [i.name for i in session.get_inputs()] == ['images']
        assert [o.name for o in session.get_outputs()] == ['output0']
        output = session.run(None, {'images': images})[0]
    print(json.dumps(output.shape))
    output.astype(np.float32).tofile(folder + '/output')
    """

  private func output(
    _ model: ONNXModel, _ images: Tensor, engine: String
  ) throws -> (shape: [Int], values: [Float]) {
    let folder = try TemporaryFolder()
    try model.write(to: folder.file("model.onnx"))
    let map = images.permuted([0, 3, 1, 2])
    try map.copyToHost().withUnsafeBytes { try Data($0).write(to: URL(filePath: folder.file("images"))) }
    try Data("\(map.shape)".utf8).write(to: URL(filePath: folder.file("shape")))
    let (status, text) = Peers.run(try #require(Peers.python), Self.script, [folder.path, "model", engine])
    try #require(status == 0, "\(text)")
    let line = try #require(text.split(separator: "\n").last)
    let shape = try JSONDecoder().decode([Int].self, from: Data(line.utf8))
    let bytes = try Data(contentsOf: URL(filePath: folder.file("output")))
    let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return (shape, values)
  }

  /// Predictions by row instead of by number, as PoseLab has them.
  private func decoded(
    _ output: (shape: [Int], values: [Float]), like expected: [DecodedOutput]
  ) -> [DecodedOutput] {
    var found = expected
    for image in expected.indices {
      let (rowLength, count) = (expected[image].rowLength, expected[image].count)
      for row in 0..<count {
        for column in 0..<rowLength {
          found[image].values[row * rowLength + column] =
            output.values[(image * rowLength + column) * count + row]
        }
      }
    }
    return found
  }

  private func check(_ engine: String, isDynamic: Bool) throws {
    let network = try Setup.network(Setup.small)
    let images = Setup.images([2, 64, 96, 3])
    let exporter = ONNXExporter(network.model, store: network.store)
    var options = ONNXExportOptions(height: 64, width: 96, batch: 2, isDynamic: isDynamic)
    let whole = try output(try exporter.export(options), images, engine: engine)
    let expected = Setup.rows(network, images)
    #expect(whole.shape == [2, expected[0].rowLength, expected[0].count])
    let found = decoded(whole, like: expected)
    #expect(Setup.difference(found, expected) < 1e-4)

    // With suppression in the graph: what PoseLab's own keeps of the same numbers.
    let suppression = ONNXExportOptions.Suppression(
      minimumScore: 0.01, maximumIoU: 0.6, maximumCount: 40)
    options.suppression = suppression
    let chosen = try output(try exporter.export(options), images, engine: engine)
    #expect(chosen.shape == [2, 40, 21])
    for (image, all) in found.enumerated() {
      let rows = (0..<40).map {
        Array(chosen.values[((image * 40 + $0) * 21)..<((image * 40 + $0 + 1) * 21)])
      }
      let kept = all.kept(by: suppression)
      #expect(kept.count > 3 && rows.count { $0[4] > 0 } == kept.count)
      for wanted in kept {
        let box = wanted.box
        let isFound = rows.hold(
          [(0, box.x1), (1, box.y1), (2, box.x2), (3, box.y2), (4, wanted.score)]
            + [(5, Float(wanted.classIndex)), (6, all.rows[wanted.column][6])], within: 1e-3)
        #expect(isFound, "\(wanted)")
      }
    }
  }

  @Test(arguments: [false, true])
  func `pass onnx's checker and give our numbers in ONNX Runtime`(isDynamic: Bool) throws {
    try check("onnxruntime", isDynamic: isDynamic)
  }

  @Test(.enabled(if: Peers.hasOpenVINO, "no openvino in this Python"), arguments: [false, true])
  func `give our numbers in OpenVINO`(isDynamic: Bool) throws {
    try check("openvino", isDynamic: isDynamic)
  }
}
