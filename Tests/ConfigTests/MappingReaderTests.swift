import Config
import Testing

private enum Schedule: String, CaseIterable { case linear, cosine }

private struct Train: Equatable {
  var epochs: Int
  var rate: Double
  var schedule: Schedule
  var sizes: [Int]?
  var freeze: Int?
}

private func reader(_ text: String, of subject: String = "the spec") throws -> MappingReader {
  MappingReader(try Document(text: text, name: "m.yaml").root, of: subject)
}

private func train(_ reader: inout MappingReader) -> Train {
  reader.section("train") { train in
    Train(
      epochs: train.int("epochs", in: 1...1000),
      rate: train.float("lr0", in: .above(0), default: 0.01),
      schedule: train.choice("schedule", default: .linear),
      sizes: train.optionalIntList("sizes", count: 2...2, each: 32...4096),
      freeze: train.optionalInt("freeze", in: 0...100))
  }
}

@Suite struct `A mapping reader` {
  @Test func `reads typed values and defaults`() throws {
    var reader = try reader("train: {epochs: 3, lr0: 1, schedule: cosine, sizes: [96, 128], freeze: null}")
    let spec = train(&reader)
    try reader.finish()
    #expect(spec == Train(epochs: 3, rate: 1, schedule: .cosine, sizes: [96, 128], freeze: nil))
  }

  @Test func `reports every fault in the order of the file`() throws {
    var reader = try reader(
      """
      modle: yolo11n.yaml
      train:
        epohs: 10
        lr0: .nan
        schedule: cosin
        sizes: [96, 16]
        freeze: 1.5
      """)
    _ = reader.string("model", default: "")
    _ = train(&reader)
    let faults = #expect(throws: DiagnosticList.self) { try reader.finish() }
    #expect(
      faults?.description == """
        m.yaml:1:1: error: unknown key 'modle' in the spec; did you mean 'model'?
        modle: yolo11n.yaml
        ^~~~~
        m.yaml:3:3: error: 'train' needs the key 'epochs'
          epohs: 10
          ^
        m.yaml:3:3: error: unknown key 'epohs' in 'train'; did you mean 'epochs'?
          epohs: 10
          ^~~~~
        m.yaml:4:8: error: 'lr0' must be a finite number above 0, but is nan
          lr0: .nan
               ^~~~
        m.yaml:5:13: error: 'schedule' must be one of linear, cosine, but is 'cosin'; did you mean 'cosine'?
          schedule: cosin
                    ^~~~~
        m.yaml:6:15: error: 'sizes[1]' must be a whole number from 32 to 4096, but is 16
          sizes: [96, 16]
                      ^~
        m.yaml:7:11: error: 'freeze' must be a whole number from 0 to 100, but is 1.5
          freeze: 1.5
                  ^~~
        """)
  }

  @Test func `names the keys it takes where none is near`() throws {
    var reader = try reader("colour: 1", of: "scale 'n'")
    _ = reader.optionalFloat("depth")
    _ = reader.optionalFloat("width")
    reader.allow("extends")
    let faults = #expect(throws: DiagnosticList.self) { try reader.finish() }
    #expect(
      faults?.diagnostics.map(\.message) == [
        "unknown key 'colour' in scale 'n'; it takes depth, width, extends"
      ])
  }

  @Test func `takes an empty section for one without keys, and nothing else for a mapping`() throws {
    for text in ["{}", "train:", "train: {}"] {
      var reader = try reader(text)
      let epochs = reader.section("train") { $0.int("epochs", default: 7) }
      #expect(reader.optionalSection("val") { $0.int("epochs") } == nil)
      try reader.finish()
      #expect(epochs == 7)
    }
    var wrong = try reader("train: 5")
    _ = wrong.section("train") { $0.int("epochs", default: 7) }
    let faults = #expect(throws: DiagnosticList.self) { try wrong.finish() }
    #expect(
      faults?.diagnostics.map(\.message) == ["'train' must be a mapping of keys to values, but is 5"])
  }

  @Test func `reads mappings with free keys`() throws {
    var good = try reader("scales: {n: {depth: 0.5}, x: {depth: 1}}\nnames: {0: person, 1: horse}")
    let scales = good.sections("scales", of: { "scale '\($0)'" }) { name, scale in scale.float("depth") }
    let names = good.dictionary("names") { key, node in try node.string(named: "names.\(key)") }
    try good.finish()
    #expect(scales.map(\.key) == ["n", "x"])
    #expect(scales.map(\.value) == [0.5, 1])
    #expect(names.map(\.value) == ["person", "horse"])

    var bad = try reader("scales: {n: {dpth: 0.5}}\nnames: {0: 3}")
    _ = bad.sections("scales", of: { "scale '\($0)'" }) { $1.float("depth", default: 1) }
    _ = bad.dictionary("names") { key, node in try node.string(named: "names.\(key)") }
    let faults = #expect(throws: DiagnosticList.self) { try bad.finish() }
    #expect(
      faults?.diagnostics.map(\.message) == [
        "unknown key 'dpth' in scale 'n'; did you mean 'depth'?", "'names.0' must be text, but is 3",
      ])
  }

  @Test(arguments: [
    ("a: yes", "'a' must be true or false, but is 'yes'; write true"),
    ("a: 1", "'a' must be true or false, but is 1"),
    ("a:", "'a' must be true or false, but is nothing"),
    ("a: [1]", "'a' must be true or false, but is a list of 1 value"),
    ("b: 1", "the spec needs the key 'a'"),
  ])
  func `says what a truth value should be`(text: String, message: String) throws {
    var reader = try reader(text)
    reader.allow("b")
    #expect(reader.bool("a") == false)
    let faults = #expect(throws: DiagnosticList.self) { try reader.finish() }
    #expect(faults?.diagnostics.map(\.message) == [message])
  }

  @Test func `states ranges in words`() {
    func message(_ read: (Node) throws -> Void) -> String? {
      #expect(throws: Diagnostic.self) { try read(Node("x")) }?.message
    }
    #expect(
      message { _ = try $0.int(named: "a", in: 1...Int.max) }
        == "'a' must be a whole number of at least 1, but is 'x'")
    #expect(
      message { _ = try $0.float(named: "a", in: 0...1) } == "'a' must be a number from 0 to 1, but is 'x'")
    #expect(
      message { _ = try $0.float(named: "a", in: .atLeast(0.5)) }
        == "'a' must be a number of at least 0.5, but is 'x'")
    #expect(
      message { _ = try $0.intList(named: "a", count: 2...3) }
        == "'a' must be a list of 2 to 3 values, but is 'x'")
    #expect(
      message { _ = try $0.stringList(named: "a", count: 1...Int.max) }
        == "'a' must be a list of at least 1 value, but is 'x'")
  }
}
