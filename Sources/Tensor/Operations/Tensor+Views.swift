extension Tensor {
  /// Some channels of each row, without a place on the tape.
  package func channelView(_ channels: Range<Int>) -> Tensor {
    precondition(
      channels.lowerBound >= 0 && channels.upperBound <= self.channels,
      "channel slice \(channels) of \(self.channels) channels")
    return Tensor(
      shape: shape.dropLast() + [channels.count], device: device, storage: storage,
      offset: offset + channels.lowerBound, rowStride: rowStride, precision: precision)
  }

  /// Some entries of the last axis, as a view; its gradient flows into those entries.
  public func slice(channels: Range<Int>) -> Tensor {
    var view = channelView(channels)
    if let node {
      view.node = GraphNode(for: view, inputs: [], slice: (node, channels.lowerBound))
    }
    return view
  }

  /// Cuts the last axis into parts of the given sizes, as views.
  ///
  /// - Precondition: sizes add up to the last axis.
  public func split(_ sizes: [Int]) -> [Tensor] {
    precondition(sizes.reduce(0, +) == channels, "split: \(sizes) of \(channels) channels")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return slice(channels: start..<(start + size))
    }
  }

  /// One image of a batch, or a run of them, as a view without a place on the tape.
  public func images(_ range: Range<Int>) -> Tensor {
    let perImage = shape.dropFirst().dropLast().reduce(1, *) * rowStride
    return Tensor(
      shape: [range.count] + shape.dropFirst(), device: device, storage: storage,
      offset: offset + range.lowerBound * perImage, rowStride: rowStride, precision: precision)
  }

  /// The same numbers in dense rows; itself if they are.
  public func dense() -> Tensor {
    if isDense { return self }
    let result = Tensor(uninitialized: shape, precision, on: device)
    device.engine.copy(detached, to: result)
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0, existing: gradient, shared: !inputs.gradientIsOwned)
    }
  }

  /// The same numbers under another shape.
  ///
  /// - Precondition: the shapes hold equally many numbers.
  public func reshaped(_ newShape: [Int]) -> Tensor {
    precondition(newShape.reduce(1, *) == count, "reshape: \(shape) to \(newShape)")
    let source = dense()
    let view = source.reinterpreted(newShape)
    let oldShape = shape
    return view.recorded(from: [source]) { gradient, inputs in
      let packed = gradient.dense()
      inputs.add(
        to: 0,
        existing: packed.reinterpreted(oldShape),
        shared: !inputs.gradientIsOwned)
    }
  }

  /// A dense tensor's numbers under another shape, without a place on the tape.
  private func reinterpreted(_ newShape: [Int]) -> Tensor {
    Tensor(shape: newShape, device: device, storage: storage, offset: offset, precision: precision)
  }

  /// The axes in another order: result axis i is axis `order[i]`.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(0..<shape.count), "permute: \(order) of \(shape)")
    if precision != .float32 { return wide.permuted(order) }
    let strides = elementStrides
    let result = Tensor(uninitialized: order.map { shape[$0] }, on: device)
    device.engine.copy(detached, strides: order.map { strides[$0] }, to: result)
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0, existing: gradient.detached.permuted(inverse), shared: false)
    }
  }

  /// Elements from one entry to the next along each axis.
  package var elementStrides: [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = rowStride
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }
}
