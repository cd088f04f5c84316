import Interchange
import Layers
import PoseCore
import Tensor
import Testing

@Suite struct `The network` {
  /// Of layers and raw outputs, relative to a tensor's largest number.
  let tolerance: Float = 5e-4

  @Test(arguments: TestEngine.allCases)
  func `gives every layer of the reference in evaluation`(engine: TestEngine) throws {
    let pico = try PicoNetwork(engine)
    var errors: [Int: Float] = [:]
    let output = try pico.model(pico.images("eval.input"), ForwardPass(.evaluation)) { index, maps in
      let name = "eval.layer.\(index < 10 ? "0" : "")\(index)"
      errors[index] = (try? pico.error(of: maps[0], from: name)) ?? .infinity
    }
    #expect(errors.count == 23)
    for (index, error) in errors.sorted(by: { $0.key < $1.key }) {
      #expect(error < tolerance, "layer \(index)")
    }
    try checkRaw(output, of: pico, "eval.raw")
  }

  @Test(arguments: TestEngine.allCases)
  func `gives the reference's layers, outputs and running statistics in training`(engine: TestEngine) throws {
    let pico = try PicoNetwork(engine)
    var errors: [Int: Float] = [:]
    let pass = ForwardPass(.training, recordsGradients: false)
    let output = try pico.model(pico.images("eval.input"), pass) { index, maps in
      let name = "train.layer.\(index < 10 ? "0" : "")\(index)"
      if pico.records.samples[name] == nil { return }
      errors[index] = (try? pico.error(of: maps[0], from: name)) ?? .infinity
    }
    #expect(errors.keys.sorted() == [1, 4, 10, 16, 22])
    for (index, error) in errors { #expect(error < tolerance, "layer \(index)") }
    try checkRaw(output, of: pico, "train.raw")

    let prefix = "train.bn_after."
    let states = Dictionary(uniqueKeysWithValues: pico.store.states.map { ($0.path, $0) })
    #expect(pico.names(prefix).count == 174)
    for name in pico.names(prefix) {
      let state = try #require(states[String(name.dropFirst(prefix.count))])
      #expect(try pico.error(of: state.value, from: name) < 1e-4, "\(name)")
    }
  }

  @Test(arguments: TestEngine.allCases)
  func `gives the same when normalisation is folded into the weights`(engine: TestEngine) throws {
    let pico = try PicoNetwork(engine)
    try checkRaw(pico.model(pico.images("eval.input"), ForwardPass(.inference)), of: pico, "eval.raw")
  }

  @Test(arguments: TestEngine.allCases, [ForwardPass.Mode.evaluation, .inference])
  func `decodes to the reference's predictions`(engine: TestEngine, mode: ForwardPass.Mode) throws {
    let pico = try PicoNetwork(engine)
    let output = try pico.model(pico.images("eval.input"), ForwardPass(mode))
    var values: [Float] = []
    for image in 0..<2 {
      let decoded = pico.model.head.decode(output, image: image, minimumScore: nil)
      #expect(decoded.anchors == (0..<420).map { Int32($0) })
      values += decoded.values
    }
    #expect(try pico.error(of: values, shape: [2, 420, 56], from: "eval.decoded") < tolerance)
    let sample = try #require(pico.records.samples["eval.decoded"])
    for (index, difference) in try pico.differences(values, "eval.decoded", sample).enumerated()
    where (index * sample.stride) % 56 == 4 {
      #expect(difference < tolerance, "score \(index)")
    }
  }

  @Test(arguments: TestEngine.allCases)
  func `has the reference's loss and gradients`(engine: TestEngine) throws {
    let pico = try PicoNetwork(engine)
    let registry = try Setup.registry()
    let loss = try registry.losses.find("yolo_pose", at: nil)
    let context = LossContext(
      skeleton: .cocoPerson, classCount: 1, layout: pico.model.layout, registry: registry)
    let criterion = try loss.make(loss.arguments(nil), context)

    let images = try pico.images("loss.input_u8")
    let output = pico.model(images, ForwardPass(.training))
    let (height, width) = (images.shape[1], images.shape[2])
    let value = try criterion(
      output, targets: targets(pico.file, height: height, width: width), imageSize: (height, width))
    #expect(abs(value.total.scalar - pico.records.total) < 2e-5 * pico.records.total)
    let items = ["box_loss", "pose_loss", "kobj_loss", "cls_loss", "dfl_loss"]
    for (name, item) in zip(items, value.items) {
      let expected = try #require(pico.records.items[name])
      #expect(abs(item - expected) <= 2e-5 * expected, "\(name)")
    }

    pico.store.clearGradients()
    value.total.backward()
    var checked = 0
    for state in pico.store.states {
      guard case .parameter(let parameter) = state.kind, parameter.isTrained else { continue }
      let name = "grad/" + state.path
      let sample = try #require(pico.records.samples[name])
      let gradient = try #require(parameter.storage).gradient.tensor.copyToHost()
      let worst = try #require(pico.differences(gradient, name, sample).max())
      #expect(worst <= 2e-3 * sample.largest + 1e-5, "\(name)")
      checked += 1
    }
    #expect(checked == pico.names("grad/").count)
  }

  /// Every layer adds the rounding of its inputs, results and, with oneDNN, weights. The further ones of this network,
  /// whose numbers are drawn, multiply what comes to them many times over.
  @Test(arguments: TestEngine.allCases, [ForwardPass.Mode.inference, .training])
  func `gives nearly the same layers in bfloat16`(engine: TestEngine, mode: ForwardPass.Mode) throws {
    let pico = try PicoNetwork(engine)
    let images = try pico.images("eval.input")
    func layers(_ precision: Precision) -> (maps: [[Float]], output: HeadOutput) {
      var maps: [[Float]] = []
      let pass = ForwardPass(mode, recordsGradients: false, precision: precision)
      let output = pico.model(images, pass) { _, map in maps.append(map[0].copyToHost()) }
      return (maps, output)
    }
    let (exact, rounded) = (layers(.float32), layers(.bfloat16))
    #expect(rounded.output.levels.allSatisfy { $0.boxes.precision == .float32 })
    for (index, maps) in zip(exact.maps, rounded.maps).enumerated().prefix(6) {
      let difference = zip(maps.0, maps.1).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let size = maps.0.reduce(Float(0)) { $0 + $1 * $1 }
      #expect(difference > 0 && (difference / size).squareRoot() < 0.01 * Float(index + 1), "layer \(index)")
    }
  }

  private func checkRaw(_ output: HeadOutput, of pico: PicoNetwork, _ prefix: String) throws {
    #expect(output.levels.count == 3)
    for (index, level) in output.levels.enumerated() {
      let name = "\(prefix).p\(index + 3)"
      #expect(try pico.error(of: level.boxes, from: "\(name).boxes") < tolerance)
      #expect(try pico.error(of: level.scores, from: "\(name).scores") < tolerance)
      #expect(try pico.error(of: level.keypoints, from: "\(name).kpts") < tolerance)
    }
  }

  /// The recorded labels, which are shares of the picture, in pixels.
  private func targets(_ file: SafetensorsFile, height: Int, width: Int) throws -> [[Instance]] {
    let images = try file.floats(named: "loss.batch_idx").values
    let boxes = try file.floats(named: "loss.bboxes").values
    let points = try file.floats(named: "loss.keypoints").values
    let (height, width) = (Float(height), Float(width))
    var targets = [[Instance]](repeating: [], count: 3)
    for (index, image) in images.enumerated() {
      let (x, y) = (boxes[4 * index] * width, boxes[4 * index + 1] * height)
      let (halfWidth, halfHeight) = (boxes[4 * index + 2] * width / 2, boxes[4 * index + 3] * height / 2)
      let keypoints = (0..<17).map { point in
        let first = (index * 17 + point) * 3
        return Keypoint(
          x: points[first] * width, y: points[first + 1] * height,
          visibility: Visibility(rawValue: UInt8(points[first + 2])) ?? .unlabelled)
      }
      targets[Int(image)].append(
        Instance(
          classIndex: 0,
          box: Box(x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight),
          keypoints: keypoints))
    }
    return targets
  }
}
