import Config
import Testing

@Suite struct `A diagnostic` {
  @Test func `reads like a compiler's`() {
    let source = SourceText(name: "models/mine.yaml", text: "scales:\n  n: { widht: 0.25 }\n")
    let place = SourceLocation(in: source, line: 2, column: 8, length: 5)
    #expect(
      Diagnostic(.error, "unknown key 'widht'", at: place).description == """
        models/mine.yaml:2:8: error: unknown key 'widht'
          n: { widht: 0.25 }
               ^~~~~
        """)
    #expect(Diagnostic(.warning, "odd").description == "warning: odd")
  }

  @Test func `keeps its mark below the word behind tabs, and within the line`() {
    let source = SourceText(name: "m", text: "\ta:\tb")
    #expect(
      Diagnostic(.error, "x", at: SourceLocation(in: source, line: 1, column: 5, length: 9)).description
        == "m:1:5: error: x\n\ta:\tb\n\t  \t^")
    #expect(
      Diagnostic(.error, "x", at: SourceLocation(in: source, line: 7, column: 5)).description
        == "m:7:5: error: x")
  }

  @Test func `shows a part of an endless line, and no control characters`() {
    let text = String(repeating: "a", count: 5000) + "\u{1B}[31m" + String(repeating: "b", count: 5000)
    let source = SourceText(name: "m", text: text)
    let lines = Diagnostic(.error, "x", at: SourceLocation(in: source, line: 1, column: 5001)).description
      .split(separator: "\n")
    #expect(lines[1].count == 160)
    #expect(lines[1].contains("a\u{FFFD}[31mb"))
    #expect(lines[2].count == 81)
  }

  @Test func `stands in the order of the file, with its notes`() {
    func at(_ file: String, _ line: Int) -> Config.SourceLocation {
      Config.SourceLocation(file: file, line: line, column: 1)
    }
    var list = DiagnosticList([
      Diagnostic(.error, "third", at: at("a", 9)), Diagnostic(.note, "its note", at: at("a", 1)),
      Diagnostic(.error, "fourth", at: at("b", 1)), Diagnostic(.error, "second", at: at("a", 2)),
      Diagnostic(.error, "first"),
    ])
    list.sort()
    #expect(list.diagnostics.map(\.message) == ["first", "second", "third", "its note", "fourth"])
  }
}

@Suite struct `The nearest name` {
  @Test(arguments: [
    ("widht", "width"), ("Wdith", "width"), ("max-channels", "max_channels"), ("detph", "depth"),
    ("maxchannels", "max_channels"),
  ])
  func `forgives swapped, missing and wrong letters`(typo: String, meant: String) {
    #expect(nearestName(to: typo, among: ["depth", "width", "max_channels"]) == meant)
  }

  @Test(arguments: ["momentum", "", "w", "heightwidth"])
  func `is none where nothing is close`(name: String) {
    #expect(nearestName(to: name, among: ["depth", "width", "max_channels"]) == nil)
  }

  @Test func `is the first of equals, whatever their order`() {
    #expect(nearestName(to: "fliplx", among: ["flipud", "fliply", "fliplr"]) == "fliplr")
    #expect(nearestName(to: "a", among: ["b", "c"]) == nil)
  }
}
