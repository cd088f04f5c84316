import Tensor

extension ParameterOwner {
  /// Runs `body` while all numbers stand on another device, in the memory they are in: so that every operation on them
  /// goes to that device's engine.
  ///
  /// - Parameter device: one whose engine can tell this memory from its own.
  /// - Precondition: the numbers have their memory.
  package func lendingState<Result>(
    to device: Device, _ body: () throws -> Result
  ) rethrows -> Result {
    let states = namedState()
    var originals: [(state: NamedState, storage: ParameterStorage?, buffer: Tensor?)] = []
    defer {
      for original in originals {
        switch original.state.kind {
        case .parameter(let parameter): parameter.storage = original.storage
        case .buffer(let buffer): buffer.storage = original.buffer
        }
      }
    }
    for state in states {
      switch state.kind {
      case .parameter(let parameter):
        originals.append((state, parameter.storage, nil))
        if let storage = parameter.storage, let store = storage.store {
          parameter.storage = ParameterStorage(
            value: storage.value.standing(on: device), gradient: storage.gradient, store: store)
        }
      case .buffer(let buffer):
        originals.append((state, nil, buffer.storage))
        buffer.storage = buffer.storage?.standing(on: device)
      }
    }
    return try body()
  }
}

extension Tensor {
  fileprivate func standing(on device: Device) -> Tensor {
    Tensor(
      shape: shape, device: device, storage: storage, offset: offset, rowStride: rowStride,
      precision: precision)
  }
}
