internal import Tensor

/// Writes recorded passes as operators.
///
/// Maps are `[batch, channels, height, width]` in ONNX, so each value of rank 4 may exist in two orders of axes: as
/// recorded (`plain`) and with the channels first. Transpositions are written only where an operation needs the other
/// order than its input has.
///
/// With several recordings, of inputs of different sizes, numbers that differ between them are sizes: each is read from
/// the shape of a value that has it in all of them.
final class GraphEmitter {
  enum Layout: Hashable {
    case plain
    case channelsFirst
  }

  /// An axis's extent in each of the recordings.
  typealias Extent = [Int]

  let graph: ONNXGraph
  let traces: [TracedGraph]
  var trace: TracedGraph { traces[0] }
  /// Of each convolution in their order; nil writes plain ones.
  let quantization: [ConvolutionRange]?
  private var names: [Layout: [Int: String]] = [:]
  /// Values whose shapes can be read, in the order they came to be.
  private var readable: [(value: Int, layout: Layout)] = []
  private var convolutionCount = 0

  /// - Throws: where the recordings differ in more than sizes.
  init(_ traces: [TracedGraph], graph: ONNXGraph, quantization: [ConvolutionRange]? = nil)
    throws(ONNXExportError)
  {
    self.traces = traces
    self.graph = graph
    self.quantization = quantization
    for other in traces.dropFirst() { try Self.compare(traces[0], other) }
  }

  // MARK: Several recordings

  private static func compare(_ a: TracedGraph, _ b: TracedGraph) throws(ONNXExportError) {
    for (x, y) in zip(a.operations, b.operations) {
      guard x.inputs == y.inputs, x.output == y.output, areAlike(x.kind, y.kind) else {
        throw .dependsOnSize(layer: x.scope, reason: "does other things for other image sizes")
      }
      for input in x.inputs {
        if case .constant(let one) = a.values[input].origin {
          guard case .constant(let two) = b.values[input].origin, areEqual(one, two) else {
            throw .dependsOnSize(layer: x.scope, reason: "uses numbers that change with the image size")
          }
        }
      }
    }
    guard a.operations.count == b.operations.count, a.values.count == b.values.count else {
      throw .dependsOnSize(layer: "the model", reason: "does other things for other image sizes")
    }
  }

  private static func areAlike(_ a: TracedGraph.Kind, _ b: TracedGraph.Kind) -> Bool {
    if case .slice(let x, _, _) = a, case .slice(let y, _, _) = b { return x == y }
    return a == b
  }

  private static func areEqual(_ a: Tensor, _ b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    if a.storage === b.storage, a.offset == b.offset, a.rowStride == b.rowStride { return true }
    return a.copyToHost() == b.copyToHost()
  }

  /// The extents of a value's axes.
  func extents(_ value: Int) -> [Extent] {
    trace.values[value].shape.indices.map { axis in traces.map { $0.values[value].shape[axis] } }
  }

  func isFixed(_ extent: Extent) -> Bool { extent.allSatisfy { $0 == extent[0] } }

  // MARK: Names

  func setName(_ name: String, of value: Int, _ layout: Layout) {
    if names[layout]?[value] == nil { readable.append((value, layout)) }
    names[layout, default: [:]][value] = name
  }

  func rank(_ value: Int) -> Int { trace.values[value].shape.count }

  func isConstant(_ value: Int) -> Bool {
    if case .constant = trace.values[value].origin { true } else { false }
  }

  /// The order that a value exists in, channels first where it does in both.
  func layout(of value: Int) -> Layout { names[.channelsFirst]?[value] == nil ? .plain : .channelsFirst }

  /// The name of a value in one order of axes; what brings it there is written on demand.
  func name(_ value: Int, _ layout: Layout) -> String {
    if let name = names[layout]?[value] { return name }
    let made: String
    if case .constant(let tensor) = trace.values[value].origin {
      let wanted = layout == .plain ? tensor : tensor.permuted([0, 3, 1, 2])
      made = graph.constant(wanted.dense(), dims: wanted.shape, name: "constant")
      names[layout, default: [:]][value] = made
      return made
    }
    switch layout {
    case .plain: made = graph.transpose(name(value, .channelsFirst), [0, 2, 3, 1])
    case .channelsFirst: made = graph.transpose(name(value, .plain), [0, 3, 1, 2])
    }
    setName(made, of: value, layout)
    return made
  }

  /// The name of a value in any order whose numbers lie as those of the plain one.
  func flatName(_ value: Int) -> String {
    let extents = extents(value)
    if names[.plain]?[value] == nil, let name = names[.channelsFirst]?[value], extents.count == 4,
      extents[3] == extents[3].map({ _ in 1 }) || extents[1...2].allSatisfy({ $0.allSatisfy { $0 == 1 } })
    {
      return name
    }
    return name(value, .plain)
  }

  /// Where a recorded axis lies.
  func axis(_ axis: Int, in layout: Layout) -> Int {
    layout == .plain ? axis : [0, 2, 3, 1][axis]
  }

  // MARK: Sizes

  /// A number that is known, or read from a shape when the graph runs; as a list of one.
  ///
  /// - Returns: nil if no value has an axis of this extent.
  func number(_ extent: Extent) -> String? {
    if isFixed(extent) { return graph.ints([extent[0]]) }
    for (value, layout) in readable.reversed() {
      guard let axis = extents(value).firstIndex(of: extent), let name = names[layout]?[value] else {
        continue
      }
      return graph.extent(name, axis: self.axis(axis, in: layout))
    }
    return nil
  }

  /// A shape for `Reshape`.
  ///
  /// - Parameters:
  ///   - target: the shape.
  ///   - source: the shape of what is reshaped, in the order it is in.
  func shape(_ target: [Extent], from source: [Extent], scope: String) throws(ONNXExportError) -> String {
    var known: [Int?] = target.enumerated().map { axis, extent in
      if isFixed(extent) { return extent[0] }
      return axis < source.count && source[axis] == extent ? 0 : nil
    }
    var open = known.indices.filter { known[$0] == nil }
    // One may be left to be found: the first whose extent no shape has, else the last.
    if !open.isEmpty {
      let place = open.firstIndex { number(target[$0]) == nil } ?? open.count - 1
      known[open[place]] = -1
      open.remove(at: place)
    }
    if open.isEmpty { return graph.ints(known.compactMap { $0 }) }
    var parts: [String] = []
    for (axis, value) in known.enumerated() {
      if let value {
        parts.append(graph.ints([value]))
      } else if let name = number(target[axis]) {
        parts.append(name)
      } else {
        throw .dependsOnSize(layer: scope, reason: "gives a tensor a shape that follows from no other")
      }
    }
    return graph.concatenate(parts, axis: 0)
  }

  // MARK: Walking

  /// Writes everything that `results` need.
  func emit(_ results: [Int]) throws(ONNXExportError) {
    var needed = Set(results)
    for operation in trace.operations.reversed() where needed.contains(operation.output) {
      needed.formUnion(operation.inputs)
    }
    for (index, operation) in trace.operations.enumerated() {
      // Those that nothing needs count too.
      var range: ConvolutionRange?
      if case .convolution = operation.kind {
        range = quantization.flatMap { $0.indices.contains(convolutionCount) ? $0[convolutionCount] : nil }
        convolutionCount += 1
      }
      guard needed.contains(operation.output) else { continue }
      graph.scope = operation.scope
      try emit(operation, index: index, range: range)
    }
    graph.scope = ""
  }
}
