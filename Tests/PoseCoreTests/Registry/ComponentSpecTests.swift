import Config
import PoseCore
import Testing

@Suite struct `A component spec` {
  private func spec(_ text: String) throws -> ComponentSpec {
    try ComponentSpec(Document(text: text, name: "m.yaml").root, named: "neck")
  }

  private var table: ComponentTable<Int, Int> {
    get throws {
      var table = ComponentTable<Int, Int>(kind: "neck", plugin: "Test")
      let repeats = ParameterDeclaration("repeats", .int(1...9), default: 1, help: "rounds")
      try table.register(
        Component("bifpn", summary: "", parameters: [repeats]) { try $0.int("repeats") * $1 })
      return table
    }
  }

  @Test func `is a name, or a mapping with a type and arguments`() throws {
    #expect(try table.make(spec("bifpn"), in: 10) == 10)
    #expect(try table.make(spec("{type: bifpn, repeats: 3}"), in: 10) == 30)
    #expect(try table.make(spec("{repeats: nr, type: bifpn}"), in: 10, symbols: ["nr": 2]) == 20)
  }

  @Test(arguments: [
    ("5", "m.yaml:1:1: error: 'neck' must be a name, or a mapping with the key 'type', but is 5\n5\n^"),
    (
      "{repeats: 3}",
      "m.yaml:1:1: error: 'neck' needs the key 'type': the name of what to use\n{repeats: 3}\n^~~~~~~~~~~~"
    ),
    ("{type: 3}", "m.yaml:1:8: error: 'type' must be text, but is 3\n{type: 3}\n       ^"),
  ])
  func `is nothing else`(text: String, message: String) {
    let fault = #expect(throws: Diagnostic.self) { try spec(text) }
    #expect(fault?.description == message)
  }

  @Test func `shows a fault in its arguments at their place`() throws {
    let table = try table
    let faults = #expect(throws: DiagnosticList.self) {
      try table.make(spec("type: bifpn\nrepeat: 3"), in: 1)
    }
    #expect(
      faults?.description == """
        m.yaml:2:1: error: unknown argument 'repeat' of neck 'bifpn'; did you mean 'repeats'?
        repeat: 3
        ^~~~~~
        """)
  }
}
