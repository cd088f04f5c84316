import Foundation
import Interchange
import Testing

@Suite struct `Hostile pickles` {
  private func message(_ pickle: [UInt8]) throws -> String {
    let archive = try HostileFiles.archive(pickle: pickle)
    do {
      _ = try PyTorchFile(bytes: archive, name: "evil.pt")
      return ""
    } catch {
      return "\(error)"
    }
  }

  private func pickle(_ text: String) -> [UInt8] { [0x80, 2] + Array(text.utf8) }

  private static let refused =
    "is not on the list of names that weights may mention, so the file is refused; nothing of it was run."

  @Test(arguments: [
    ("REDUCE", "cos\nsystem\n(X\u{4}\u{0}\u{0}\u{0}truetR.", "os.system", 2),
    ("posix", "}X\u{1}\u{0}\u{0}\u{0}acposix\nsystem\n)Rs.", "posix.system", 9),
    ("builtins", "c__builtin__\neval\n)R.", "__builtin__.eval", 2),
    ("getattr", "cbuiltins\ngetattr\n)R.", "builtins.getattr", 2),
    ("subprocess", "csubprocess\nPopen\n).", "subprocess.Popen", 2),
    ("torch's own loader", "ctorch\nload\n)R.", "torch.load", 2),
    ("INST", "(X\u{1}\u{0}\u{0}\u{0}aios\nsystem\n.", "os.system", 9),
    (
      "a class in an allowed module", "cultralytics.nn.modules.block\nos\n)R.",
      "ultralytics.nn.modules.block.os", 2
    ),
    ("numpy's loader", "cnumpy\nload\n)R.", "numpy.load", 2),
  ])
  func `that name what is not allowed are refused where they name it`(
    way: String, text: String, name: String, offset: Int
  ) throws {
    let message = try message(pickle(text))
    #expect(
      message.hasPrefix("evil.pt: pickle, byte \(offset): '\(name)' \(Self.refused)"), "\(way): \(message)")
  }

  @Test func `cannot hide a name on the stack`() throws {
    var evil = PickleText()
    evil.text("os")
    evil.text("system")
    evil.raw([0x93])
    evil.raw(")R.")
    #expect(try message(evil.bytes).hasPrefix("evil.pt: pickle, byte 20: 'os.system' \(Self.refused)"))
  }

  @Test(arguments: [
    ("(ccollections\nOrderedDict\no.", "OBJ"), ("ccollections\nOrderedDict\n)}\u{12}", ""),
    ("cc\n", ""), ("I1\n.", "INT"), ("S'a'\n.", "STRING"), ("g0\n.", "GET"), ("P1\n.", "PERSID"),
    ("2.", "DUP"),
  ])
  func `use no instruction that PyTorch does not write`(text: String, name: String) throws {
    let message = try message(pickle(text))
    #expect(!message.isEmpty)
    if !name.isEmpty {
      #expect(message.contains("the instruction \(name) is none that PyTorch writes"), "\(message)")
    }
  }

  @Test func `cannot make objects in other ways`() throws {
    let newObjEx = pickle("ccollections\nOrderedDict\n)}") + [0x92, 0x2E]
    #expect(try message(newObjEx).contains("the instruction NEWOBJ_EX is none"))
    #expect(try message(pickle("") + [0x82, 1, 0x2E]).contains("EXT1"))
    #expect(try message(pickle("X\u{1}\u{0}\u{0}\u{0}a)R.")).contains("it calls what is no allowed name"))
    #expect(try message(pickle("ctorch\nFloatStorage\n)R.")).contains("it calls 'torch.FloatStorage'"))
    #expect(try message(pickle("]}b.")).contains("it changes what is no object"))
    #expect(try message(pickle("}Na.")).contains("something is added to what is no list"))
  }

  @Test func `with absurd lengths end at once`() throws {
    for opcode: [UInt8] in [
      [0x8D] + [UInt8](repeating: 0xFF, count: 8), [0x8E, 0, 0, 0, 0, 0, 0, 0, 0x40],
      [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x54, 0xFF, 0xFF, 0xFF, 0x7F], [0x8B, 0xFF, 0xFF, 0xFF, 0x7F],
    ] {
      #expect(try message([0x80, 2] + opcode + [0x2E]).contains("ends in the middle"))
    }
    #expect(try message([0x80, 2, 0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E]).contains("negative length"))
    let endless = [0x80, 2, 0x63] + [UInt8](repeating: 0x61, count: 5000)
    #expect(try message(endless).contains("a name has no end"))
  }

  @Test func `that use an empty stack are damaged`() throws {
    for text in [
      ".", "0.", "1.", "t.", "R.", "b.", "s.", "}s.", "(s.", "Q.", "a.", "h\u{5}.", "q\u{5}.", "(0.",
    ] {
      #expect(!(try message(pickle(text)).isEmpty), "\(text)")
    }
  }

  @Test func `contain themselves without harm`() throws {
    // A list in itself, and a dictionary that is its own value.
    #expect(try message(pickle("]q\u{0}h\u{0}a.")).contains("holds no weights: it is no dictionary"))
    #expect(
      try message(pickle("}q\u{0}X\u{1}\u{0}\u{0}\u{0}ah\u{0}s.")).contains("holds no weights: it has 'a'"))
    // Deep, but flat for whoever reads it.
    let deep = [UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)
    #expect(try message([0x80, 2] + deep + [0x2E]).contains("holds no weights"))
  }

  /// A module whose only child it is itself, or has twice: a tree without end, or of 2^40 leaves.
  @Test func `with modules in circles are refused`() throws {
    func module(_ body: (inout PickleText) -> Void) -> [UInt8] {
      var pickle = PickleText()
      pickle.raw("ctorch.nn.modules.container\nSequential\n)")
      pickle.raw([0x81])
      pickle.raw("q\u{0}}")
      pickle.text("_modules")
      pickle.raw("}")
      body(&pickle)
      pickle.raw("sb.")
      return pickle.bytes
    }
    let circle = module { pickle in
      pickle.text("a")
      pickle.raw("h\u{0}s")
    }
    #expect(try message(circle).contains("nested deeper than any"))
    var bomb = PickleText()
    bomb.raw("N")
    for _ in 0..<40 {
      bomb.raw("q\u{1}0ctorch.nn.modules.container\nSequential\n)")
      bomb.raw([0x81])
      bomb.raw("}")
      bomb.text("_modules")
      bomb.raw("}(")
      for name in ["a", "b"] {
        bomb.text(name)
        bomb.raw("h\u{1}")
      }
      bomb.raw("usb")
    }
    bomb.raw(".")
    #expect(try message(bomb.bytes).contains("has more parts than any"))
  }

  @Test(arguments: [
    ([4, 5], [5, 1], 0, 16, "more elements than its storage"),
    ([4], [1], 13, 16, "reaches beyond its storage"),
    ([2, 2], [15, 1], 0, 16, "reaches beyond its storage"),
    ([-1], [1], 0, 16, "negative sizes"), ([4], [-1], 8, 16, "negative sizes"),
    ([4], [1], -1, 16, "negative sizes"),
    ([1 << 62, 4], [1, 1], 0, 16, "more elements"), ([1 << 32, 1 << 32], [0, 0], 0, 16, "more elements"),
    ([2, 1], [1 << 62, 1], 1 << 62, 16, "reaches beyond"), ([0], [1], 99, 16, "reaches beyond"),
    ([2, 2], [1], 0, 16, "2 axes and 1 strides"), ([1], [1], 0, -1, "a storage has -1 elements"),
    ([1], [1], 0, Int.max, "a storage has"), ([1], [1], 0, 17, "its entry has 64 bytes instead of 68"),
    ([1], [1], 0, 15, "its entry has 64 bytes instead of 60"),
  ])
  func `have no tensor beyond its bytes`(
    shape: [Int], strides: [Int], offset: Int, count: Int, expected: String
  ) throws {
    let pickle = PickleText.dictionary { $0.tensor(shape, strides: strides, offset: offset, count: count) }
    let message = try message(pickle)
    #expect(message.contains(expected), "\(message)")
  }

  @Test func `name storages by no path`() throws {
    for key in ["../data.pkl", "/etc/passwd", "9", ""] {
      let message = try message(PickleText.dictionary { $0.tensor([1], strides: [1], key: key) })
      #expect(message.contains("the archive has no entry 'data/\(key)'"), "\(message)")
    }
  }

  @Test func `share bytes within reason only`() throws {
    var pickle = PickleText()
    pickle.raw("}")
    for index in 0..<400 {
      pickle.text("t\(index)")
      if index == 0 {
        pickle.tensor([16], strides: [1])
        pickle.raw("q\u{9}")
      } else {
        pickle.raw("h\u{9}")
      }
      pickle.raw("s")
    }
    pickle.raw(".")
    #expect(try message(pickle.bytes).contains("many times larger than the file"))
  }

  @Test func `show no control characters in messages`() throws {
    let message = try message(pickle("cos\u{1B}[2J\nsystem\n)R."))
    #expect(message.contains("'os\\u{1b}[2J.system'") && !message.contains("\u{1B}"))
  }
}
