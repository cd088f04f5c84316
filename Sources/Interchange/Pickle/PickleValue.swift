/// A value that a pickle describes. Containers and objects are numbers of entries in the `PickleDocument`, so values
/// may contain each other in circles without keeping each other alive, and depth costs no stack.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// Bytes, complex numbers and whatever else is of no use here.
  case opaque
  case tuple(Int)
  /// Also a set.
  case list(Int)
  case dictionary(Int)
  /// An instance of an allowed class.
  case object(Int)
  /// An allowed class or function, itself.
  case global(Int)
  case storage(Int)
  case tensor(Int)
}

/// An instance of an allowed class: its name and what the pickle says of its attributes.
struct PickleObject: Sendable {
  /// `module.name` of its class.
  var className: String
  /// A dictionary of attributes, as a rule.
  var state: PickleValue = .none
}

/// Numbers of one element type that lie in an entry of the archive.
struct PickleStorage: Sendable {
  var type: ElementType
  /// The name of the entry in the folder `data`.
  var key: String
  /// Elements.
  var count: Int
}

/// A view of a storage; what it says has been checked against the storage's own size.
struct PickleTensor: Sendable {
  var storage: Int
  /// Elements before the first.
  var offset: Int
  var shape: [Int]
  /// In elements; of any use only where the axis is longer than 1.
  var strides: [Int]

  var count: Int { shape.reduce(1, *) }

  /// Whether the elements lie in C order without gaps.
  var isContiguous: Bool {
    var expected = 1
    for (axis, stride) in zip(shape, strides).reversed() where axis != 1 {
      if stride != expected { return false }
      expected *= axis
    }
    return true
  }
}
