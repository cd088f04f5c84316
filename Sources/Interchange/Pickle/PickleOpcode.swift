/// The instructions of Python's pickle format, protocols 0 to 5.
///
/// Source: the `pickletools` module of Python's standard library, which documents each.
enum PickleOpcode: UInt8, CaseIterable {
  // What PyTorch writes, with any protocol that it can be told to use.
  case proto = 0x80
  case frame = 0x95
  case stop = 0x2E
  case mark = 0x28
  case pop = 0x30
  case popMark = 0x31
  case none = 0x4E
  case newTrue = 0x88
  case newFalse = 0x89
  case binInt = 0x4A
  case binInt1 = 0x4B
  case binInt2 = 0x4D
  case long1 = 0x8A
  case long4 = 0x8B
  case binFloat = 0x47
  case binUnicode = 0x58
  case shortBinUnicode = 0x8C
  case binUnicode8 = 0x8D
  case binBytes = 0x42
  case shortBinBytes = 0x43
  case binBytes8 = 0x8E
  case binString = 0x54
  case shortBinString = 0x55
  case emptyList = 0x5D
  case append = 0x61
  case appends = 0x65
  case list = 0x6C
  case emptyTuple = 0x29
  case tuple = 0x74
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyDict = 0x7D
  case dict = 0x64
  case setItem = 0x73
  case setItems = 0x75
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91
  case binGet = 0x68
  case longBinGet = 0x6A
  case binPut = 0x71
  case longBinPut = 0x72
  case memoize = 0x94
  case global = 0x63
  case stackGlobal = 0x93
  case reduce = 0x52
  case build = 0x62
  case newObj = 0x81
  case binPersId = 0x51

  // What it does not write.
  case inst = 0x69
  case obj = 0x6F
  case newObjEx = 0x92
  case ext1 = 0x82
  case ext2 = 0x83
  case ext4 = 0x84
  case dup = 0x32
  case int = 0x49
  case long = 0x4C
  case float = 0x46
  case string = 0x53
  case unicode = 0x56
  case get = 0x67
  case put = 0x70
  case persId = 0x50
  case byteArray8 = 0x96
  case nextBuffer = 0x97
  case readOnlyBuffer = 0x98

  /// As Python's documentation writes it: `SHORT_BINUNICODE`, `NEWOBJ_EX`.
  var name: String {
    switch self {
    case .shortBinUnicode: "SHORT_BINUNICODE"
    case .shortBinBytes: "SHORT_BINBYTES"
    case .shortBinString: "SHORT_BINSTRING"
    case .newObjEx: "NEWOBJ_EX"
    case .stackGlobal: "STACK_GLOBAL"
    case .nextBuffer: "NEXT_BUFFER"
    case .readOnlyBuffer: "READONLY_BUFFER"
    case .popMark: "POP_MARK"
    default: "\(self)".uppercased()
    }
  }
}
