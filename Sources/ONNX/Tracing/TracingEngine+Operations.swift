package import Tensor

extension TracingEngine: Engine {
  package var name: String { "tracing" }
  package var sharesHostMemory: Bool { false }
  package var joinsInPlace: Bool { false }

  // MARK: Memory

  package func fill(_ output: Tensor, _ value: Float) {
    compute(output) { host.engine.fill($0, value) }
  }

  package func upload(_ values: UnsafeBufferPointer<Float>, to output: Tensor) {
    compute(output) { host.engine.upload(values, to: $0) }
  }

  package func uploadUnitRange(_ bytes: UnsafeBufferPointer<UInt8>, to output: Tensor) {
    compute(output) { host.engine.uploadUnitRange(bytes, to: $0) }
  }

  package func download(_ input: Tensor, to values: UnsafeMutableBufferPointer<Float>) {
    if let numbers = constant(input) { return host.engine.download(numbers, to: values) }
    fault("reads numbers on the host, which no graph can do; it must be made of tensor operations")
    values.update(repeating: 0)
  }

  package func copy(_ input: Tensor, to output: Tensor) {
    if let numbers = constant(input) { return compute(output) { host.engine.copy(numbers, to: $0) } }
    write(flat(input), to: output)
  }

  package func copy(_ input: Tensor, strides: [Int], to output: Tensor) {
    if let numbers = constant(input) {
      return compute(output) { host.engine.copy(numbers, strides: strides, to: $0) }
    }
    let source = input.elementStrides
    var free = Set(source.indices)
    var order: [Int] = []
    for (axis, stride) in strides.enumerated() {
      // Axes of extent 1 may stand in any order: the nearest keeps most transpositions trivial.
      let match = free.sorted().first { source[$0] == stride && input.shape[$0] == output.shape[axis] }
      guard let match else {
        fault("repeats a tensor along an axis")
        return write(record(.reshape, [value(of: input)], shape: output.shape), to: output)
      }
      free.remove(match)
      order.append(match)
    }
    write(record(.transpose(order), [value(of: input)], shape: output.shape), to: output)
  }

  // MARK: Numbers

  package func unary(_ function: Activation, _ input: Tensor, to output: Tensor) {
    if let numbers = constant(input) {
      return compute(output) { host.engine.unary(function, numbers, to: $0) }
    }
    let value = flat(input)
    write(
      function == .identity ? value : record(.unary(function), [value], shape: shape(of: value)), to: output)
  }

  package func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, to output: Tensor) {
    if let x = constant(a), let y = constant(b) {
      return compute(output) { host.engine.binary(operation, x, y, to: $0) }
    }
    if a.shape == b.shape {
      let (x, y) = (flat(a), flat(b))
      if shape(of: x) == shape(of: y) {
        return write(record(.binary(operation), [x, y], shape: shape(of: x)), to: output)
      }
    }
    write(record(.binary(operation), [value(of: a), value(of: b)], shape: output.shape), to: output)
  }

  package func affine(_ input: Tensor, scale: Float, offset: Float, to output: Tensor) {
    if let numbers = constant(input) {
      return compute(output) { host.engine.affine(numbers, scale: scale, offset: offset, to: $0) }
    }
    let value = flat(input)
    write(
      mean(value, scale: scale, offset: offset)
        ?? record(.affine(scale: scale, offset: offset), [value], shape: shape(of: value)), to: output)
  }

  /// A sum divided by what it is over is a mean, whose divisor need not be known.
  private func mean(_ value: Int, scale: Float, offset: Float) -> Int? {
    guard offset == 0, case .operation(let index) = graph.values[value].origin,
      case .sum(let axes) = graph.operations[index].kind
    else { return nil }
    let source = graph.operations[index].inputs[0]
    guard scale == 1 / Float(max(1, shape(of: source)[axes].reduce(1, *))) else { return nil }
    return record(.mean(axes: axes), [source], shape: shape(of: value))
  }

  package func accumulate(_ addend: Tensor, into sum: Tensor) { binary(.add, sum, addend, to: sum) }

  package func sumMiddle(_ input: Tensor, outer: Int, middle: Int, inner: Int, to output: Tensor) {
    if let numbers = constant(input) {
      return compute(output) {
        host.engine.sumMiddle(numbers.dense(), outer: outer, middle: middle, inner: inner, to: $0)
      }
    }
    func axes(_ shape: [Int]) -> Range<Int>? {
      for first in shape.indices.reversed() where shape[..<first].reduce(1, *) == outer {
        for end in (first + 1)...shape.count
        where shape[first..<end].reduce(1, *) == middle && shape[end...].reduce(1, *) == inner {
          return first..<end
        }
      }
      return nil
    }
    for value in [flat(input), value(of: input)] {
      var reduced = shape(of: value)
      guard let axes = axes(reduced) else { continue }
      for axis in axes { reduced[axis] = 1 }
      return write(record(.sum(axes: axes), [value], shape: reduced), to: output)
    }
    fault("adds up a part of a tensor that is no axis")
    write(record(.reshape, [value(of: input)], shape: output.shape), to: output)
  }

  package func rowMaximum(_ input: Tensor, to output: Tensor) {
    if let numbers = constant(input) { return compute(output) { host.engine.rowMaximum(numbers, to: $0) } }
    write(record(.channelMaximum, [value(of: input)], shape: output.shape), to: output)
  }

  package func softmax(_ input: Tensor, to output: Tensor) {
    if let numbers = constant(input) { return compute(output) { host.engine.softmax(numbers, to: $0) } }
    write(record(.softmax, [value(of: input)], shape: output.shape), to: output)
  }

  package func matrixProduct(_ product: MatrixProduct, _ a: Tensor, _ b: Tensor, to output: Tensor) {
    if let x = constant(a), let y = constant(b) {
      return compute(output) { host.engine.matrixProduct(product, x, y, to: $0) }
    }
    let kind = TracedGraph.Kind.matrixProduct(
      transposeLeft: product.transposeA, transposeRight: product.transposeB, scale: product.alpha)
    write(record(kind, [value(of: a), value(of: b)], shape: output.shape), to: output)
  }

  // MARK: Maps

  package func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?
  ) {
    if let x = constant(input), let w = constant(weight) {
      let b = bias.flatMap(constant)
      if bias == nil || b != nil {
        return compute(output) {
          host.engine.convolution(
            geometry, input: x, weight: w, bias: b, activation: activation, to: $0, weightVersion: nil)
        }
      }
    }
    let kind = TracedGraph.Kind.convolution(
      stride: geometry.stride, padding: geometry.padding, paddingX: geometry.paddingX,
      dilation: geometry.dilation, groups: geometry.groups)
    let inputs = [value(of: input), value(of: weight)] + (bias.map { [value(of: $0)] } ?? [])
    let plain = record(kind, inputs, shape: geometry.outputShape)
    write(
      activation == .identity ? plain : record(.unary(activation), [plain], shape: geometry.outputShape),
      to: output)
  }

  package func maxPool(_ pool: PoolGeometry, input: Tensor, to output: Tensor, keepWinners: Bool)
    -> PoolWinners?
  {
    if let numbers = constant(input) {
      compute(output) { _ = host.engine.maxPool(pool, input: numbers, to: $0, keepWinners: false) }
    } else {
      let kind = TracedGraph.Kind.maxPool(kernel: pool.kernel, stride: pool.stride, padding: pool.padding)
      write(record(kind, [value(of: input)], shape: pool.outputShape), to: output)
    }
    return nil
  }

  package func upsampleNearest(_ input: Tensor, factor: Int, to output: Tensor) {
    if let numbers = constant(input) {
      return compute(output) { host.engine.upsampleNearest(numbers, factor: factor, to: $0) }
    }
    write(record(.upsample(factor: factor), [value(of: input)], shape: output.shape), to: output)
  }

  package func attention(_ geometry: AttentionGeometry, input: Tensor, to output: Tensor, keepWeights: Bool)
    -> Tensor?
  {
    if let numbers = constant(input) {
      compute(output) { _ = host.engine.attention(geometry, input: numbers, to: $0, keepWeights: false) }
    } else {
      let kind = TracedGraph.Kind.attention(
        heads: geometry.heads, keyChannels: geometry.keyChannels, valueChannels: geometry.valueChannels)
      write(record(kind, [value(of: input)], shape: output.shape), to: output)
    }
    return nil
  }

  package func batchNormalization(
    _ input: Tensor, _ normalization: BatchNormalization, to output: Tensor
  ) -> NormalizationRecord {
    fault("normalises by the batch's own statistics, as in training")
    write(record(.reshape, [value(of: input)], shape: output.shape), to: output)
    return NormalizationRecord(
      mean: normalization.scale, inverseDeviation: normalization.scale, factor: normalization.scale,
      term: normalization.shift)
  }

  // MARK: Training, which is never recorded

  private func trains() { fault("computes gradients or trains, which has no place in an exported model") }

  package func unaryGradient(
    _ function: Activation, input: Tensor, gradient: Tensor, to output: Tensor
  ) { trains() }
  package func rowMaximumGradient(input: Tensor, gradient: Tensor, to inputGradient: Tensor) { trains() }
  package func softmaxGradient(output: Tensor, gradient: Tensor, to inputGradient: Tensor) { trains() }
  package func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor
  ) { trains() }
  package func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor
  ) { trains() }
  package func normalize(
    _ input: Tensor, _ record: NormalizationRecord, _ activation: Activation, to output: Tensor
  ) { trains() }
  package func channelSums(_ input: Tensor, to sums: Tensor) { trains() }
  package func batchNormalizationGradient(
    input: Tensor, gradient: Tensor, record: NormalizationRecord, activation: Activation,
    to inputGradient: Tensor, scaleGradient: Tensor, shiftGradient: Tensor
  ) { trains() }
  package func maxPoolGradient(
    _ pool: PoolGeometry, gradient: Tensor, winners: PoolWinners, to inputGradient: Tensor
  ) { trains() }
  package func upsampleNearestGradient(_ gradient: Tensor, factor: Int, to inputGradient: Tensor) { trains() }
  package func attentionGradient(
    _ geometry: AttentionGeometry, input: Tensor, weights: Tensor, gradient: Tensor, to inputGradient: Tensor
  ) { trains() }
  package func sumOfSquares(_ input: Tensor) -> Double {
    trains()
    return 0
  }
  package func hasNonFinite(_ input: Tensor) -> Bool {
    trains()
    return false
  }
  package func sgdStep(_ step: SGDStep, weights: Tensor, gradients: Tensor, momentum: Tensor) { trains() }
  package func adamStep(
    _ step: AdamStep, weights: Tensor, gradients: Tensor, first: Tensor, second: Tensor
  ) { trains() }
  package func rmspropStep(
    _ step: RMSpropStep, weights: Tensor, gradients: Tensor, velocity: Tensor, squares: Tensor, mean: Tensor?
  ) { trains() }
  package func lionStep(_ step: LionStep, weights: Tensor, gradients: Tensor, momentum: Tensor) { trains() }
  package func exponentialMovingAverage(_ average: Tensor, toward values: Tensor, decay: Float) { trains() }
}
