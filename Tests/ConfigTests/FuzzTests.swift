import Config
import Testing

/// SplitMix64: the same faulty files in every run.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct `Mutated specs` {
  private static let seeds = [
    "a: 1\nb: [1, 2.5, x]\nc: {d: true, e: ~}\n",
    "base: &b {lr: 0.01}\nrun:\n  <<: *b\n  <<: [*b, *b]\n  list: &l\n    - x\n    - *l\n",
    "scales:\n  n: [0.50, 0.25, 1024]\nhead:\n  - [-1, 1, nn.Upsample, [None, 2, \"nearest\"]]\n",
    "text: |\n  one\n\n  two\nfolded: >-\n  a\n'q': \"\\u00e9\\n\"\n? k\n: v\n",
    "%YAML 1.2\n---\n!!map {a: !!int 3, b: !!str 4, ? [x] : y}\n...\n",
    "train: {epochs: 100, lr0: 1e-2}\nnames: {0: person, 1: \"a: b\"}\n# end\n",
  ]
  private static let snippets = [
    "\t", "  ", "\n", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "*b", "<<: ", "!!int ", "!x ", "\"", "'",
    "|",
    ">", "#", "? ", "%TAG ! x\n", "---\n", "...\n", "\u{FEFF}", "\u{0}", "\r", "ü", "👩‍🚀", "\u{2028}", "nan",
    "1e999",
    "-0", "None", ",", "\\", "@",
  ]

  private static func mutated(_ bytes: [UInt8], using generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let position = Int.random(in: 0...bytes.count, using: &generator)
      let end = min(bytes.count, position + Int.random(in: 0...8, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.removeSubrange(position..<end)
      case 1:
        bytes.insert(
          contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &generator))
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
      case 3 where position < bytes.count: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      default: bytes.insert(contentsOf: (snippets.randomElement(using: &generator) ?? "").utf8, at: position)
      }
    }
    return bytes
  }

  /// Reads a spec as programs do; every path of the reader is taken.
  private static func read(_ root: Node) throws {
    var reader = MappingReader(root, of: "the spec")
    _ = reader.section("train") { $0.int("epochs", in: 1...1000, default: 1) }
    _ = reader.sections("scales", of: { "scale \($0)" }) { $1.float("depth", default: 1) }
    _ = reader.dictionary("names") { try $1.string(named: $0) }
    _ = reader.optionalFloatList("b", count: 1...3)
    try reader.finish()
  }

  @Test(arguments: 0..<8)
  func `are read or refused with a place, and written back unchanged`(part: Int) throws {
    var generator = Generator(state: UInt64(part))
    var accepted = 0
    for _ in 0..<1500 {
      let seed = Self.seeds.randomElement(using: &generator) ?? ""
      let bytes = Self.mutated(Array(seed.utf8), using: &generator)
      do {
        let root = try Document(bytes: bytes, name: "m.yaml").root
        accepted += 1
        let text = YAMLWriter().text(root)
        let back = try Document(text: text, name: "again.yaml").root
        // Not compared as trees: a NaN differs from itself.
        #expect(YAMLWriter().text(back) == text)
        try Self.read(root)
      } catch let list as DiagnosticList {
        #expect(list.hasErrors)
        #expect(list.diagnostics.allSatisfy { $0.location?.file != "again.yaml" }, "\(list)")
        #expect(!list.description.isEmpty)
      }
    }
    #expect(accepted > 100)
  }

  @Test func `set on the command line are read or refused`() throws {
    var generator = Generator(state: 99)
    let root = try Document(text: Self.seeds[5], name: "m.yaml").root
    for _ in 0..<3000 {
      let seed = ["train.epochs=3", "names.0=x", "a.b={c: [1, 2]}", "train='x'"].randomElement(
        using: &generator)
      let argument = String(
        decoding: Self.mutated(Array((seed ?? "").utf8), using: &generator), as: UTF8.self)
      do {
        _ = YAMLWriter.origins.text(try root.applying(Override.parse([argument, "train.lr0=1"])))
      } catch {
        #expect(error.diagnostics.allSatisfy { $0.location?.file == Override.commandLine })
      }
    }
  }
}
