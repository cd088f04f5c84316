import Foundation

/// Makes faulty specs of good ones; the same ones for the same seed.
struct SpecMutator {
  private var state: UInt64
  /// Words that may stand for others: names of components, keys, numbers at the edge.
  let words: [String]

  init(seed: UInt64, words: [String]) {
    state = seed
    self.words = words + Self.edges
  }

  private static let edges = [
    "0", "-1", "1", "2", "3", "7", "65536", "2147483648", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "1e308", "-1e-308", "0.0000001", ".nan", ".inf", "-.inf", "null", "~", "true",
    "[]",
    "{}", "''", "\"\"", "[1, 2]", "[[]]", "{type: x}", "P3", "P16", "-0", "None", "&a 1", "*a", "<<",
    "!!int 3",
    "1_000", "0x7F", "a b", "ü", "\u{1F469}\u{200D}\u{1F680}", "[-1, 1, Conv, [64]]", "extends", "replace",
  ]
  private static let pieces = [
    "\t", "  ", "\n", ": ", "- ", "[", "]", "{", "}", ", ", "\"", "'", "|", ">", "#", "? ", "---\n",
    "\u{FEFF}",
    "\u{0}", "\r", "\\", "@", "%",
  ]

  mutating func number(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(1, bound)))
  }

  mutating func mutated(_ text: String) -> [UInt8] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0..<1 + number(below: 4) {
      let line = number(below: lines.count)
      switch number(below: 8) {
      case 0: lines.remove(at: line)
      case 1: lines.insert(lines[number(below: lines.count)], at: line)
      case 2: lines.swapAt(line, number(below: lines.count))
      case 3: lines[line] = "  " + lines[line]
      default: lines[line] = replacingWord(lines[line])
      }
      if lines.isEmpty { lines = [""] }
    }
    var bytes = Array(lines.joined(separator: "\n").utf8)
    if number(below: 3) == 0 { disturb(&bytes) }
    return bytes
  }

  private mutating func replacingWord(_ line: String) -> String {
    let isWord = { (character: Character) in !" ,:[]{}\"'".contains(character) }
    var ranges: [Range<String.Index>] = []
    var start: String.Index?
    for index in line.indices {
      if isWord(line[index]) {
        start = start ?? index
      } else if let first = start {
        ranges.append(first..<index)
        start = nil
      }
    }
    if let start { ranges.append(start..<line.endIndex) }
    guard !ranges.isEmpty else { return line + words[number(below: words.count)] }
    let range = ranges[number(below: ranges.count)]
    return line.replacingCharacters(in: range, with: words[number(below: words.count)])
  }

  private mutating func disturb(_ bytes: inout [UInt8]) {
    let position = number(below: bytes.count + 1)
    let end = min(bytes.count, position + number(below: 8))
    switch number(below: 4) {
    case 0: bytes.removeSubrange(position..<end)
    case 1: bytes.insert(UInt8(number(below: 256)), at: position)
    case 2 where position < bytes.count: bytes[position] ^= 1 << UInt8(number(below: 8))
    default: bytes.insert(contentsOf: Self.pieces[number(below: Self.pieces.count)].utf8, at: position)
    }
  }
}
