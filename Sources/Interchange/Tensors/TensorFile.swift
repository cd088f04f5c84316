/// An open file of named tensors, whatever its format.
public protocol TensorFile: AnyObject, Sendable {
  /// The path, or the name given to bytes in memory; errors begin with it.
  var path: String { get }

  /// The tensors' names.
  var names: [String] { get }

  /// Element type and shape of a tensor; nil if the file has none of that name.
  func description(of name: String) -> (type: ElementType, shape: [Int])?

  /// A tensor's raw bytes: little endian, C order.
  func tensor(named name: String) throws -> (type: ElementType, shape: [Int], bytes: [UInt8])

  /// A tensor of real numbers, converted to `Float` where it is stored otherwise.
  ///
  /// - Returns: the shape and the values in C order.
  func floats(named name: String) throws -> (shape: [Int], values: [Float])
}

extension SafetensorsFile: TensorFile {}
