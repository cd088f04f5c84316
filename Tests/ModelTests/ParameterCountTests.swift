import Config
import Foundation
import Layers
import PoseCore
import Tensor
import Testing

/// What the reference counts in its models.
struct Scales: Decodable {
  struct Model: Decodable {
    var parameters: Int
    /// Without constants.
    var gradients: Int
    /// Of one image of 640 × 640.
    var gflops: Double
    var gflopsFused: Double
  }

  enum Cell: Decodable, Equatable {
    case text(String)
    case number(Int)
    case numbers([Int])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else {
        self = .numbers(try container.decode([Int].self))
      }
    }
  }

  var models: [String: Model]
  /// `[index, name, parameters]` of the nodes of n.
  var nodes: [[Cell]]
  /// `[name, shape]` of every parameter and buffer of n.
  var states: [[Cell]]

  static func load() throws -> Scales {
    try JSONDecoder().decode(
      Scales.self, from: Data(contentsOf: Setup.fixtures.appending(path: "scales.json")))
  }
}

@Suite struct `The shipped YOLO11-pose` {
  @Test(arguments: ["n", "s", "m", "l", "x"], [1, 80])
  func `has as many parameters as the reference's`(scale: String, classes: Int) throws {
    let model = try Setup.yolo11(scale, classes: classes)
    let expected = try #require(Scales.load().models["yolo11\(scale)-pose/nc\(classes)"])
    #expect(model.parameterCount == expected.parameters)
    let trained = model.namedState().reduce(0) { sum, state in
      if case .parameter(let parameter) = state.kind, parameter.isTrained {
        sum + parameter.count
      } else {
        sum
      }
    }
    #expect(trained == expected.gradients)
    let summary = model.summary(height: 640, width: 640)
    #expect(summary.parameterCount == expected.parameters)
    #expect(abs(Double(summary.operations()) / 1e9 / expected.gflops - 1) < 1e-6)
    #expect(abs(Double(summary.operations(isFolded: true)) / 1e9 / expected.gflopsFused - 1) < 1e-6)
    #expect(model.strides == [8, 16, 32])
    #expect(model.sizeMultiple == 32)
  }

  @Test func `names and shapes its numbers like the reference's checkpoints`() throws {
    let states = try Setup.yolo11("n").namedState()
    let ours = Dictionary(uniqueKeysWithValues: states.map { ($0.path, $0.shape) })
    let expected = try Scales.load().states
    #expect(ours.count == expected.count)
    for entry in expected {
      guard case .text(let name) = entry[0], case .numbers(let shape) = entry[1] else { continue }
      #expect(ours[name] == shape, "\(name)")
    }
  }

  @Test func `is the same from parts by name`() throws {
    let named = try Setup.model(
      """
      nc: 1
      kpt_shape: [17, 3]
      scale: n
      scales: { n: [0.5, 0.25, 1024] }
      backbone: yolo11
      neck: { type: pafpn, repeats: 2 }
      head: { type: yolo11_pose }
      """)
    let recipe = try Setup.yolo11("n")
    #expect(named.namedState().map(\.path) == recipe.namedState().map(\.path))
    #expect(named.namedState().map(\.shape) == recipe.namedState().map(\.shape))
    let lines = { (model: PoseModel) in
      model.summary(height: 64, width: 96).nodes.map { "\($0.index) \($0.name) \($0.outputShapes)" }
    }
    #expect(lines(named) == lines(recipe))
  }

  @Test func `tells what every node gives and costs`() throws {
    let model = try Setup.yolo11("n")
    let lines = model.summary(height: 640, width: 640).nodes
    for (line, expected) in zip(lines, try Scales.load().nodes).dropLast() {
      #expect(.number(line.index) == expected[0] && .text(line.name) == expected[1])
      #expect(.number(line.parameterCount) == expected[2])
    }
    #expect(lines.count == 24)
    #expect(lines[23].parameterCount == 715_294)
    #expect(lines[4].outputShapes == [[80, 80, 128]])
    #expect(lines[12].from == "[-1, P4]")
    #expect(lines[22].outputShapes == [[20, 20, 256]])
    #expect(lines[23].outputShapes[2] == [80, 80, 51])
    // 16 × 3 × 3 × 3 for each of 320 × 320 positions.
    #expect(lines[0].multiplyAdds == 44_236_800)
    #expect(model.namedState().allSatisfy { $0.isEmpty }, "a summary leaves the model without memory")
  }
}

extension NamedState {
  fileprivate var isEmpty: Bool {
    switch kind {
    case .parameter(let parameter): parameter.storage == nil
    case .buffer(let buffer): buffer.storage == nil
    }
  }
}
