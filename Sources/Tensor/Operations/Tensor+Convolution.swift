/// How a convolution slides: everything a weight's shape does not say.
public struct ConvolutionOptions: Hashable, Sendable {
  public var stride: Int
  /// Rows and columns of zeros on each side; `paddingX` overrides it for columns.
  public var padding: Int
  public var paddingX: Int?
  public var dilation: Int
  public var groups: Int

  public init(stride: Int = 1, padding: Int = 0, paddingX: Int? = nil, dilation: Int = 1, groups: Int = 1) {
    self.stride = stride
    self.padding = padding
    self.paddingX = paddingX
    self.dilation = dilation
    self.groups = groups
  }
}

extension Tensor {
  package func convolutionGeometry(weight: [Int], _ options: ConvolutionOptions) -> ConvolutionGeometry {
    precondition(shape.count == 4 && weight.count == 4, "convolution: input \(shape), weight \(weight)")
    precondition(
      weight[1] * options.groups == channels && weight[0] % options.groups == 0,
      "convolution: input \(shape), weight \(weight), \(options.groups) groups")
    let geometry = ConvolutionGeometry(
      batch: shape[0], height: shape[1], width: shape[2], inChannels: channels, outChannels: weight[0],
      kernelHeight: weight[2], kernelWidth: weight[3], stride: options.stride, padding: options.padding,
      paddingX: options.paddingX, dilation: options.dilation, groups: options.groups)
    precondition(
      geometry.outHeight > 0 && geometry.outWidth > 0,
      "convolution: input \(shape) is smaller than weight \(weight)")
    return geometry
  }

  /// Convolution of `[batch, height, width, in]` with `[out, in / groups, kernelHeight, kernelWidth]`.
  ///
  /// - Parameter bias: `[out]`.
  /// - Parameter activation: applied to the result; recorded only where no gradient is needed, otherwise use
  ///   `applying(_:)`.
  /// - Parameter weightVersion: lets the engine keep its own copy of a weight that stays as it is.
  /// - Parameter precision: of the result, where it is not to be this tensor's.
  /// - Parameter place: where the result is to lie; it need not.
  ///
  /// Weight and bias are 32-bit floats; an engine may round the weight to this tensor's precision.
  public func convolution(
    weight: Tensor, bias: Tensor? = nil, _ options: ConvolutionOptions = ConvolutionOptions(),
    activation: Activation = .identity, weightVersion: WeightVersion? = nil, precision: Precision? = nil,
    at place: OutputPlace? = nil
  ) -> Tensor {
    let geometry = convolutionGeometry(weight: weight.shape, options)
    let needsTape = node != nil || weight.node != nil || bias?.node != nil
    let isWhole = !needsTape || activation == .identity
    let result = Tensor(
      uninitialized: geometry.outputShape, precision ?? self.precision, on: device, at: isWhole ? place : nil)
    device.engine.convolution(
      geometry, input: detached, weight: weight.detached, bias: bias?.detached,
      activation: needsTape ? .identity : activation, to: result, weightVersion: weightVersion)
    guard needsTape else { return result }
    let (input, w, inputPrecision) = (SavedTensor(self), weight.detached, self.precision)
    let recorded = result.recorded(from: [self, weight] + (bias.map { [$0] } ?? [])) { gradient, inputs in
      let engine = w.device.engine
      if bias != nil, inputs.wants(2) { inputs.add(to: 2) { engine.channelSums(gradient, to: $0) } }
      let gradient = gradient.converted(to: inputPrecision)
      if inputs.wants(1) {
        inputs.add(to: 1) {
          engine.convolutionWeightGradient(geometry, input: input.tensor, gradient: gradient, to: $0)
        }
      }
      if inputs.wants(0) {
        inputs.add(to: 0) { engine.convolutionInputGradient(geometry, gradient: gradient, weight: w, to: $0) }
      }
    }
    return recorded.applying(activation)
  }

  /// Convolution, batch normalisation by the batch's own statistics, and activation as one operation.
  ///
  /// Keeps only the convolution's output and per-channel numbers; its gradient recomputes the rest. A large result is
  /// not kept either by convolutions that take it: from those numbers one pass over the memory makes it again.
  ///
  /// - Parameter place: where the result is to lie; it need not.
  public func convolutionNormalized(
    weight: Tensor, _ options: ConvolutionOptions, normalization: BatchNormalization,
    at place: OutputPlace? = nil
  ) -> Tensor {
    let geometry = convolutionGeometry(weight: weight.shape, options)
    let raw = Tensor(uninitialized: geometry.outputShape, precision, on: device)
    let engine = device.engine
    engine.convolution(
      geometry, input: detached, weight: weight.detached, bias: nil, activation: .identity, to: raw,
      weightVersion: nil)
    let result = Tensor(uninitialized: geometry.outputShape, precision, on: device, at: place)
    let record = engine.batchNormalization(raw, normalization.detached, to: result)
    let (input, w) = (SavedTensor(self), weight.detached)
    let activation = normalization.activation
    let recorded = result.recorded(from: [self, weight, normalization.scale, normalization.shift]) {
      gradient, inputs in
      inputs.addNormalization(scale: 2, shift: 3, channels: raw.channels, device: raw.device) {
        engine.batchNormalizationGradient(
          input: raw, gradient: gradient, record: record, activation: activation, to: raw, scaleGradient: $0,
          shiftGradient: $1)
      }
      if inputs.wants(1) {
        inputs.add(to: 1) {
          engine.convolutionWeightGradient(geometry, input: input.tensor, gradient: raw, to: $0)
        }
      }
      if inputs.wants(0) {
        inputs.add(to: 0) { engine.convolutionInputGradient(geometry, gradient: raw, weight: w, to: $0) }
      }
    }
    if place == nil, result.count * precision.byteCount >= Self.leastRecomputed {
      recorded.node?.recompute = {
        let again = Tensor(uninitialized: geometry.outputShape, raw.precision, on: raw.device)
        engine.normalize(raw, record, activation, to: again)
        return again
      }
    }
    return recorded
  }

  /// Bytes from which on a normalised convolution's result is made again rather than kept: far more than caches hold,
  /// so that the pass costs no more than reading what would have been kept, and only where memory matters.
  private static let leastRecomputed = 32 << 20

  /// Batch normalisation over all axes but the last, by the batch's own statistics, and activation.
  public func batchNormalized(_ normalization: BatchNormalization) -> Tensor {
    let result = Tensor(uninitialized: shape, precision, on: device)
    let engine = device.engine
    let input = detached
    let record = engine.batchNormalization(input, normalization.detached, to: result)
    let activation = normalization.activation
    return result.recorded(from: [self, normalization.scale, normalization.shift]) { gradient, inputs in
      let inputGradient = Tensor(uninitialized: input.shape, input.precision, on: input.device)
      inputs.addNormalization(scale: 1, shift: 2, channels: input.channels, device: input.device) {
        engine.batchNormalizationGradient(
          input: input, gradient: gradient, record: record, activation: activation, to: inputGradient,
          scaleGradient: $0, shiftGradient: $1)
      }
      inputs.add(to: 0, existing: inputGradient, shared: false)
    }
  }
}

extension BatchNormalization {
  fileprivate var detached: BatchNormalization {
    var copy = self
    copy.scale = scale.detached
    copy.shift = shift.detached
    return copy
  }
}

extension GradientWriter {
  fileprivate func addNormalization(
    scale: Int, shift: Int, channels: Int, device: Device, _ compute: (Tensor, Tensor) -> Void
  ) {
    let scaleGradient = Tensor(uninitialized: [channels], on: device)
    let shiftGradient = Tensor(uninitialized: [channels], on: device)
    compute(scaleGradient, shiftGradient)
    add(to: scale, existing: scaleGradient, shared: false)
    add(to: shift, existing: shiftGradient, shared: false)
  }
}
