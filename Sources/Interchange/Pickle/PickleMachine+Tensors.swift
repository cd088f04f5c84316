extension PickleMachine {
  /// `("storage", type, key, device, elements)`.
  mutating func pushStorage() throws(PickleError) {
    guard case .tuple(let place) = try pop(), document.tuples[place].count == 5,
      case .string("storage") = document.tuples[place][0], case .global(let name) = document.tuples[place][1],
      case .string(let key) = document.tuples[place][2], case .int(let count) = document.tuples[place][4]
    else { throw failure(.badTensor("a reference to numbers outside is not as PyTorch writes it")) }
    guard case .storage(let type) = document.globals[name].meaning else {
      throw failure(.badTensor("'\(document.globals[name].text)' is no kind of storage"))
    }
    guard count >= 0, TensorShape.byteCount([count], elementSize: type.size) != nil else {
      throw failure(.badTensor("a storage has \(count) elements"))
    }
    stack.append(.storage(document.storages.count))
    document.storages.append(PickleStorage(type: type, key: key, count: count))
  }

  /// `(storage, offset, shape, strides, requires_grad, hooks)`.
  mutating func pushTensor(_ arguments: [PickleValue]) throws(PickleError) {
    guard arguments.count >= 4, case .storage(let index) = arguments[0], case .int(let offset) = arguments[1],
      let shape = axes(arguments[2]), let strides = axes(arguments[3])
    else { throw failure(.badTensor("a tensor is not as PyTorch writes it")) }
    let storage = document.storages[index]
    guard shape.count == strides.count, shape.count <= Self.maximumAxes else {
      throw failure(.badTensor("a tensor has \(shape.count) axes and \(strides.count) strides"))
    }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw failure(
        .badTensor("a tensor has negative sizes: shape \(shape), strides \(strides), offset \(offset)"))
    }
    guard let count = TensorShape.byteCount(shape, elementSize: 1), count <= storage.count else {
      throw failure(
        .badTensor("a tensor of shape \(shape) has more elements than its storage, \(storage.count)"))
    }
    guard count == 0 || Self.lastElement(offset, shape, strides).map({ $0 < storage.count }) ?? false,
      offset <= storage.count
    else {
      throw failure(
        .badTensor(
          "a tensor reaches beyond its storage of \(storage.count) elements: shape \(shape), strides \(strides), "
            + "offset \(offset)"))
    }
    stack.append(.tensor(document.tensors.count))
    document.tensors.append(PickleTensor(storage: index, offset: offset, shape: shape, strides: strides))
  }

  private func axes(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let place) = value, document.tuples[place].count <= Self.maximumAxes else { return nil }
    var axes: [Int] = []
    for case .int(let axis) in document.tuples[place] { axes.append(axis) }
    return axes.count == document.tuples[place].count ? axes : nil
  }

  /// Nil where it does not fit into an integer.
  private static func lastElement(_ offset: Int, _ shape: [Int], _ strides: [Int]) -> Int? {
    var last = offset
    for (axis, stride) in zip(shape, strides) {
      let (reach, overflow) = (axis - 1).multipliedReportingOverflow(by: stride)
      let (next, tooFar) = last.addingReportingOverflow(reach)
      if overflow || tooFar { return nil }
      last = next
    }
    return last
  }
}
