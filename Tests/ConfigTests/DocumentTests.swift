import Config
import Testing

private func parse(_ text: String) throws -> Node { try Document(text: text, name: "spec.yaml").root }

@Suite struct `A document` {
  @Test(
    arguments: [
      ("3", 3), ("-17", -17), ("+4", 4), ("0x1F", 31), ("0o17", 15), ("010", 10), ("1e-3", 0.001),
      ("1.5", 1.5), (".5", 0.5), ("-2.", -2.0), ("1E+2", 100.0), ("-.inf", .float(-.infinity)),
      ("true", true), ("False", false), ("TRUE", true), ("~", .null), ("null", .null), ("None", .null),
      ("", .null), ("yes", "yes"), ("nearest", "nearest"), ("nan", "nan"), ("1_000", "1_000"),
      ("1:30", "1:30"), ("0x", "0x"), ("0x-1", "0x-1"), ("1e", "1e"), (".", "."),
      ("-", .sequence([Node(.null)])),
      ("'3'", "3"), ("\"None\"", "None"), ("!!str 3", "3"), ("!!float 3", 3.0),
      ("99999999999999999999", 1e20), ("1.2.3", "1.2.3"), ("yolo11n.pt", "yolo11n.pt"),
    ] as [(String, Node.Value)])
  func `reads scalars by the core schema, and Python's None`(text: String, value: Node.Value) throws {
    #expect(try parse(text).value == value)
  }

  @Test func `reads a model file of the reference tools`() throws {
    let root = try parse(
      """
      # Parameters
      nc: 80
      kpt_shape: [17, 3]
      scales: # [depth, width, max_channels]
        n: [0.50, 0.25, 1024]
      names:
        0: person
      head:
        - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
        - [[16, 19, 22], 1, Pose, [nc, kpt_shape]]
      """)
    #expect(
      root.value == [
        "nc": 80, "kpt_shape": [17, 3], "scales": ["n": [0.5, 0.25, 1024]], "names": ["0": "person"],
        "head": [
          [-1, 1, "nn.Upsample", [.null, 2, "nearest"]], [[16, 19, 22], 1, "Pose", ["nc", "kpt_shape"]],
        ],
      ])
  }

  @Test func `knows where each value was written`() throws {
    let root = try parse("train:\n  epochs: 100\n  sizes: [96, 128]\n  name: \"zwölf\"  # note\n")
    let train = try #require(root["train"])
    #expect(
      train["epochs"]?.location == SourceLocation(file: "spec.yaml", line: 2, column: 11, length: 3))
    #expect(train["sizes"]?.location == SourceLocation(file: "spec.yaml", line: 3, column: 10, length: 9))
    #expect(train["name"]?.location == SourceLocation(file: "spec.yaml", line: 4, column: 9, length: 7))
    #expect(train["name"]?.location?.lineText == "  name: \"zwölf\"  # note")
    let keys = try train.mapping(named: "train").map(\.keyLocation)
    #expect(keys[1] == SourceLocation(file: "spec.yaml", line: 3, column: 3, length: 5))
    let sizes = try #require(train["sizes"]).list(named: "sizes")
    #expect(sizes[1].location == SourceLocation(file: "spec.yaml", line: 3, column: 15, length: 3))
  }

  @Test func `resolves aliases, which keep their place, and merge keys`() throws {
    let root = try parse(
      """
      base: &base {lr: 0.01, epochs: 100, layers: &l [1, 2]}
      other: &other {lr: 0.02, seed: 7}
      run:
        name: long
        <<: [*other, *base]
        epochs: 300
      again: *l
      """)
    #expect(
      root["run"]?.value == ["name": "long", "lr": 0.02, "seed": 7, "layers": [1, 2], "epochs": 300])
    #expect(root["run"]?["lr"]?.location?.line == 2)
    #expect(root["run"]?["layers"]?.location?.line == 1)
    #expect(root["again"]?.value == [1, 2])
    #expect(try parse("\"<<\": 3").value == ["<<": 3])
  }

  @Test func `may be empty, or begin with a byte order mark`() throws {
    #expect(try parse("").value == .null)
    #expect(try parse("# nothing\n").value == .null)
    #expect(try parse("---\n").value == .null)
    #expect(try Document(bytes: [0xEF, 0xBB, 0xBF] + "a: 1".utf8, name: "x").root.value == ["a": 1])
    #expect(try parse("a: 1\r\nb: 2\r\n").value == ["a": 1, "b": 2])
    #expect(try parse("%YAML 1.2\n---\na: 1\n...\n").value == ["a": 1])
  }

  @Test func `keeps the text of block scalars`() throws {
    #expect(
      try parse("help: |\n  one\n  two\nfolded: >-\n  one\n  two\n").value == [
        "help": "one\ntwo\n", "folded": "one two",
      ])
  }

  @Test func `is read from a file of the reference tools`() throws {
    let root = try Document(file: Fixtures.path("yolo11-pose-pico.yaml")).root
    #expect(root["scales"]?.value == ["p": [0.5, 0.03125, 1024]])
    #expect(try root["head"]?.list(named: "head").count == 13)
  }
}
