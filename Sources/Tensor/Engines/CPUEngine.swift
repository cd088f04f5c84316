import Kernels

/// An engine on host memory. All but the convolutions has a shared implementation here, so a CPU engine brings
/// only what it does better.
public protocol CPUEngine: Engine {}

extension CPUEngine {
  public var sharesHostMemory: Bool { true }

  public func fill(_ output: Tensor, _ value: Float) {
    pl_fill_rows(
      output.precision.kernel, output.rows, output.channels, value, output.address, output.rowStride)
  }

  public func upload(_ values: UnsafeBufferPointer<Float>, to output: Tensor) {
    guard let source = values.baseAddress, output.count > 0 else { return }
    let copy = output.precision == .float32 ? pl_copy_rows : pl_convert_rows
    copy(
      PL_FLOAT32, output.rows, output.channels, source, output.channels, output.address, output.rowStride)
  }

  public func uploadUnitRange(_ bytes: UnsafeBufferPointer<UInt8>, to output: Tensor) {
    guard let source = bytes.baseAddress else { return }
    precondition(output.isDense, "uploadUnitRange: rows apart")
    pl_bytes_to_unit(output.precision.kernel, bytes.count, source, output.address)
  }

  public func download(_ input: Tensor, to values: UnsafeMutableBufferPointer<Float>) {
    guard let target = values.baseAddress, input.count > 0 else { return }
    let copy = input.precision == .float32 ? pl_copy_rows : pl_convert_rows
    copy(
      input.precision.kernel, input.rows, input.channels, input.address, input.rowStride, target,
      input.channels)
  }

  public func copy(_ input: Tensor, to output: Tensor) {
    let copy = input.precision == output.precision ? pl_copy_rows : pl_convert_rows
    copy(
      input.precision.kernel, input.rows, input.channels, input.address, input.rowStride, output.address,
      output.rowStride)
  }

  public func copy(_ input: Tensor, strides: [Int], to output: Tensor) {
    if output.shape.isEmpty {
      output.cpu[0] = input.cpu[0]
    } else {
      pl_copy_strided(Int32(output.shape.count), output.shape, input.cpu, strides, output.cpu)
    }
  }

  /// Lends memory of 32-bit floats for an output of another format, and rounds what `body` wrote.
  package func withWide(_ output: Tensor, _ body: (Tensor) -> Void) {
    if output.precision == .float32 { return body(output) }
    let result = Tensor(uninitialized: output.shape, on: output.device)
    body(result)
    copy(result, to: output)
  }

  public func unary(_ function: Activation, _ input: Tensor, to output: Tensor) {
    pl_unary_forward(
      input.precision.kernel, function.kernel, input.rows, input.channels, input.address, input.rowStride,
      output.address, output.rowStride)
  }

  public func unaryGradient(_ function: Activation, input: Tensor, gradient: Tensor, to output: Tensor) {
    pl_unary_backward(
      input.precision.kernel, function.kernel, input.rows, input.channels, input.address, input.rowStride,
      gradient.address, gradient.rowStride, output.address, output.rowStride)
  }

  public func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, to output: Tensor) {
    if a.shape == b.shape {
      pl_binary_rows(
        a.precision.kernel, operation.kernel, a.rows, a.channels, a.address, a.rowStride, b.address,
        b.rowStride, output.address, output.rowStride)
    } else {
      let rank = output.shape.count
      pl_binary_broadcast(
        operation.kernel, Int32(rank), output.shape, a.cpu, a.broadcastStrides(rank: rank), b.cpu,
        b.broadcastStrides(rank: rank), output.cpu)
    }
  }

  public func affine(_ input: Tensor, scale: Float, offset: Float, to output: Tensor) {
    pl_affine_rows(
      input.rows, input.channels, scale, offset, input.cpu, input.rowStride, output.cpu, output.rowStride)
  }

  public func accumulate(_ addend: Tensor, into sum: Tensor) {
    let addend = addend.converted(to: sum.precision)
    pl_accumulate_rows(
      sum.precision.kernel, sum.rows, sum.channels, sum.address, sum.rowStride, addend.address,
      addend.rowStride)
  }

  public func sumMiddle(_ input: Tensor, outer: Int, middle: Int, inner: Int, to output: Tensor) {
    pl_sum_middle(outer, middle, inner, input.cpu, output.cpu)
  }

  public func rowMaximum(_ input: Tensor, to output: Tensor) {
    pl_max_rows(input.rows, input.channels, input.cpu, input.rowStride, output.cpu)
  }

  public func rowMaximumGradient(input: Tensor, gradient: Tensor, to inputGradient: Tensor) {
    pl_max_rows_backward(
      input.rows, input.channels, input.cpu, input.rowStride, gradient.cpu, gradient.rowStride,
      inputGradient.cpu, inputGradient.rowStride)
  }

  public func softmax(_ input: Tensor, to output: Tensor) {
    pl_softmax_rows(input.rows, input.channels, input.cpu, input.rowStride, output.cpu, output.rowStride)
  }

  public func softmaxGradient(output: Tensor, gradient: Tensor, to inputGradient: Tensor) {
    pl_softmax_rows_backward(
      output.rows, output.channels, output.cpu, output.rowStride, gradient.cpu, gradient.rowStride,
      inputGradient.cpu, inputGradient.rowStride)
  }

  public func channelSums(_ input: Tensor, to sums: Tensor) {
    pl_channel_sums(
      input.precision.kernel, input.rows, input.channels, input.address, input.rowStride, sums.cpu)
  }

  public func maxPool(
    _ pool: PoolGeometry, input: Tensor, to output: Tensor, keepWinners: Bool
  ) -> PoolWinners? {
    // One byte a winner, kept in memory of the pool.
    let winners = keepWinners ? output.device.allocate(elements: (output.count + 3) / 4) : nil
    pl_max_pool(
      input.precision.kernel, pool.kernelShape(inStride: input.rowStride, outStride: output.rowStride),
      input.address, output.address, winners?.address.assumingMemoryBound(to: UInt8.self))
    return winners.map { PoolWinners(storage: $0) }
  }

  public func maxPoolGradient(
    _ pool: PoolGeometry, gradient: Tensor, winners: PoolWinners, to inputGradient: Tensor
  ) {
    pl_max_pool_backward(
      gradient.precision.kernel,
      pool.kernelShape(inStride: inputGradient.rowStride, outStride: gradient.rowStride), gradient.address,
      gradient.rowStride, winners.storage.address.assumingMemoryBound(to: UInt8.self), inputGradient.address,
      inputGradient.rowStride)
  }

  public func upsampleNearest(_ input: Tensor, factor: Int, to output: Tensor) {
    pl_upsample_nearest(
      input.precision.kernel, input.shape[0], input.shape[1], input.shape[2], input.channels, factor,
      input.address, input.rowStride, output.address, output.rowStride)
  }

  public func upsampleNearestGradient(_ gradient: Tensor, factor: Int, to inputGradient: Tensor) {
    let shape = inputGradient.shape
    pl_upsample_nearest_backward(
      gradient.precision.kernel, shape[0], shape[1], shape[2], shape[3], factor, gradient.address,
      gradient.rowStride, inputGradient.address, inputGradient.rowStride)
  }

  public func sumOfSquares(_ input: Tensor) -> Double {
    precondition(input.isDense, "sumOfSquares: rows apart")
    return pl_sum_of_squares(input.count, input.cpu)
  }

  public func hasNonFinite(_ input: Tensor) -> Bool {
    precondition(input.isDense, "hasNonFinite: rows apart")
    return pl_any_not_finite(input.count, input.cpu) != 0
  }

  public func sgdStep(_ step: SGDStep, weights: Tensor, gradients: Tensor, momentum: Tensor) {
    pl_sgd_step(
      weights.count, weights.cpu, gradients.cpu, momentum.cpu, step.gradientScale, step.learningRate,
      step.momentum,
      step.decay, step.nesterov ? 1 : 0, step.isFirst ? 1 : 0)
  }

  public func adamStep(_ step: AdamStep, weights: Tensor, gradients: Tensor, first: Tensor, second: Tensor) {
    pl_adam_step(
      weights.count, weights.cpu, gradients.cpu, first.cpu, second.cpu, step.gradientScale, step.learningRate,
      step.beta1, step.beta2, step.epsilon, step.decay, step.decoupled ? 1 : 0, Double(step.step))
  }

  public func rmspropStep(
    _ step: RMSpropStep, weights: Tensor, gradients: Tensor, velocity: Tensor, squares: Tensor, mean: Tensor?
  ) {
    pl_rmsprop_step(
      weights.count, weights.cpu, gradients.cpu, velocity.cpu, squares.cpu, mean?.cpu, step.gradientScale,
      step.learningRate, step.momentum, step.smoothing, step.epsilon, step.decay)
  }

  public func lionStep(_ step: LionStep, weights: Tensor, gradients: Tensor, momentum: Tensor) {
    pl_lion_step(
      weights.count, weights.cpu, gradients.cpu, momentum.cpu, step.gradientScale, step.learningRate,
      step.beta1,
      step.beta2, step.decay)
  }

  public func exponentialMovingAverage(_ average: Tensor, toward values: Tensor, decay: Float) {
    pl_ema_step(average.count, average.cpu, values.cpu, decay)
  }
}

extension Precision {
  package var kernel: pl_format { self == .float32 ? PL_FLOAT32 : PL_BFLOAT16 }
}

extension Tensor {
  /// Strides that repeat the tensor over axes where it has extent 1 or none.
  fileprivate func broadcastStrides(rank: Int) -> [Int] {
    let missing = [Int](repeating: 0, count: rank - shape.count)
    return missing + zip(shape, elementStrides).map { extent, stride in extent == 1 ? 0 : stride }
  }
}

extension PoolGeometry {
  fileprivate func kernelShape(inStride: Int, outStride: Int) -> pl_pool_shape {
    pl_pool_shape(
      batch: batch, height: height, width: width, channels: channels, out_height: outHeight,
      out_width: outWidth,
      kernel: kernel, stride: stride, padding: padding, in_stride: inStride, out_stride: outStride)
  }
}
