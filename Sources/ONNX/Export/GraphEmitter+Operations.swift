internal import Tensor

extension GraphEmitter {
  func emit(
    _ operation: TracedGraph.Operation, index: Int, range: ConvolutionRange?
  ) throws(ONNXExportError) {
    let (inputs, output) = (operation.inputs, operation.output)
    let first = inputs.first ?? output
    let layout = self.layout(of: first)
    func same(_ name: String) { setName(name, of: output, layout) }

    switch operation.kind {
    case .convolution(let stride, let padding, let paddingX, let dilation, let groups):
      let weight = trace.values[inputs[1]].shape
      let settings: KeyValuePairs<String, ONNXGraph.Attribute> = [
        "kernel_shape": .ints(Array(weight[2...])), "strides": .ints([stride, stride]),
        "pads": .ints([padding, paddingX, padding, paddingX]), "dilations": .ints([dilation, dilation]),
        "group": .int(groups),
      ]
      if let range, let name = quantized(inputs, range, settings) {
        setName(name, of: output, .channelsFirst)
      } else {
        let operands = [name(first, .channelsFirst)] + inputs.dropFirst().map { name($0, .plain) }
        setName(graph.add("Conv", operands, settings), of: output, .channelsFirst)
      }

    case .unary(let function): same(apply(function, to: name(first, layout)))

    case .binary(let function): emit(function, inputs, output)

    case .affine(let scale, let offset):
      var result = name(first, layout)
      if scale != 1 { result = graph.add("Mul", [result, graph.scalar(scale)]) }
      if offset != 0 { result = graph.add("Add", [result, graph.scalar(offset)]) }
      same(result)

    case .sum(let axes):
      same(graph.reduce("ReduceSum", name(first, layout), axes: axes.map { axis($0, in: layout) }.sorted()))

    case .mean(let axes):
      same(graph.reduce("ReduceMean", name(first, layout), axes: axes.map { axis($0, in: layout) }.sorted()))

    case .channelMaximum:
      same(graph.reduce("ReduceMax", name(first, layout), axes: [axis(rank(first) - 1, in: layout)]))

    case .softmax:
      same(graph.add("Softmax", [name(first, layout)], ["axis": .int(axis(rank(first) - 1, in: layout))]))

    case .matrixProduct(let transposeLeft, let transposeRight, let scale):
      func operand(_ value: Int, _ transposed: Bool) -> String {
        var order = Array(0..<rank(value))
        if transposed { order.swapAt(order.count - 1, order.count - 2) }
        let name = name(value, .plain)
        return transposed ? graph.transpose(name, order) : name
      }
      var result = graph.add(
        "MatMul", [operand(inputs[0], transposeLeft), operand(inputs[1], transposeRight)])
      if scale != 1 { result = graph.add("Mul", [result, graph.scalar(scale)]) }
      setName(result, of: output, .plain)

    case .maxPool(let kernel, let stride, let padding):
      let result = graph.add(
        "MaxPool", [name(first, .channelsFirst)],
        [
          "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
          "pads": .ints([padding, padding, padding, padding]),
        ])
      setName(result, of: output, .channelsFirst)

    case .upsample(let factor):
      let isHalf = graph.isHalf
      graph.isHalf = false
      let scales = graph.constant([1, 1, Float(factor), Float(factor)], dims: [4], name: "scales")
      graph.isHalf = isHalf
      let result = graph.add(
        "Resize", [name(first, .channelsFirst), "", scales],
        [
          "mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"),
          "nearest_mode": .string("floor"),
        ])
      setName(result, of: output, .channelsFirst)

    case .attention(let heads, let keyChannels, let valueChannels):
      try emitAttention(operation, heads: heads, keyChannels: keyChannels, valueChannels: valueChannels)

    case .reshape:
      let shape = try shape(extents(output), from: extents(first), scope: operation.scope)
      setName(graph.add("Reshape", [flatName(first), shape]), of: output, .plain)

    case .transpose(let order):
      let source = order.map { axis($0, in: layout) }
      let name = name(first, layout)
      let isTrivial = source == Array(source.indices)
      setName(isTrivial ? name : graph.transpose(name, source), of: output, .plain)

    case .slice(let axis, _, _): try emitSlice(operation, index: index, axis: axis)

    case .concatenation:
      let wanted: Layout = inputs.contains { self.layout(of: $0) == .channelsFirst } ? .channelsFirst : .plain
      let last = self.axis(rank(output) - 1, in: wanted)
      setName(graph.concatenate(inputs.map { name($0, wanted) }, axis: last), of: output, wanted)
    }
  }

  private func apply(_ function: Activation, to input: String) -> String {
    switch function {
    case .identity: return input
    case .silu: return graph.add("Mul", [input, graph.add("Sigmoid", [input])])
    case .sigmoid: return graph.add("Sigmoid", [input])
    case .relu: return graph.add("Relu", [input])
    case .hardSwish:
      if graph.opset >= 14 { return graph.add("HardSwish", [input]) }
      return graph.add("Mul", [input, apply(.hardSigmoid, to: input)])
    case .hardSigmoid:
      return graph.add("HardSigmoid", [input], ["alpha": .float(1 / 6), "beta": .float(0.5)])
    case .gelu:
      if graph.opset >= 20 { return graph.add("Gelu", [input]) }
      let erf = graph.add("Erf", [graph.add("Mul", [input, graph.scalar(Float(0.5).squareRoot())])])
      let half = graph.add("Mul", [input, graph.scalar(0.5)])
      return graph.add("Mul", [half, graph.add("Add", [erf, graph.scalar(1)])])
    case .tanh: return graph.add("Tanh", [input])
    case .exp: return graph.add("Exp", [input])
    case .log: return graph.add("Log", [input])
    case .sqrt: return graph.add("Sqrt", [input])
    case .square: return graph.add("Mul", [input, input])
    case .abs: return graph.add("Abs", [input])
    case .softplus: return graph.add("Softplus", [input])
    case .leakyReLU: return graph.add("LeakyRelu", [input], ["alpha": .float(0.01)])
    }
  }

  // MARK: Two operands

  private func emit(_ function: BinaryOperation, _ inputs: [Int], _ output: Int) {
    let type =
      switch function {
      case .add: "Add"
      case .subtract: "Sub"
      case .multiply: "Mul"
      case .divide: "Div"
      case .maximum: "Max"
      case .minimum: "Min"
      }
    let isMap = rank(output) == 4 && inputs.contains { self.layout(of: $0) == .channelsFirst }
    let layout: Layout = isMap ? .channelsFirst : .plain
    let operands = inputs.map { isMap ? mapOperand($0) : name($0, .plain) }
    setName(graph.add(type, operands), of: output, layout)
  }

  /// An operand with the channels first that may have fewer axes than the other.
  private func mapOperand(_ value: Int) -> String {
    let rank = rank(value)
    if rank == 4 { return name(value, .channelsFirst) }
    let missing = [Int](repeating: 1, count: 4 - rank)
    if case .constant(let tensor) = trace.values[value].origin {
      let whole = tensor.dense()
      let map = whole.reshaped(missing + tensor.shape).permuted([0, 3, 1, 2])
      return graph.constant(map, dims: map.shape, name: "constant")
    }
    // Leading axes of extent 1, then the channels to the front.
    var name = name(value, .plain)
    if !missing.isEmpty { name = graph.add("Unsqueeze", [name, graph.ints(Array(missing.indices))]) }
    return graph.transpose(name, [0, 3, 1, 2])
  }

  // MARK: Parts

  private func emitSlice(
    _ operation: TracedGraph.Operation, index: Int, axis: Int
  ) throws(ONNXExportError) {
    let value = operation.inputs[0]
    let layout = self.layout(of: value)
    var (starts, ends): (Extent, Extent) = ([], [])
    for trace in traces {
      guard case .slice(_, let start, let end) = trace.operations[index].kind else { continue }
      starts.append(start)
      ends.append(end)
    }
    let end = ends == extents(value)[axis] && !isFixed(ends) ? graph.ints([Int.max]) : number(ends)
    guard let start = number(starts), let end else {
      throw .dependsOnSize(layer: operation.scope, reason: "cuts a tensor where no other ends")
    }
    let axes = graph.ints([self.axis(axis, in: layout)])
    setName(
      graph.add("Slice", [name(value, layout), start, end, axes]), of: operation.output, layout)
  }

  // MARK: Attention

  private func emitAttention(
    _ operation: TracedGraph.Operation, heads: Int, keyChannels: Int, valueChannels: Int
  ) throws(ONNXExportError) {
    let map = name(operation.inputs[0], .channelsFirst)
    let packed = graph.reshape(map, [0, heads, 2 * keyChannels + valueChannels, -1])
    let parts = graph.add(
      "Split", [packed, graph.ints([keyChannels, keyChannels, valueChannels])], results: 3,
      ["axis": .int(2)])
    let scale = 1 / Float(keyChannels).squareRoot()
    let queries = graph.add("Mul", [graph.transpose(parts[0], [0, 1, 3, 2]), graph.scalar(scale)])
    let weights = graph.add("Softmax", [graph.add("MatMul", [queries, parts[1]])], ["axis": .int(-1)])
    let values = graph.add("MatMul", [parts[2], graph.transpose(weights, [0, 1, 3, 2])])
    let extents = extents(operation.output)
    let shape = try shape(
      [extents[0], extents[3], extents[1], extents[2]], from: [extents[0]], scope: operation.scope)
    setName(graph.add("Reshape", [values, shape]), of: operation.output, .channelsFirst)
  }
}
