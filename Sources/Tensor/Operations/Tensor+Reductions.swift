extension Tensor {
  /// Sum over one axis, which stays with extent 1.
  public func sum(axis: Int) -> Tensor {
    precondition(shape.indices.contains(axis), "sum: axis \(axis) of \(shape)")
    let source = wide.dense()
    var reduced = shape
    reduced[axis] = 1
    let result = Tensor(uninitialized: reduced, on: device)
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    device.engine.sumMiddle(source.detached, outer: outer, middle: shape[axis], inner: inner, to: result)
    let full = shape
    return result.recorded(from: [source]) { gradient, inputs in
      inputs.add(to: 0) { destination in
        var strides = gradient.dense().elementStrides
        strides[axis] = 0
        let spread = Tensor(uninitialized: full, on: gradient.device)
        gradient.device.engine.copy(gradient.dense(), strides: strides, to: spread)
        gradient.device.engine.copy(spread, to: destination)
      }
    }
  }

  public func mean(axis: Int) -> Tensor { sum(axis: axis).affine(scale: 1 / Float(max(1, shape[axis]))) }

  /// Sum of all numbers, shape `[1]`.
  public func sum() -> Tensor { reshaped([count, 1]).sum(axis: 0).reshaped([1]) }

  public func mean() -> Tensor { sum().affine(scale: 1 / Float(max(1, count))) }

  /// `[batch, height, width, channels]` to `[batch, 1, 1, channels]`: global average pooling.
  public func spatialMean() -> Tensor {
    precondition(shape.count == 4, "spatialMean of \(shape)")
    let (batch, positions) = (shape[0], shape[1] * shape[2])
    return reshaped([batch, positions, channels]).mean(axis: 1).reshaped([batch, 1, 1, channels])
  }

  /// The largest number along the last axis, which stays with extent 1; a tie's gradient goes to the first.
  ///
  /// - Precondition: the last axis is not empty.
  public func channelMaximum() -> Tensor {
    precondition(channels > 0, "channelMaximum of \(shape)")
    if precision != .float32 { return wide.channelMaximum() }
    let result = Tensor(uninitialized: shape.dropLast() + [1], on: device)
    device.engine.rowMaximum(detached, to: result)
    let input = detached
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) { input.device.engine.rowMaximumGradient(input: input, gradient: gradient, to: $0) }
    }
  }

  /// exp(x) / Σ exp(x) over the last axis.
  public func softmax() -> Tensor {
    if precision != .float32 { return wide.softmax() }
    let result = Tensor(uninitialized: shape, on: device)
    device.engine.softmax(detached, to: result)
    let output = result
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) { output.device.engine.softmaxGradient(output: output, gradient: gradient, to: $0) }
    }
  }
}
