internal import Tensor

extension GraphEmitter {
  /// A convolution on 8-bit integers: whole numbers in, weights by output channel, whole numbers out, each with the
  /// scale that says what they stand for.
  ///
  /// Source: Jacob et al., Quantization and Training of Neural Networks, arXiv:1712.05877.
  ///
  /// - Returns: nil if the weight is not known.
  func quantized(
    _ inputs: [Int], _ range: ConvolutionRange, _ settings: KeyValuePairs<String, ONNXGraph.Attribute>
  ) -> String? {
    guard case .constant(let weight) = trace.values[inputs[1]].origin else { return nil }
    var biases: [Float]?
    if inputs.count > 2 {
      guard case .constant(let bias) = trace.values[inputs[2]].origin else { return nil }
      biases = bias.copyToHost()
    }
    let source = AffineQuantizer(range.input)
    let numbers = weight.copyToHost()
    let channels = weight.shape[0]
    let perChannel = max(1, numbers.count / max(1, channels))
    var scales: [Float] = []
    var steps: [Int8] = []
    steps.reserveCapacity(numbers.count)
    for channel in 0..<channels {
      let run = numbers[(channel * perChannel)..<((channel + 1) * perChannel)]
      // Rounded up to the smallest normal number, so that a channel of zeros divides by something.
      let scale = max(run.reduce(0) { max($0, abs($1)) } / 127, .leastNormalMagnitude * 0x1p24)
      scales.append(scale)
      for number in run {
        steps.append(Int8(max(-127, min(127, (number / scale).rounded(.toNearestOrEven)))))
      }
    }

    let input = passing(name(inputs[0], .channelsFirst), source)
    let weightName = graph.add(
      "DequantizeLinear",
      [
        graph.constant(steps, dims: weight.shape, name: "weight_quantized"),
        graph.constant(scales, dims: [channels], name: "weight_scale"),
        graph.constant([Int8](repeating: 0, count: channels), dims: [channels], name: "weight_zero"),
      ], ["axis": .int(0)])
    var operands = [input, weightName]
    if let biases {
      let biasScales = scales.map { max($0 * source.scale, .leastNormalMagnitude) }
      let limit = Float(1 << 30)
      let whole = zip(biases, biasScales).map { bias, scale in
        Int32(max(-limit, min(limit, (bias / scale).rounded(.toNearestOrEven))))
      }
      operands.append(
        graph.add(
          "DequantizeLinear",
          [
            graph.constant(whole, dims: [channels], name: "bias_quantized"),
            graph.constant(biasScales, dims: [channels], name: "bias_scale"),
            graph.constant([Int32](repeating: 0, count: channels), dims: [channels], name: "bias_zero"),
          ], ["axis": .int(0)]))
    }
    return passing(graph.add("Conv", operands, settings), AffineQuantizer(range.output))
  }

  /// To 8-bit integers and back.
  private func passing(_ input: String, _ quantizer: AffineQuantizer) -> String {
    let scale = graph.scalar(quantizer.scale)
    let zero = graph.constant([quantizer.zero], dims: [], name: "zero_point")
    let steps = graph.add("QuantizeLinear", [input, scale, zero])
    return graph.add("DequantizeLinear", [steps, scale, zero])
  }
}

/// Numbers as `scale · (step - zero)`, steps from -128 to 127.
struct AffineQuantizer: Equatable {
  let scale: Float
  let zero: Int8

  /// Zero itself is always exact, as padding is made of it.
  init(_ range: ClosedRange<Float>) {
    let (low, high) = (min(range.lowerBound, 0), max(range.upperBound, 0))
    guard low.isFinite, high.isFinite, high > low else {
      (scale, zero) = (1, 0)
      return
    }
    scale = max((high - low) / 255, .leastNormalMagnitude)
    zero = Int8(max(-128, min(127, (-128 - low / scale).rounded(.toNearestOrEven))))
  }
}
