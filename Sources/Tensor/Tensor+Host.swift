extension Tensor {
  /// A copy of all numbers in row-major order.
  public func copyToHost() -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      device.engine.download(self, to: buffer)
      initialized = count
    }
  }

  /// Lends all numbers, in row-major order, for the time of the call; copies only where they are not dense 32-bit floats
  /// in host memory.
  public func withHostValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
  {
    if device.engine.sharesHostMemory && isDense && precision == .float32 {
      return try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(start: cpu, count: count)) }
    }
    return try copyToHost().withUnsafeBufferPointer(body)
  }

  /// Lends memory for all numbers, in row-major order, to be overwritten in the time of the call; copies only where
  /// they are not dense 32-bit floats in host memory.
  ///
  /// - Precondition: nothing else uses this tensor's numbers. `body` writes all of them; before, they are arbitrary.
  public func overwriteOnHost<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    if device.engine.sharesHostMemory && isDense && precision == .float32 {
      return try withExtendedLifetime(storage) {
        try body(UnsafeMutableBufferPointer(start: cpu, count: count))
      }
    }
    return try withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
      let result = try body(values)
      copyFromHost(UnsafeBufferPointer(values))
      return result
    }
  }

  /// Overwrites the numbers, in row-major order.
  ///
  /// - Precondition: `values.count == count`.
  public func copyFromHost(_ values: UnsafeBufferPointer<Float>) {
    precondition(values.count == count, "Tensor: \(values.count) values for shape \(shape)")
    device.engine.upload(values, to: self)
  }

  /// The one number of a tensor that holds one.
  public var scalar: Float {
    precondition(count == 1, "Tensor: scalar of shape \(shape)")
    return copyToHost()[0]
  }
}
