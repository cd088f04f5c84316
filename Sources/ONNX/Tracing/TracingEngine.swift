package import Tensor

/// An engine that records what it is asked for instead of computing it.
///
/// What does not depend on the input is computed at once, by the portable engine, and becomes a constant. Tensors that
/// depend on it have no memory. What cannot be recorded is noted as a fault; the pass then goes on.
package final class TracingEngine {
  /// Something that has no counterpart in a graph.
  package struct Fault: Hashable, Sendable {
    package var scope: String
    package var reason: String
  }

  package private(set) var graph = TracedGraph()
  package private(set) var faults: [Fault] = []
  /// The part of the model that runs.
  package var scope = ""
  /// Where constants are computed.
  let host = Device.openBLAS()
  private weak var device: Device?
  /// Memory that is real though its tensors stand on this device.
  private var lent: Set<ObjectIdentifier> = []
  private var cells: [ObjectIdentifier: Cell] = [:]
  private var constants: [TensorPlace: Int] = [:]
  private var known: [OperationKey: Int] = [:]

  package init() {}

  /// What is in the memory that a storage would have.
  private final class Cell {
    /// Kept, so that no other storage takes its identity.
    let storage: Storage
    var whole: Int?
    var pieces: [Piece] = []
    /// Of a constant.
    var numbers: Tensor?

    init(_ storage: Storage) { self.storage = storage }
  }

  /// A run of channels of every row.
  private struct Piece {
    var place: Tensor
    var value: Int
  }

  private struct TensorPlace: Hashable {
    var storage: ObjectIdentifier
    var offset: Int
    var shape: [Int]
    var rowStride: Int

    init(_ tensor: Tensor) {
      storage = ObjectIdentifier(tensor.storage)
      offset = tensor.offset
      shape = tensor.shape
      rowStride = tensor.rowStride
    }
  }

  private struct OperationKey: Hashable {
    var kind: TracedGraph.Kind
    var inputs: [Int]
    var shape: [Int]
  }

  // MARK: The recording

  /// Forgets what was recorded. Memory that was lent stays so, and constants stay, which layers may have kept.
  package func restart() {
    graph = TracedGraph()
    cells = cells.filter { $0.value.numbers != nil }
    constants = [:]
    known = [:]
    faults = []
  }

  /// The device whose tensors have no memory. One serves for several recordings, so that layers may keep what they
  /// prepare for it.
  package func makeDevice() -> Device {
    let made = Device(engine: self, pool: ShapeEngine().device().pool)
    device = made
    return made
  }

  /// Declares memory with numbers in it, such as a model's parameters.
  package func lend(_ tensor: Tensor) { lent.insert(ObjectIdentifier(tensor.storage)) }

  /// The input: a tensor that everything else follows from.
  ///
  /// - Parameter device: what `makeDevice` gave.
  package func input(shape: [Int], on device: Device) -> Tensor {
    let tensor = Tensor(uninitialized: shape, on: device)
    graph.values.append(TracedGraph.Value(shape: shape, origin: .input))
    write(graph.values.count - 1, to: tensor)
    return tensor
  }

  func fault(_ reason: String) {
    let fault = Fault(scope: scope, reason: reason)
    if !faults.contains(fault) { faults.append(fault) }
  }

  /// Adds an operation, or finds the same one.
  func record(_ kind: TracedGraph.Kind, _ inputs: [Int], shape: [Int]) -> Int {
    let key = OperationKey(kind: kind, inputs: inputs, shape: shape)
    // Convolutions keep their order and number: calibration counts them.
    if case .convolution = kind {} else if let value = known[key] { return value }
    let value = graph.values.count
    graph.values.append(TracedGraph.Value(shape: shape, origin: .operation(graph.operations.count)))
    graph.operations.append(TracedGraph.Operation(kind: kind, inputs: inputs, output: value, scope: scope))
    known[key] = value
    return value
  }

  func shape(of value: Int) -> [Int] { graph.values[value].shape }

  // MARK: Memory

  /// The tensor's numbers in host memory, if they do not depend on the input.
  func constant(_ tensor: Tensor) -> Tensor? {
    let identity = ObjectIdentifier(tensor.storage)
    if tensor.device !== device || lent.contains(identity) {
      let numbers = tensor.device === device || tensor.device.engine.sharesHostMemory
      guard numbers else { return Tensor(tensor.copyToHost(), shape: tensor.shape, on: host) }
      return on(tensor, tensor.storage)
    }
    guard let numbers = cells[identity]?.numbers else { return nil }
    return on(tensor, numbers.storage)
  }

  private func on(_ tensor: Tensor, _ storage: Storage) -> Tensor {
    Tensor(
      shape: tensor.shape, device: host, storage: storage, offset: tensor.offset, rowStride: tensor.rowStride,
      precision: tensor.precision)
  }

  private func value(ofConstant tensor: Tensor) -> Int {
    let place = TensorPlace(tensor)
    if let value = constants[place] { return value }
    graph.values.append(TracedGraph.Value(shape: tensor.shape, origin: .constant(tensor)))
    constants[place] = graph.values.count - 1
    return graph.values.count - 1
  }

  /// Notes what a tensor holds from now on.
  func write(_ value: Int, to tensor: Tensor) {
    let cell = cell(of: tensor)
    cell.numbers = nil
    if tensor.offset == 0, tensor.rowStride == tensor.channels {
      cell.whole = value
      cell.pieces = []
    } else {
      cell.whole = nil
      cell.pieces.append(Piece(place: tensor, value: reshaped(value, tensor.shape)))
    }
  }

  /// Computes a constant.
  func compute(_ output: Tensor, _ body: (Tensor) -> Void) {
    let numbers = Tensor(uninitialized: output.shape, on: host)
    body(numbers)
    if output.offset == 0, output.rowStride == output.channels {
      let cell = cell(of: output)
      (cell.whole, cell.pieces, cell.numbers) = (nil, [], numbers)
    } else {
      write(value(ofConstant: numbers), to: output)
    }
  }

  private func cell(of tensor: Tensor) -> Cell {
    let identity = ObjectIdentifier(tensor.storage)
    if let cell = cells[identity] { return cell }
    let cell = Cell(tensor.storage)
    cells[identity] = cell
    return cell
  }

  // MARK: Reading

  /// The value that a tensor's memory holds as a whole, whatever its shape is called; nil for parts of memory.
  func flat(_ tensor: Tensor) -> Int {
    if constant(tensor) == nil, tensor.offset == 0, tensor.rowStride == tensor.channels,
      let whole = whole(tensor), shape(of: whole).reduce(1, *) == tensor.count
    {
      return whole
    }
    return value(of: tensor)
  }

  /// The value of a tensor, in its shape.
  func value(of tensor: Tensor) -> Int {
    if let numbers = constant(tensor) { return value(ofConstant: numbers) }
    guard let whole = whole(tensor) else {
      fault("reads numbers that nothing has written")
      return record(.reshape, [], shape: tensor.shape)
    }
    let count = shape(of: whole).reduce(1, *)
    let row = tensor.rowStride
    if tensor.offset == 0, row == tensor.channels, count == tensor.count {
      return reshaped(whole, tensor.shape)
    }
    return view(tensor, of: whole, count: count)
  }

  /// Some rows, and some channels of each.
  private func view(_ tensor: Tensor, of whole: Int, count: Int) -> Int {
    let row = max(1, tensor.rowStride)
    let lead = Array(tensor.shape.dropLast())
    let (channel, firstRow) = (tensor.offset % row, tensor.offset / row)
    let perImage = max(1, lead.dropFirst().reduce(1, *))
    guard count % row == 0, (count / row) % perImage == 0, firstRow % perImage == 0,
      channel + tensor.channels <= row
    else {
      fault("takes a part of a tensor that is neither channels nor images")
      return record(.reshape, [whole], shape: tensor.shape)
    }
    var value = whole
    let images = count / row / perImage
    if tensor.rows != count / row {
      value = reshaped(value, [images] + lead.dropFirst() + [row])
      let first = firstRow / perImage
      value = slice(value, axis: 0, first..<(first + (lead.first ?? 1)))
    } else {
      value = reshaped(value, lead + [row])
    }
    return slice(value, axis: lead.count, channel..<(channel + tensor.channels))
  }

  private func slice(_ value: Int, axis: Int, _ range: Range<Int>) -> Int {
    var shape = shape(of: value)
    if range == 0..<shape[axis] { return value }
    shape[axis] = range.count
    return record(
      .slice(axis: axis, start: range.lowerBound, end: range.upperBound), [value], shape: shape)
  }

  func reshaped(_ value: Int, _ newShape: [Int]) -> Int {
    if shape(of: value) == newShape { return value }
    if case .operation(let index) = graph.values[value].origin, graph.operations[index].kind == .reshape,
      let source = graph.operations[index].inputs.first
    {
      return reshaped(source, newShape)
    }
    if case .constant(let tensor) = graph.values[value].origin {
      return self.value(ofConstant: tensor.reshaped(newShape))
    }
    return record(.reshape, [value], shape: newShape)
  }

  /// What a storage holds, joined from what was written to parts of it.
  private func whole(_ tensor: Tensor) -> Int? {
    guard let cell = cells[ObjectIdentifier(tensor.storage)] else { return nil }
    if let whole = cell.whole { return whole }
    let pieces = cell.pieces.sorted { $0.place.offset < $1.place.offset }
    guard let first = pieces.first?.place else { return nil }
    var next = 0
    for piece in pieces {
      guard piece.place.offset == next, piece.place.rowStride == first.rowStride,
        piece.place.shape.dropLast() == first.shape.dropLast()
      else {
        fault("writes parts of a tensor that are not channels side by side")
        return nil
      }
      next += piece.place.channels
    }
    guard next == first.rowStride else {
      fault("reads channels that nothing has written")
      return nil
    }
    let whole = record(
      .concatenation, pieces.map(\.value), shape: first.shape.dropLast() + [first.rowStride])
    cell.whole = whole
    return whole
  }
}
