/// Reads a pickle without executing any of it.
///
/// A pickle is a program for a small stack machine which, in Python, can import and call anything. Here the
/// instructions are those that PyTorch writes for weights, a name is looked up in the fixed list of `PickleName`, and
/// a call makes an inert value of the kind which that list states. Everything else is an error that names it.
///
/// Time and memory are bounded by the pickle's length: an instruction makes at most one value, and containers are
/// numbers of table entries, never copied.
struct PickleMachine {
  /// Longest pickle; those of the largest pose models have a megabyte.
  static let maximumSize = 32 << 20
  /// Most instructions; those of the largest pose models are 300,000.
  static let maximumSteps = 3_000_000
  /// Longest name of a module or class.
  static let maximumNameLength = 512
  static let maximumAxes = 16

  private var reader: LittleEndianReader
  private let file: String
  var document = PickleDocument()
  var stack: [PickleValue] = []
  /// Heights of the stack at each mark.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// Of the instruction at hand.
  private var offset = 0

  /// - Parameters:
  ///   - bytes: the pickle.
  ///   - file: what errors call it.
  /// - Throws: `PickleError`.
  static func run(_ bytes: UnsafeRawBufferPointer, file: String) throws(PickleError) -> PickleDocument {
    var machine = PickleMachine(reader: LittleEndianReader(bytes), file: file)
    guard bytes.count <= maximumSize else {
      throw machine.failure(.tooLarge("a pickle of \(bytes.count) bytes"))
    }
    try machine.run()
    return machine.document
  }

  private init(reader: LittleEndianReader, file: String) {
    self.reader = reader
    self.file = file
  }

  private mutating func run() throws(PickleError) {
    for _ in 0..<Self.maximumSteps {
      offset = reader.position
      let byte = try number(UInt8.self)
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw failure(.malformed("no instruction has the number \(byte)"))
      }
      if opcode == .stop {
        document.root = try pop()
        return
      }
      try execute(opcode)
    }
    throw failure(.tooLarge("more than \(Self.maximumSteps) instructions"))
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(PickleError) {
    switch opcode {
    case .proto:
      let version = try number(UInt8.self)
      guard (2...5).contains(version) else { throw failure(.malformed("protocol \(version)")) }
    case .frame: _ = try number(UInt64.self)
    case .stop: break
    case .mark: marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .binInt: stack.append(.int(Int(try number(Int32.self))))
    case .binInt1: stack.append(.int(Int(try number(UInt8.self))))
    case .binInt2: stack.append(.int(Int(try number(UInt16.self))))
    case .long1: try pushLong(Int(try number(UInt8.self)))
    case .long4: try pushLong(Int(try number(Int32.self)))
    case .binFloat: stack.append(.float(Double(bitPattern: try number(UInt64.self).byteSwapped)))
    case .shortBinUnicode: stack.append(.string(try text(length: UInt64(try number(UInt8.self)))))
    case .binUnicode: stack.append(.string(try text(length: UInt64(try number(UInt32.self)))))
    case .binUnicode8: stack.append(.string(try text(length: try number(UInt64.self))))
    case .shortBinBytes: try pushBytes(UInt64(try number(UInt8.self)))
    case .binBytes: try pushBytes(UInt64(try number(UInt32.self)))
    case .binBytes8: try pushBytes(try number(UInt64.self))
    case .shortBinString: try pushOldString(UInt64(try number(UInt8.self)))
    case .binString: try pushOldString(UInt64(try number(UInt32.self)))
    case .emptyList, .emptySet: pushList([])
    case .list, .frozenSet: pushList(try popToMark())
    case .append:
      let value = try pop()
      document.lists[try topList()].append(value)
    case .appends, .addItems:
      let values = try popToMark()
      document.lists[try topList()].append(contentsOf: values)
    case .emptyTuple: stack.append(.tuple(0))
    case .tuple: pushTuple(try popToMark())
    case .tuple1: pushTuple(try pop(1))
    case .tuple2: pushTuple(try pop(2))
    case .tuple3: pushTuple(try pop(3))
    case .emptyDict: pushDictionary()
    case .dict:
      let values = try popToMark()
      pushDictionary()
      try setItems(values)
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .binGet: try recall(Int(try number(UInt8.self)))
    case .longBinGet: try recall(Int(try number(UInt32.self)))
    case .binPut: memo[Int(try number(UInt8.self))] = try top()
    case .longBinPut: memo[Int(try number(UInt32.self))] = try top()
    case .memoize: memo[memo.count] = try top()
    case .global: try pushName(module: try line(), name: try line())
    case .stackGlobal: try pushNameFromStack()
    case .reduce: try reduce()
    case .newObj: try reduce()
    case .build: try build()
    case .binPersId: try pushStorage()
    case .inst:
      let name = "\(try line()).\(try line())"
      throw failure(.forbiddenName(name))
    case .obj, .newObjEx, .ext1, .ext2, .ext4, .dup, .int, .long, .float, .string, .unicode, .get, .put,
      .persId,
      .byteArray8, .nextBuffer, .readOnlyBuffer:
      throw failure(.forbiddenInstruction(opcode.name))
    }
  }

  func failure(_ problem: PickleError.Problem) -> PickleError {
    PickleError(file: file, offset: offset, problem: problem)
  }

  // Bytes

  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(PickleError) -> Number {
    guard let number = reader.number(type) else { throw failure(.truncated) }
    return number
  }

  private mutating func bytes(_ length: UInt64) throws(PickleError) -> UnsafeRawBufferPointer {
    guard let count = Int(exactly: length), let bytes = reader.take(count) else { throw failure(.truncated) }
    return bytes
  }

  private mutating func text(length: UInt64) throws(PickleError) -> String {
    guard let text = String(validating: try bytes(length), as: UTF8.self) else {
      throw failure(.malformed("a text is no UTF-8"))
    }
    return text
  }

  /// Text up to the end of the line.
  private mutating func line() throws(PickleError) -> String {
    var length = 0
    let start = reader.position
    while true {
      guard length <= Self.maximumNameLength else { throw failure(.malformed("a name has no end")) }
      if try number(UInt8.self) == 0x0A { break }
      length += 1
    }
    reader.position = start
    let line = try text(length: UInt64(length))
    _ = reader.skip(1)
    return line
  }

  /// An integer of any length, little endian, two's complement; those beyond 64 bits are of no use.
  private mutating func pushLong(_ length: Int) throws(PickleError) {
    guard let count = UInt64(exactly: length) else {
      throw failure(.malformed("an integer of negative length"))
    }
    let digits = try bytes(count)
    guard length <= 8 else { return stack.append(.opaque) }
    var value: UInt64 = (digits.last ?? 0) & 0x80 == 0 ? 0 : .max
    for digit in digits.reversed() { value = value << 8 | UInt64(digit) }
    stack.append(.int(Int(Int64(bitPattern: value))))
  }

  private mutating func pushBytes(_ length: UInt64) throws(PickleError) {
    _ = try bytes(length)
    stack.append(.opaque)
  }

  /// Python 2's texts, which may be bytes.
  private mutating func pushOldString(_ length: UInt64) throws(PickleError) {
    stack.append(String(validating: try bytes(length), as: UTF8.self).map { .string($0) } ?? .opaque)
  }

  // Stack

  /// Pops never reach below the last mark.
  mutating func pop() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw failure(.malformed("an instruction finds nothing on the stack"))
    }
    return value
  }

  private mutating func pop(_ count: Int) throws(PickleError) -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else {
      throw failure(.malformed("an instruction finds too little on the stack"))
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure(.malformed("no mark is set")) }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private func top() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw failure(.malformed("an instruction finds nothing on the stack"))
    }
    return value
  }

  private mutating func recall(_ place: Int) throws(PickleError) {
    guard let value = memo[place] else { throw failure(.malformed("nothing was remembered as \(place)")) }
    stack.append(value)
  }

  // Containers

  private mutating func pushList(_ values: [PickleValue]) {
    stack.append(.list(document.lists.count))
    document.lists.append(values)
  }

  private mutating func pushTuple(_ values: [PickleValue]) {
    stack.append(.tuple(document.tuples.count))
    document.tuples.append(values)
  }

  private mutating func pushDictionary() {
    stack.append(.dictionary(document.dictionaries.count))
    document.dictionaries.append([])
  }

  private func topList() throws(PickleError) -> Int {
    guard case .list(let index) = try top() else {
      throw failure(.misuse("something is added to what is no list"))
    }
    return index
  }

  private mutating func setItems(_ values: [PickleValue]) throws(PickleError) {
    guard case .dictionary(let index) = try top() else {
      throw failure(.misuse("an item is set in what is no dictionary"))
    }
    guard values.count.isMultiple(of: 2) else { throw failure(.malformed("a key has no value")) }
    for place in stride(from: 0, to: values.count, by: 2) {
      document.dictionaries[index].append((values[place], values[place + 1]))
    }
  }

  // Names

  private mutating func pushName(module: String, name: String) throws(PickleError) {
    guard let allowed = PickleName(module: module, name: name) else {
      throw failure(.forbiddenName("\(module).\(name)"))
    }
    stack.append(.global(document.globals.count))
    document.globals.append(allowed)
  }

  private mutating func pushNameFromStack() throws(PickleError) {
    let parts = try pop(2)
    guard case (.string(let module), .string(let name)) = (parts[0], parts[1]) else {
      throw failure(.malformed("a name is no text"))
    }
    guard module.utf8.count <= Self.maximumNameLength, name.utf8.count <= Self.maximumNameLength else {
      throw failure(.malformed("a name has no end"))
    }
    try pushName(module: module, name: name)
  }

  /// What an allowed name makes of its arguments.
  private mutating func reduce() throws(PickleError) {
    let parts = try pop(2)
    guard case .global(let index) = parts[0] else {
      throw failure(.misuse("it calls what is no allowed name"))
    }
    let name = document.globals[index]
    guard case .tuple(let place) = parts[1] else {
      throw failure(.misuse("it calls '\(name.text)' with something that is no tuple"))
    }
    let arguments = document.tuples[place]
    switch name.meaning {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw failure(.misuse("it calls '\(name.text)' with arguments")) }
      pushDictionary()
    case .set:
      if let first = arguments.first {
        guard case .list = first else { throw failure(.misuse("it makes a set of what is no list")) }
        stack.append(first)
      } else {
        pushList([])
      }
    case .size:
      guard let first = arguments.first, case .tuple = first else {
        throw failure(.misuse("it calls '\(name.text)' without a tuple"))
      }
      stack.append(first)
    case .tensor: try pushTensor(arguments)
    case .parameter:
      guard let first = arguments.first, case .tensor = first else {
        throw failure(.misuse("it calls '\(name.text)' without a tensor"))
      }
      stack.append(first)
    case .object:
      stack.append(.object(document.objects.count))
      document.objects.append(PickleObject(className: name.text))
    case .opaque: stack.append(.opaque)
    case .storage, .constant: throw failure(.misuse("it calls '\(name.text)'"))
    }
  }

  /// Gives an object its attributes; those of dictionaries and of what is passed over are dropped.
  private mutating func build() throws(PickleError) {
    var state = try pop()
    switch try top() {
    case .object(let index):
      // A pair is the attributes and those in slots.
      if case .tuple(let place) = state, document.tuples[place].count == 2 {
        state = document.tuples[place][0]
      }
      document.objects[index].state = state
    case .dictionary, .opaque: break
    default: throw failure(.misuse("it changes what is no object"))
    }
  }
}
