internal import ONNXProto
internal import Tensor

/// Numbers of a graph that are known before it runs: weights, shapes, scalars.
package struct ONNXTensor {
  package enum ElementType: Sendable {
    case float, half, int8, int32, int64

    var code: Int32 {
      switch self {
      case .float: Int32(Onnx_TensorProto.DataType.float.rawValue)
      case .half: Int32(Onnx_TensorProto.DataType.float16.rawValue)
      case .int8: Int32(Onnx_TensorProto.DataType.int8.rawValue)
      case .int32: Int32(Onnx_TensorProto.DataType.int32.rawValue)
      case .int64: Int32(Onnx_TensorProto.DataType.int64.rawValue)
      }
    }

    package var size: Int {
      switch self {
      case .int8: 1
      case .half: 2
      case .float, .int32: 4
      case .int64: 8
      }
    }
  }

  enum Content {
    /// Where the numbers are already: row-major, written as they lie.
    case tensor(Tensor)
    case floats([Float])
    case int8([Int8])
    case int32([Int32])
    case int64([Int64])
  }

  package var name: String
  package var dims: [Int]
  package var type: ElementType
  var content: Content

  package var byteCount: Int { dims.reduce(type.size, *) }

  /// Hands the bytes over, little endian and in row-major order, without a copy where they lie so already.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    switch content {
    case .tensor(let tensor): try tensor.withHostValues { try Self.write($0, as: type, body) }
    case .floats(let values): try values.withUnsafeBufferPointer { try Self.write($0, as: type, body) }
    case .int8(let values): try values.withUnsafeBytes(body)
    case .int32(let values): try values.withUnsafeBytes(body)
    case .int64(let values): try values.withUnsafeBytes(body)
    }
  }

  private static func write(
    _ values: UnsafeBufferPointer<Float>, as type: ElementType,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    if type == .float { return try body(UnsafeRawBufferPointer(values)) }
    // Infinity would poison what it meets; the largest half does less harm.
    let limit = Float(Float16.greatestFiniteMagnitude)
    let halves = values.map { Float16(min(max($0, -limit), limit)) }
    try halves.withUnsafeBytes(body)
  }
}
