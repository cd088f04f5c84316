/// A pickle put together by hand.
struct PickleText {
  var bytes: [UInt8] = [0x80, 2]

  mutating func raw(_ text: String) { bytes += Array(text.utf8) }
  mutating func raw(_ more: [UInt8]) { bytes += more }

  mutating func text(_ text: String) { raw([0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8)) }

  mutating func int(_ number: Int) { raw([0x8A, 8] + little(Int64(number))) }

  mutating func tuple(_ numbers: [Int]) {
    raw("(")
    for number in numbers { int(number) }
    raw("t")
  }

  func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// `_rebuild_tensor_v2(storage, …)`, called.
  mutating func tensor(
    _ shape: [Int], strides: [Int], offset: Int = 0, storage: String = "FloatStorage", key: String = "0",
    count: Int = 16
  ) {
    raw("ctorch._utils\n_rebuild_tensor_v2\n(")
    raw("(")
    text("storage")
    raw("ctorch\n\(storage)\n")
    text(key)
    text("cpu")
    int(count)
    raw("tQ")
    int(offset)
    tuple(shape)
    tuple(strides)
    raw([0x89])
    raw("ccollections\nOrderedDict\n)RtR")
  }

  /// `{name: …}` with the value that `body` puts there, and the end.
  static func dictionary(_ name: String = "a", _ body: (inout PickleText) -> Void) -> [UInt8] {
    var pickle = PickleText()
    pickle.raw("}")
    pickle.text(name)
    body(&pickle)
    pickle.raw("s.")
    return pickle.bytes
  }
}
