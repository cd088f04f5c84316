extension ElementType {
  /// Numbers from bytes; nil unless the elements are real numbers.
  ///
  /// - Parameter bytes: little endian, a whole number of elements, at any alignment.
  package func floats(_ bytes: UnsafeRawBufferPointer) -> [Float]? {
    let count = bytes.count / size
    switch self {
    case .f32: return Self.converted(bytes, count, Float.self) { $0 }
    case .f64: return Self.converted(bytes, count, Double.self) { Float($0) }
    case .bf16: return Self.converted(bytes, count, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .f16: return Self.converted(bytes, count, UInt16.self, Self.half)
    default: return nil
    }
  }

  /// Half precision to single, in plain integer steps that compilers turn into vectors.
  @inline(__always)
  private static func half(_ stored: UInt16) -> Float {
    let bits = UInt32(stored)
    // The exponent's bias differs by 112; infinities and NaN keep the highest exponent.
    let scaled = (Float(bitPattern: (bits & 0x7FFF) << 13) * 0x1p112).bitPattern
    let special: UInt32 = bits & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
    return Float(bitPattern: scaled | special | (bits & 0x8000) << 16)
  }

  @inline(__always)
  private static func converted<Element: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ type: Element.Type, _ convert: (Element) -> Float
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        let stored = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
        buffer.initializeElement(at: index, to: convert(stored))
      }
      initialized = count
    }
  }
}
