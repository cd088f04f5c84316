import Config
import Testing

private func fault(_ text: String, limits: DocumentLimits = .init()) -> String? {
  #expect(throws: DiagnosticList.self) {
    try Document(text: text, name: "m.yaml", limits: limits)
  }?.description
}

@Suite struct `A faulty document` {
  @Test func `says where YAML stops being YAML`() {
    #expect(
      fault("a: 1\nb: c: d\n") == """
        m.yaml:2:5: error: this is not valid YAML: mapping values are not allowed in this context; \
        is the indentation right, or are quotes missing?
        b: c: d
            ^
        """)
    #expect(
      fault("train:\n\tepochs: 3\n") == """
        m.yaml:2:1: error: this is not valid YAML: found character that cannot start any token; \
        indent with spaces, not tabs
        \tepochs: 3
        ^
        """)
    #expect(
      fault("name: @home\n") == """
        m.yaml:1:7: error: this is not valid YAML: found character that cannot start any token; \
        put text that starts with this character in quotes
        name: @home
              ^
        """)
    #expect(
      fault("a: [1, 2\nb: 3\n") == """
        m.yaml:2:2: error: this is not valid YAML: did not find expected ',' or ']'
        b: 3
         ^
        m.yaml:1:4: note: while parsing a flow sequence
        a: [1, 2
           ^
        """)
  }

  @Test func `is refused where it is recursive`() {
    #expect(
      fault("a: &a\n  b: [1, *a]\n") == """
        m.yaml:2:10: error: the alias '*a' stands inside of its own anchor
          b: [1, *a]
                 ^~
        """)
  }

  @Test func `is refused where aliases explode`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let parts = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(parts)]\n"
    }
    #expect(
      fault(text) == """
        m.yaml:6:15: error: with all aliases expanded, there are more than 200000 values here
        a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]
                      ^~~
        """)
  }

  @Test func `is refused where it is too deep, by brackets or by aliases`() {
    let brackets = String(repeating: "[", count: 65)
    #expect(
      fault(brackets) == """
        m.yaml:1:65: error: mappings and lists are nested more than 64 levels deep
        \(brackets)
        \(String(repeating: " ", count: 64))^
        """)
    #expect(fault(String(repeating: "[", count: 500_000))?.contains("nested more than 64") == true)
    #expect(fault(String(repeating: "- ", count: 500_000))?.contains("nested more than 64") == true)
    var chain = "a0: &a0 [x]\n"
    for level in 1...64 { chain += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(fault(chain)?.hasPrefix("m.yaml:64:12: error: mappings and lists are nested") == true)
  }

  @Test func `reports duplicate keys, bad merges, tags and keys together`() {
    #expect(
      fault(
        """
        lr: 1
        run: !!python/object:os.system {a: 1}
        <<: 5
        lr: 2
        n: !!int x
        [1, 2]: y
        """) == """
          m.yaml:2:6: error: the tag '!!python/object:os.system' is not allowed here; specs are plain data
          run: !!python/object:os.system {a: 1}
               ^~~~~~~~~~~~~~~~~~~~~~~~~~~
          m.yaml:3:5: error: '<<' takes a mapping or a list of mappings, but gets 5
          <<: 5
              ^
          m.yaml:4:1: error: the key 'lr' is given twice
          lr: 2
          ^~
          m.yaml:1:1: note: it was given here first
          lr: 1
          ^~
          m.yaml:5:4: error: 'x' does not fit its tag '!!int'
          n: !!int x
             ^~~~~~~
          m.yaml:6:1: error: a key must be a single word or number
          [1, 2]: y
          ^
          """)
  }

  @Test func `is refused with an unknown alias or a second document`() {
    #expect(
      fault("base: &base 1\nb: *bsae\n") == """
        m.yaml:2:4: error: the alias '*bsae' has no anchor '&bsae' before it; did you mean 'base'?
        b: *bsae
           ^~~~~
        """)
    #expect(
      fault("a: 1\n---\nb: 2\n") == """
        m.yaml:2:1: error: a second document starts here; a file may hold only one
        ---
        ^~~
        """)
  }

  @Test func `is refused where it is no text`() {
    func fault(_ bytes: [UInt8]) -> String? {
      #expect(throws: DiagnosticList.self) { try Document(bytes: bytes, name: "m.yaml") }?.description
    }
    #expect(
      fault(Array("a: 1\nb: ".utf8) + [0xC3, 0x28]) == """
        m.yaml:2:4: error: the file is not UTF-8; save it as UTF-8
        b: \u{FFFD}
           ^
        """)
    #expect(
      fault([0xFF, 0xFE, 0x61, 0x00]) == "m.yaml:1:1: error: the file is UTF-16; save it as UTF-8")
    #expect(
      fault(Array("a: x\u{0}y".utf8)) == """
        m.yaml:1:5: error: the character U+0000 is not allowed in YAML; is this a text file?
        a: x\u{FFFD}y
            ^
        """)
    #expect(
      fault(Array(String(repeating: "%TAG !a! tag:a\n", count: 100_000).utf8))?
        .hasPrefix("m.yaml:1:1: error: '%TAG' is not supported") == true)
  }

  @Test func `is refused where it is too large or cannot be read`() {
    var limits = DocumentLimits()
    limits.size = 10
    #expect(
      fault("abcdefghijk", limits: limits)
        == "m.yaml:1:1: error: the file is too large for a spec; the limit is 10 bytes")
    let missing = #expect(throws: DiagnosticList.self) { try Document(file: "/nowhere/m.yaml") }
    #expect(missing?.description == "error: cannot read '/nowhere/m.yaml': No such file or directory")
    let folder = #expect(throws: DiagnosticList.self) { try Document(file: "/") }
    #expect(folder?.description == "error: cannot read '/': Is a directory")
  }
}
