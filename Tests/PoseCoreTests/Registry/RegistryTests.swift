import Config
import PoseCore
import Testing

extension Registry {
  fileprivate var necks: ComponentTable<Void, String> {
    get { self["neck"] }
    set { self["neck"] = newValue }
  }
}

private enum Standard: Plugin {
  static let name = "Standard"

  static func register(in registry: inout Registry) throws {
    for name in ["pan-fpn", "bifpn"] {
      try registry.necks.register(
        Component(name, aliases: ["nn.\(name)"], summary: "A \(name).") { _, _ in name })
    }
  }
}

private enum Rival: Plugin {
  static let name = "Rival"

  static func register(in registry: inout Registry) throws {
    try registry.necks.register(Component("fresh", summary: "") { _, _ in "fresh" })
    try registry.necks.register(Component("other", aliases: ["bifpn"], summary: "") { _, _ in "other" })
  }
}

@Suite struct `The registry` {
  @Test func `builds what a plugin has registered, by name and alias`() throws {
    var registry = Registry()
    try registry.install(Standard.self)
    let neck = try registry.necks.find("nn.bifpn", at: nil)
    #expect(try neck.make(neck.arguments(nil), ()) == "bifpn")
    #expect(neck.plugin == "Standard")
    #expect(registry.necks.names == ["bifpn", "pan-fpn"])
    #expect(registry.plugins == ["Standard"])
  }

  @Test func `names both plugins that claim a name, and stays as it was`() throws {
    var registry = Registry()
    try registry.install(Standard.self)
    let error = #expect(throws: RegistryError.self) { try registry.install(Rival.self) }
    #expect(
      error?.description
        == "plugin 'Rival' registers the neck 'bifpn', which plugin 'Standard' has registered before")
    #expect(registry.necks.names == ["bifpn", "pan-fpn"])
    #expect(registry.currentPlugin == "")
  }

  @Test func `refuses a name or parameter that one plugin claims twice`() {
    var table = ComponentTable<Void, Int>(kind: "loss", plugin: "Mine")
    let again = #expect(throws: RegistryError.self) {
      try table.register(Component("iou", aliases: ["iou"], summary: "") { _, _ in 0 })
    }
    #expect(again?.description == "plugin 'Mine' registers the loss 'iou' twice")
    let twice = #expect(throws: RegistryError.self) {
      let parameters: [ParameterDeclaration] = [
        .init("gain", .float(), help: ""), .init("weight", .float(), help: "", aliases: ["gain"]),
      ]
      try table.register(Component("giou", summary: "", parameters: parameters) { _, _ in 0 })
    }
    #expect(twice?.description == "plugin 'Mine' declares the parameter 'gain' of the loss 'giou' twice")
  }

  @Test func `proposes the nearest name`() throws {
    var registry = Registry()
    try registry.install(Standard.self)
    let source = SourceText(name: "wide-neck.yaml", text: "neck:\n  type: pan-fnp\n")
    let place = SourceLocation(in: source, line: 2, column: 9, length: 7)
    let fault = #expect(throws: Diagnostic.self) { try registry.necks.find("pan-fnp", at: place) }
    #expect(
      fault?.description == """
        wide-neck.yaml:2:9: error: no neck named 'pan-fnp'; did you mean 'pan-fpn'?
          type: pan-fnp
                ^~~~~~~
        """)
    let lost = #expect(throws: Diagnostic.self) { try registry.necks.find("transformer", at: nil) }
    #expect(lost?.description == "error: no neck named 'transformer'; known: bifpn, pan-fpn")
  }

  @Test func `lists every component with its kind and plugin`() throws {
    var registry = Registry()
    try registry.install(Standard.self)
    #expect(registry.listing.map(\.name) == ["bifpn", "pan-fpn"])
    #expect(registry.listing.first?.kind == "neck")
    #expect(registry.listing.first?.plugin == "Standard")
    #expect(registry.listing.first?.aliases == ["nn.bifpn"])
  }

  @Test func `describes parameters in one line`() {
    let lines = [
      ParameterDeclaration("kernel", .int(1...31), default: 3, help: "").description,
      ParameterDeclaration("rate", .float(above: 0), help: "").description,
      ParameterDeclaration("mode", .string(["nearest", "area"]), default: "area", help: "").description,
      ParameterDeclaration("sizes", .intList(count: 2...2), default: .null, help: "").description,
    ]
    #expect(
      lines == [
        "kernel: int from 1 to 31 = 3", "rate: float above 0", "mode: nearest | area = area",
        "sizes: list of 2 values, each int = none",
      ])
  }
}
