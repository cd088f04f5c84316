/// Where a parameter's gradient is added up over backward passes.
public final class GradientBuffer: GradientLeaf {
  public let tensor: Tensor
  /// True while nothing has been added since the gradients were cleared.
  public var isClear = true

  public init(_ tensor: Tensor) { self.tensor = tensor }

  package func claim() -> Tensor? {
    guard isClear else { return nil }
    isClear = false
    return tensor
  }

  package func finish(_ gradient: Tensor) {
    if gradient.storage === tensor.storage && gradient.offset == tensor.offset { return }
    if isClear {
      tensor.device.engine.copy(gradient, to: tensor)
      isClear = false
    } else {
      tensor.device.engine.accumulate(gradient, into: tensor)
    }
  }
}

extension Tensor {
  /// The same numbers as a start of the tape, whose gradient goes to `buffer`.
  public func asLeaf(_ buffer: GradientBuffer) -> Tensor {
    var result = detached
    result.node = GraphNode(for: result, inputs: [], leaf: buffer)
    return result
  }

  /// A run of a flat tensor's numbers under another shape, as a view.
  public func run(_ range: Range<Int>, shape: [Int]) -> Tensor {
    precondition(
      self.shape.count == 1 && range.upperBound <= count && shape.reduce(1, *) == range.count,
      "run \(range) of \(self.shape) as \(shape)")
    return Tensor(shape: shape, device: device, storage: storage, offset: offset + range.lowerBound)
  }
}
