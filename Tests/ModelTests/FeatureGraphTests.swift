import Config
import Foundation
import Layers
import PoseCore
import Tensor
import Testing

/// A backbone in Swift that gives two maps.
private final class TwoLevels: FeatureExtractor {
  let fine = ConvolutionBlock(inChannels: 3, outChannels: 8, kernel: 8, stride: 8, padding: 0)
  let coarse = ConvolutionBlock(inChannels: 8, outChannels: 16, kernel: 3, stride: 2)
  let outputs = [FeatureShape(channels: 8, stride: 8), FeatureShape(channels: 16, stride: 16)]

  var members: [LayerMember] { [.layer("fine", fine), .layer("coarse", coarse)] }

  func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    let map = fine(features[0], pass)
    return [map, coarse(map, pass)]
  }
}

/// Notes how much memory is in use when it runs.
private final class Probe: UnaryLayer {
  let members: [LayerMember] = []

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor { input * 1 }
}

private enum TestParts: Plugin {
  static let name = "TestParts"

  static func register(in registry: inout Registry) throws {
    try registry.backbones.register(
      Component("two_levels", summary: "Two maps.") { _, _ in TwoLevels() })
    try registry.layers.register(
      Component("Copy", summary: "Copies its map.") { arguments, context in
        BuiltLayer(Probe(), output: try context.singleInput(of: arguments))
      })
  }
}

@Suite struct `A model's graph` {
  private func model(_ yaml: String) throws -> PoseModel {
    var registry = try Setup.registry()
    try registry.install(TestParts.self)
    let document = try Document(text: "nc: 2\nkpt_shape: [3, 2]\n" + yaml, name: "model.yaml")
    return try PoseModel(ModelSpec(document.root), registry: registry)
  }

  @Test func `takes the maps of a backbone in Swift by their levels`() throws {
    let model = try model(
      """
      backbone: two_levels
      neck:
        - [P4, 1, Upsample]
        - [[-1, P3], 1, Concat]
        - [-1, 1, Conv, [12]]
      head: { type: yolo11_pose, from: [3] }
      """)
    #expect(model.strides == [8])
    let paths = model.namedState().map(\.path)
    #expect(paths.contains("model.0.coarse.conv.weight"))
    #expect(paths.contains("model.3.bn.weight"))
    #expect(paths.contains("model.4.cv2.0.0.conv.weight"))
    let store = ParameterStore(model, device: .openBLAS(), seed: 1)
    let output = model(
      Tensor(repeating: 0.5, shape: [2, 48, 80, 3], on: store.device), ForwardPass(.inference))
    #expect(output.levels.map(\.keypoints.shape) == [[2, 6, 10, 6]])
    #expect(output.levels[0].scores.shape == [2, 6, 10, 2])
  }

  @Test func `refuses a number for a part of several maps`() throws {
    let error = #expect(throws: DiagnosticList.self) {
      try model("backbone: two_levels\nneck: [[-1, 1, Conv, [12]]]\nhead: yolo11_pose")
    }
    #expect(
      error?.description == """
        model.yaml:4:9: error: 'Conv' takes from node 0, which gives several maps; name one of them by its \
        level: P3, P4
        neck: [[-1, 1, Conv, [12]]]
                ^~
        """)
  }

  @Test func `lets go of a map after the last node that takes it`() throws {
    // A long chain must need no more than a short one: two maps at a time.
    func peak(_ length: Int) throws -> Int {
      let copies = [String](repeating: "  - [-1, 1, Copy]\n", count: length).joined()
      let model = try model(
        "backbone:\n  - [-1, 1, Conv, [8, 8, 8, 0]]\n\(copies)  - [-1, 1, Conv, [8]]\nhead: yolo11_pose")
      let store = ParameterStore(model, device: .openBLAS(), seed: 1)
      _ = model(
        Tensor(repeating: 0.5, shape: [1, 320, 320, 3], on: store.device), ForwardPass(.inference))
      return store.device.pool.peakBytes
    }
    #expect(try peak(40) == peak(3))
  }

  @Test func `joins maps that several nodes take, and maps of no layer of its own`() throws {
    let model = try model(
      """
      backbone:
        - [-1, 1, Conv, [8, 8, 8, 0]]
        - [0, 1, Conv, [16]]
        - [0, 1, Copy]
        - [[0, 1, 2, 1], 1, Concat]
        - [[1, 0], 1, Concat]
        - [[3, 4], 1, Concat]
      head: yolo11_pose
      """)
    let store = ParameterStore(model, device: .openBLAS(), seed: 1)
    for mode in [ForwardPass.Mode.training, .inference] {
      var maps: [[Float]] = []
      let image = Tensor(
        (0..<(2 * 64 * 96 * 3)).map { Float($0 % 251) / 251 }, shape: [2, 64, 96, 3], on: store.device)
      _ = model(image, ForwardPass(mode)) { _, made in maps.append(made[0].copyToHost()) }
      func joined(_ nodes: [Int]) -> [Float] {
        (0..<(2 * 8 * 12)).flatMap { row in
          nodes.flatMap { node in
            let width = maps[node].count / (2 * 8 * 12)
            return maps[node][(row * width)..<((row + 1) * width)]
          }
        }
      }
      #expect(maps.map { $0.count / (2 * 8 * 12) } == [8, 16, 8, 48, 24, 72])
      #expect(maps[3] == joined([0, 1, 2, 1]))
      #expect(maps[4] == joined([1, 0]))
      #expect(maps[5] == joined([3, 4]))
    }
  }

  @Test func `can be written down and read again`() throws {
    var spec = try ModelSpec(named: "yolo11s-pose", specs: ShippedSpecs(homes: [Setup.package.path]))
    spec.classCount = 4
    spec.keypointShape = .init(count: 5, dimensions: 2)
    let text = YAMLWriter().text(spec.resolved)
    let read = try ModelSpec(Document(text: text, name: "again.yaml").root)
    let registry = try Setup.registry()
    let (first, second) = (try PoseModel(spec, registry: registry), try PoseModel(read, registry: registry))
    #expect(first.namedState().map(\.path) == second.namedState().map(\.path))
    #expect(first.namedState().map(\.shape) == second.namedState().map(\.shape))
    #expect(second.layout.classCount == 4 && second.scale.name == "s")
  }

  @Test func `either cannot be built or runs, whatever a spec says`() throws {
    let registry = try Setup.registry()
    let words = [
      "-1", "0", "1", "2", "3", "4", "7", "16", "31", "64", "65536", "0.25", "-3", "true", "None", "P3", "P4",
      "P5",
      "[-1, 2]", "[0]", "Conv", "DWConv", "C2f", "C3", "C3k2", "SPPF", "C2PSA", "Concat", "Upsample",
      "Bottleneck", "Pose", "nc", "kpt_shape", "x", "[]", "{}", "1e9", "99999999999999999999",
    ]
    let recipe = try String(
      contentsOf: Setup.fixtures.appending(path: "pico.yaml"), encoding: .utf8)
    var built = 0
    for index in 0..<1500 {
      var random = RandomStream(seed: 11, purpose: .test, index: index)
      let yaml = mutated(recipe, by: words, &random)
      let model: PoseModel
      do {
        model = try PoseModel(ModelSpec(Document(text: yaml, name: "m").root), registry: registry)
      } catch {
        continue
      }
      built += 1
      let side = model.sizeMultiple
      guard side <= 256, model.parameterCount < 20_000_000 else { continue }
      let summary = model.summary(height: side, width: 2 * side)
      for (node, line) in zip(model.graph.nodes, summary.nodes) {
        let shapes = node.outputs.map { [side / $0.stride, 2 * side / $0.stride, $0.channels] }
        #expect(line.outputShapes == shapes, "\(node.name) in \(yaml)")
      }
    }
    #expect(built > 40)
  }

  /// Replaces one or two words of the text.
  private func mutated(_ text: String, by words: [String], _ random: inout RandomStream) -> String {
    var lines = text.split(separator: "\n").map(String.init)
    for _ in 0...random.integer(below: 2) {
      let line = random.integer(below: lines.count)
      if random.bernoulli(0.15) {
        lines.remove(at: line)
        continue
      }
      var parts = lines[line].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      let part = random.integer(below: parts.count)
      let closing = String(parts[part].reversed().prefix { "],".contains($0) }.reversed())
      let opening = String(parts[part].prefix { $0 == "[" })
      // Half of the time a number, which is what most places hold.
      let word = words[random.integer(below: random.bernoulli(0.5) ? 14 : words.count)]
      parts[part] = opening + word + closing
      lines[line] = parts.joined(separator: " ")
    }
    return lines.joined(separator: "\n")
  }
}
