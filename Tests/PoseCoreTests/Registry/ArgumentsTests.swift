import Config
import PoseCore
import Testing

private enum Mode: String, CaseIterable { case nearest, bilinear }

private let convolution = Component<Void, Int>(
  "Conv", summary: "convolution",
  parameters: [
    .init("channels", .int(atLeast: 1), help: "output channels"),
    .init("kernel", .int(1...31), default: 1, help: "kernel size", aliases: ["k"]),
    .init("padding", .int(atLeast: 0), default: .null, help: "padding"),
    .init("activate", .bool, default: true, help: "whether an activation follows"),
    .init("mode", .choice(of: Mode.self), default: "nearest", help: "resampling"),
    .init("rate", .float(above: 0), default: 0.5, help: "rate"),
    .init("shape", .intList(count: 2...2, each: 1...100), default: [17, 3], help: "shape"),
  ]
) { arguments, _ in try arguments.int("channels") }

private func at(_ column: Int, _ value: Node.Value) -> Node {
  Node(value, at: SourceLocation(file: "m.yaml", line: 3, column: column))
}

@Suite struct `Arguments` {
  @Test func `are read by position, and the rest by default`() throws {
    let arguments = try convolution.arguments(Node([64, 3]))
    #expect(try arguments.int("channels") == 64)
    #expect(try arguments.int("kernel") == 3)
    #expect(try arguments.optionalInt("padding") == nil)
    #expect(try arguments.choice("mode", of: Mode.self) == .nearest)
    #expect(try arguments.intList("shape") == [17, 3])
    #expect(arguments.isGiven("kernel"))
    #expect(!arguments.isGiven("padding"))
  }

  @Test func `are read by name and alias`() throws {
    let arguments = try convolution.arguments(
      Node(["k": 5, "channels": 8, "mode": "bilinear", "rate": 1]))
    #expect(try arguments.int("kernel") == 5)
    #expect(try arguments.choice("mode", of: Mode.self) == .bilinear)
    #expect(try arguments.float("rate") == 1)
  }

  @Test func `understand the literals and symbols of recipes`() throws {
    let arguments = try convolution.arguments(
      Node(["nc", 3, "None", "False", "nearest", 0.25, "kpt_shape"]),
      symbols: ["nc": 80, "kpt_shape": [4, 2]])
    #expect(try arguments.int("channels") == 80)
    #expect(try arguments.optionalInt("padding") == nil)
    #expect(arguments.isGiven("padding"))
    #expect(try arguments.bool("activate") == false)
    #expect(try arguments.intList("shape") == [4, 2])
  }

  @Test func `resolve to a mapping with every default`() throws {
    let resolved = try convolution.arguments(Node([64])).resolved
    #expect(
      resolved.value == [
        "channels": 64, "kernel": 1, "padding": .null, "activate": true, "mode": "nearest", "rate": 0.5,
        "shape": [17, 3],
      ])
  }

  @Test func `report every fault at once, each at its place`() {
    let node = Node(
      .mapping([
        .init(
          key: "chanels", keyLocation: SourceLocation(file: "m.yaml", line: 3, column: 5), value: at(14, 8)),
        .init(key: "kernel", value: at(20, 32)),
        .init(key: "rate", value: at(30, .float(.nan))),
        .init(key: "mode", value: at(40, "bilinera")),
        .init(key: "shape", value: Node(.sequence([at(52, 17), at(56, 0)]))),
      ]), at: SourceLocation(file: "m.yaml", line: 3, column: 3))
    let faults = #expect(throws: DiagnosticList.self) { try convolution.arguments(node) }
    #expect(
      faults?.description == """
        m.yaml:3:5: error: unknown argument 'chanels' of component 'Conv'; did you mean 'channels'?
        m.yaml:3:3: error: component 'Conv' needs 'channels': output channels
        m.yaml:3:20: error: 'kernel' must be a whole number from 1 to 31, but is 32
        m.yaml:3:40: error: 'mode' must be one of nearest, bilinear, but is 'bilinera'; did you mean 'bilinear'?
        m.yaml:3:30: error: 'rate' must be a finite number above 0, but is nan
        m.yaml:3:56: error: 'shape[1]' must be a whole number from 1 to 100, but is 0
        """)
  }

  @Test func `may not be more than declared`() {
    let faults = #expect(throws: DiagnosticList.self) {
      try Component<Void, Int>("Identity", summary: "") { _, _ in 0 }
        .arguments(Node(.sequence([at(9, 1), at(12, 2)])))
    }
    #expect(
      faults?.description == "m.yaml:3:9: error: component 'Identity' takes no arguments, but gets 2")
  }

  @Test func `may not be given twice`() {
    let faults = #expect(throws: DiagnosticList.self) {
      try convolution.arguments(Node(["channels": 1, "kernel": 3, "k": 5]))
    }
    #expect(faults?.description == "error: 'kernel' of component 'Conv' is given twice (as 'k')")
  }

  @Test func `are asked for by their declared names only`() throws {
    let arguments = try Component<Void, Int>(
      "Blur", summary: "", parameters: [.init("sigma", .float(), default: 1, help: "")]
    ) { _, _ in 0 }.arguments(nil)
    let fault = #expect(throws: Diagnostic.self) { try arguments.float("sgima") }
    #expect(
      fault?.message == "component 'Blur' reads the undeclared parameter 'sgima'; it declares sigma")
  }

  @Test func `give their place to a fault of the builder that has none`() throws {
    let picky = Component<Void, Int>("Picky", summary: "") { _, _ in throw Diagnostic(.error, "no") }
    let arguments = try picky.arguments(nil, at: SourceLocation(file: "m.yaml", line: 7, column: 2))
    let fault = #expect(throws: Diagnostic.self) { try picky.make(arguments, ()) }
    #expect(fault?.description == "m.yaml:7:2: error: no")
  }
}
