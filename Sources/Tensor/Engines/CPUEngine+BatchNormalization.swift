import Kernels

extension CPUEngine {
  public func batchNormalization(
    _ input: Tensor, _ normalization: BatchNormalization, to output: Tensor
  ) -> NormalizationRecord {
    let channels = input.channels
    let device = input.device
    // One block holds mean, 1/σ, factor and term, a quarter each.
    let block = Tensor(uninitialized: [4, channels], on: device)
    let parts = (0..<4).map { part in
      Tensor(
        shape: [channels], device: device, storage: block.storage, offset: block.offset + part * channels)
    }
    let record = NormalizationRecord(
      mean: parts[0], inverseDeviation: parts[1], factor: parts[2], term: parts[3])
    withScratch(channels) { variance in
      let mean = record.mean.cpu
      pl_channel_statistics(
        input.precision.kernel, input.rows, channels, input.address, input.rowStride, mean, variance)
      let (inverse, factor, term) = (record.inverseDeviation.cpu, record.factor.cpu, record.term.cpu)
      let (scale, shift) = (normalization.scale.cpu, normalization.shift.cpu)
      for c in 0..<channels {
        inverse[c] = 1 / (variance[c] + normalization.epsilon).squareRoot()
        factor[c] = scale[c] * inverse[c]
        term[c] = shift[c] - mean[c] * factor[c]
      }
      if let running = normalization.runningMean, let runningVariance = normalization.runningVariance {
        let keep = 1 - normalization.momentum
        let rows = Float(input.rows)
        let unbiased = rows > 1 ? rows / (rows - 1) : 1
        for c in 0..<channels {
          running.cpu[c] = keep * running.cpu[c] + normalization.momentum * mean[c]
          runningVariance.cpu[c] =
            keep * runningVariance.cpu[c] + normalization.momentum * variance[c] * unbiased
        }
      }
    }
    normalize(input, record, normalization.activation, to: output)
    return record
  }

  public func normalize(
    _ input: Tensor, _ record: NormalizationRecord, _ activation: Activation, to output: Tensor
  ) {
    pl_scale_shift_activate(
      input.precision.kernel, activation.kernel, input.rows, input.channels, input.address, input.rowStride,
      record.factor.cpu, record.term.cpu, output.address, output.rowStride)
  }

  public func batchNormalizationGradient(
    input: Tensor, gradient: Tensor, record: NormalizationRecord, activation: Activation,
    to inputGradient: Tensor,
    scaleGradient: Tensor, shiftGradient: Tensor
  ) {
    let channels = input.channels
    let (mean, inverse, factor) = (record.mean.cpu, record.inverseDeviation.cpu, record.factor.cpu)
    pl_normalize_activate_reduce(
      input.precision.kernel, activation.kernel, input.rows, channels, input.address, input.rowStride,
      gradient.address, gradient.rowStride, factor, record.term.cpu, mean, shiftGradient.cpu,
      scaleGradient.cpu)
    withScratch(2 * channels) { scratch in
      let (a, b) = (scratch, scratch + channels)
      let rows = Float(input.rows)
      for c in 0..<channels {
        // scaleGradient holds Σ d · (x − mean) here
        let sum = scaleGradient.cpu[c]
        a[c] = -factor[c] * inverse[c] * inverse[c] * sum / rows
        b[c] = -factor[c] * shiftGradient.cpu[c] / rows
        scaleGradient.cpu[c] = sum * inverse[c]
      }
      pl_normalize_activate_apply(
        input.precision.kernel, activation.kernel, input.rows, channels, input.address, input.rowStride,
        gradient.address, gradient.rowStride, factor, record.term.cpu, mean, a, b, inputGradient.address,
        inputGradient.rowStride)
    }
  }
}
