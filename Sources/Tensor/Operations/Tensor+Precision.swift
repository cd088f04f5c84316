extension Tensor {
  /// The same numbers in another format; itself if it is that already. The gradient comes back in this tensor's own.
  public func converted(to precision: Precision) -> Tensor {
    if precision == self.precision { return self }
    let result = Tensor(uninitialized: shape, precision, on: device)
    device.engine.copy(detached, to: result)
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) { gradient.device.engine.copy(gradient, to: $0) }
    }
  }

  /// The format that loses nothing of any.
  package static func commonPrecision(_ tensors: [Tensor]) -> Precision {
    tensors.allSatisfy { $0.precision == .bfloat16 } ? .bfloat16 : .float32
  }

  /// For operations that work on 32-bit floats alone.
  package var wide: Tensor { converted(to: .float32) }
}
