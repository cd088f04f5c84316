extension Tensor {
  /// An operation computed on the host: losses and whatever no engine has.
  ///
  /// - Parameter body: gets the inputs' numbers (row-major), returns the result's numbers (`shape`) and each input's
  ///   gradient of the *sum* of the result; asked once. Only results of one number make sense with several.
  /// - Precondition: the result holds one number.
  public static func hostScalar(
    of inputs: [Tensor], body: ([UnsafeBufferPointer<Float>]) -> (value: Float, gradients: [[Float]])
  ) -> Tensor {
    precondition(!inputs.isEmpty, "hostScalar: no inputs")
    let device = inputs[0].device
    func borrow(_ index: Int, _ lent: [UnsafeBufferPointer<Float>]) -> (value: Float, gradients: [[Float]]) {
      index == inputs.count ? body(lent) : inputs[index].withHostValues { borrow(index + 1, lent + [$0]) }
    }
    let (value, gradients) = borrow(0, [])
    let shapes = inputs.map(\.shape)
    return Tensor([value], shape: [1], on: device).recorded(from: inputs) { gradient, writer in
      let factor = gradient.scalar
      for (index, numbers) in gradients.enumerated() where writer.wants(index) {
        let local = Tensor(numbers, shape: shapes[index], on: device)
        if factor != 1 { device.engine.affine(local, scale: factor, offset: 0, to: local) }
        writer.add(to: index, existing: local, shared: false)
      }
    }
  }
}
