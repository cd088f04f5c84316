/// One recorded operation: how its output's gradient becomes its inputs' gradients.
package final class GraphNode {
  let sequence: UInt64
  let shape: [Int]
  let precision: Precision
  let device: Device
  /// Nodes of the inputs, nil for those that need no gradient. Freed as the tape is walked.
  var inputs: [GraphNode?]
  /// Called once with the whole gradient.
  var backward: ((_ gradient: Tensor, _ inputs: GradientWriter) -> Void)?
  /// For a slice of channels: whose, and from where.
  let slice: (parent: GraphNode, channel: Int)?
  /// For a parameter: where its gradient is added up.
  let leaf: (any GradientLeaf)?
  /// Makes the output's numbers again, with the same bits, until this node's own backward has run. Nil where the
  /// output is to be kept.
  var recompute: (() -> Tensor)?

  private(set) var gradient: Tensor?
  /// Whether `gradient` may be written to; false while another node holds the same numbers.
  private var isOwned = false
  /// While only slices have been written: the channels that hold numbers.
  private var covered: [Range<Int>]?
  private var isInPlace = false

  init(
    for output: Tensor, inputs: [GraphNode?], slice: (parent: GraphNode, channel: Int)? = nil,
    leaf: (any GradientLeaf)? = nil, backward: ((_ gradient: Tensor, _ inputs: GradientWriter) -> Void)? = nil
  ) {
    self.sequence = output.device.sequence()
    self.shape = output.shape
    self.precision = output.precision
    self.device = output.device
    self.inputs = inputs
    self.slice = slice
    self.leaf = leaf
    self.backward = backward
  }

  /// Adds to the gradient numbers that `write` puts into the tensor it is given.
  func add(_ write: (Tensor) -> Void) {
    settleSlices()
    guard let present = gradient else {
      let destination =
        leaf?.claim() ?? placeInParent() ?? Tensor(uninitialized: shape, precision, on: device)
      write(destination)
      gradient = destination
      isOwned = true
      return
    }
    let more = Tensor(uninitialized: shape, precision, on: device)
    write(more)
    join(present, more)
  }

  /// Adds `numbers` to the gradient; they are kept, not copied, where possible, and not written to if `shared`.
  func add(existing numbers: Tensor, shared: Bool) {
    if numbers.precision != precision { return add { device.engine.copy(numbers, to: $0) } }
    settleSlices()
    if let present = gradient {
      if isOwned {
        device.engine.accumulate(numbers, into: present)
      } else if !shared {
        device.engine.accumulate(present, into: numbers)
        gradient = numbers
        isOwned = true
      } else {
        let sum = Tensor(uninitialized: shape, precision, on: device)
        device.engine.binary(.add, present, numbers, to: sum)
        gradient = sum
        isOwned = true
      }
    } else if leaf != nil || slice != nil {
      add { device.engine.copy(numbers, to: $0) }
    } else {
      gradient = numbers
      isOwned = !shared
    }
  }

  private func join(_ present: Tensor, _ more: Tensor) {
    if isOwned {
      device.engine.accumulate(more, into: present)
    } else {
      device.engine.accumulate(present, into: more)
      gradient = more
      isOwned = true
    }
  }

  // MARK: Slices

  /// For a slice whose channels of the parent hold nothing yet: those channels themselves.
  private func placeInParent() -> Tensor? {
    guard let (parent, channel) = slice, let view = parent.reserve(channel..<(channel + (shape.last ?? 1)))
    else {
      return nil
    }
    isInPlace = true
    return view
  }

  private func reserve(_ channels: Range<Int>) -> Tensor? {
    if gradient == nil {
      gradient = placeInParent() ?? Tensor(uninitialized: shape, precision, on: device)
      isOwned = true
      covered = []
    }
    guard let present = gradient, let taken = covered, !taken.contains(where: { $0.overlaps(channels) })
    else {
      return nil
    }
    covered?.append(channels)
    return present.channelView(channels)
  }

  /// Hands a slice's finished gradient to its parent.
  private func giveToParent(_ numbers: Tensor) {
    guard !isInPlace, let (parent, channel) = slice else { return }
    let channels = channel..<(channel + (shape.last ?? 1))
    if let view = parent.reserve(channels) {
      device.engine.copy(numbers, to: view)
    } else {
      parent.settleSlices()
      parent.makeOwned()
      if let whole = parent.gradient { device.engine.accumulate(numbers, into: whole.channelView(channels)) }
    }
  }

  private func makeOwned() {
    guard !isOwned, let present = gradient else { return }
    let copy = Tensor(uninitialized: shape, precision, on: device)
    device.engine.copy(present, to: copy)
    gradient = copy
    isOwned = true
  }

  /// Channels that no slice wrote have a gradient of zero.
  private func settleSlices() {
    guard let taken = covered, let present = gradient else { return }
    covered = nil
    var next = 0
    for range in taken.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { device.engine.fill(present.channelView(next..<range.lowerBound), 0) }
      next = max(next, range.upperBound)
    }
    let channels = shape.last ?? 1
    if next < channels { device.engine.fill(present.channelView(next..<channels), 0) }
  }

  // MARK: Walking

  /// Passes the gradient on and lets go of everything held.
  func propagate() {
    defer {
      backward = nil
      recompute = nil
      inputs = []
      gradient = nil
    }
    settleSlices()
    guard let gradient else { return }
    leaf?.finish(gradient)
    if slice != nil {
      giveToParent(gradient)
    } else if let backward {
      self.gradient = nil
      backward(gradient, GradientWriter(nodes: inputs, gradientIsOwned: isOwned))
    }
  }
}

/// Where a parameter's gradient is added up over backward passes.
package protocol GradientLeaf: AnyObject {
  /// Memory for the first gradient since it was cleared, or nil if there is a gradient to add to.
  func claim() -> Tensor?
  /// Takes the gradient of one backward pass; it may already lie in the claimed memory.
  func finish(_ gradient: Tensor)
}
