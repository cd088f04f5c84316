extension Tensor {
  /// Maximum over square windows of `[batch, height, width, channels]`; padding never wins.
  public func maxPooled(kernel: Int, stride: Int = 1, padding: Int = 0, at place: OutputPlace? = nil)
    -> Tensor
  {
    precondition(shape.count == 4, "maxPool of \(shape)")
    let pool = PoolGeometry(
      batch: shape[0], height: shape[1], width: shape[2], channels: channels, kernel: kernel, stride: stride,
      padding: padding)
    let result = Tensor(uninitialized: pool.outputShape, precision, on: device, at: place)
    let engine = device.engine
    let winners = engine.maxPool(pool, input: detached, to: result, keepWinners: needsGradient)
    guard let winners else { return result }
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) { engine.maxPoolGradient(pool, gradient: gradient, winners: winners, to: $0) }
    }
  }

  /// Repeats each position `factor` times in both directions.
  public func upsampledNearest(factor: Int, at place: OutputPlace? = nil) -> Tensor {
    precondition(shape.count == 4 && factor > 0, "upsample of \(shape) by \(factor)")
    let result = Tensor(
      uninitialized: [shape[0], shape[1] * factor, shape[2] * factor, channels], precision, on: device,
      at: place)
    let engine = device.engine
    engine.upsampleNearest(detached, factor: factor, to: result)
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) { engine.upsampleNearestGradient(gradient, factor: factor, to: $0) }
    }
  }
}
