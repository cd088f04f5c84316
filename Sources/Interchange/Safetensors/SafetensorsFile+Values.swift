extension SafetensorsFile {
  /// A tensor of real numbers, converted to `Float` where it is stored otherwise.
  ///
  /// - Returns: the shape and the values in C order.
  public func floats(named name: String) throws(SafetensorsError) -> (shape: [Int], values: [Float]) {
    let (type, shape) = try checkedDescription(of: name)
    switch type {
    case .f32:
      return (shape, try values(of: name, as: Float.self))
    case .f64:
      return (shape, try values(of: name, as: Double.self).map { Float($0) })
    case .f16:
      return (shape, try values(of: name, as: UInt16.self).map { Float(Float16(bitPattern: $0)) })
    case .bf16:
      return (shape, try values(of: name, as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) })
    default:
      throw SafetensorsError(
        file: path, tensor: name, problem: .wrongType(found: type, wanted: "real numbers"))
    }
  }

  /// A tensor of real numbers in double precision.
  public func doubles(named name: String) throws(SafetensorsError) -> (shape: [Int], values: [Double]) {
    if let (type, shape) = description(of: name), type == .f64 {
      return (shape, try values(of: name, as: Double.self))
    }
    let (shape, values) = try floats(named: name)
    return (shape, values.map { Double($0) })
  }

  /// A tensor of integers or truth values (then 0 and 1).
  ///
  /// - Returns: the shape and the values in C order.
  public func ints(named name: String) throws(SafetensorsError) -> (shape: [Int], values: [Int]) {
    let (type, shape) = try checkedDescription(of: name)
    switch type {
    case .i64: return (shape, try values(of: name, as: Int64.self).map { Int($0) })
    case .i32: return (shape, try values(of: name, as: Int32.self).map { Int($0) })
    case .i16: return (shape, try values(of: name, as: Int16.self).map { Int($0) })
    case .i8: return (shape, try values(of: name, as: Int8.self).map { Int($0) })
    case .u64:
      return (
        shape,
        try values(of: name, as: UInt64.self).map { (value) throws(SafetensorsError) in
          guard let number = Int(exactly: value) else {
            throw SafetensorsError(
              file: path, tensor: name, problem: .wrongType(found: type, wanted: "integers below 2^63"))
          }
          return number
        }
      )
    case .u32: return (shape, try values(of: name, as: UInt32.self).map { Int($0) })
    case .u16: return (shape, try values(of: name, as: UInt16.self).map { Int($0) })
    case .u8: return (shape, try values(of: name, as: UInt8.self).map { Int($0) })
    case .bool: return (shape, try values(of: name, as: UInt8.self).map { $0 == 0 ? 0 : 1 })
    default:
      throw SafetensorsError(file: path, tensor: name, problem: .wrongType(found: type, wanted: "integers"))
    }
  }

  private func checkedDescription(of name: String) throws(SafetensorsError) -> (ElementType, [Int]) {
    guard let (type, shape) = description(of: name) else {
      throw SafetensorsError(file: path, tensor: name, problem: .noSuchTensor)
    }
    return (type, shape)
  }

  /// The bytes as elements of one type, which must be as wide as the stored one. Hosts are little endian.
  private func values<Element: BitwiseCopyable>(
    of name: String, as type: Element.Type
  ) throws(SafetensorsError) -> [Element] {
    let (stored, shape) = try checkedDescription(of: name)
    precondition(stored.size == MemoryLayout<Element>.size, "element width")
    let count = shape.reduce(1, *)
    var failure: SafetensorsError?
    let values = [Element](unsafeUninitializedCapacity: count) { buffer, initialised in
      do throws(SafetensorsError) {
        try read(
          name, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[0..<count])))
        initialised = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }
}
