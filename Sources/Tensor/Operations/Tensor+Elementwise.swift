extension Tensor {
  /// f of each number.
  public func applying(_ function: Activation) -> Tensor {
    if function == .identity { return self }
    let result = Tensor(uninitialized: shape, precision, on: device)
    device.engine.unary(function, detached, to: result)
    let input = detached
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) {
        input.device.engine.unaryGradient(function, input: input, gradient: gradient, to: $0)
      }
    }
  }

  /// scale · x + offset for each number.
  public func affine(scale: Float, offset: Float = 0) -> Tensor {
    if precision != .float32 { return wide.affine(scale: scale, offset: offset) }
    let result = Tensor(uninitialized: shape, on: device)
    device.engine.affine(detached, scale: scale, offset: offset, to: result)
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) { gradient.device.engine.affine(gradient, scale: scale, offset: 0, to: $0) }
    }
  }

  public static func + (a: Tensor, b: Tensor) -> Tensor { a.adding(b) }

  /// The sum, at a place of the caller's choice.
  public func adding(_ other: Tensor, at place: OutputPlace? = nil) -> Tensor {
    let precision = shape == other.shape ? Tensor.commonPrecision([self, other]) : .float32
    let (a, b) = (converted(to: precision), other.converted(to: precision))
    return Tensor.combine(.add, a, b, at: place) { gradient, inputs in
      let both = inputs.wants(0) && inputs.wants(1)
      for (index, operand) in [a, b].enumerated() where inputs.wants(index) {
        if operand.shape == gradient.shape {
          inputs.add(to: index, existing: gradient, shared: both || !inputs.gradientIsOwned)
        } else {
          inputs.add(to: index, existing: gradient.detached.summed(to: operand.shape), shared: false)
        }
      }
    }
  }

  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (a, b) = (a.wide, b.wide)
    return combine(.subtract, a, b) { gradient, inputs in
      inputs.give(gradient.detached, to: 0, like: a)
      if inputs.wants(1) { inputs.give(gradient.detached.affine(scale: -1), to: 1, like: b) }
    }
  }

  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (a, b) = (a.wide, b.wide)
    let (x, y) = (a.detached, b.detached)
    return combine(.multiply, a, b) { gradient, inputs in
      if inputs.wants(0) { inputs.give(gradient.detached * y, to: 0, like: x) }
      if inputs.wants(1) { inputs.give(gradient.detached * x, to: 1, like: y) }
    }
  }

  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (a, b) = (a.wide, b.wide)
    let (x, y) = (a.detached, b.detached)
    return combine(.divide, a, b) { gradient, inputs in
      let share = gradient.detached / y
      if inputs.wants(0) { inputs.give(share, to: 0, like: x) }
      if inputs.wants(1) { inputs.give((share * x / y).affine(scale: -1), to: 1, like: y) }
    }
  }

  public static func + (a: Tensor, b: Float) -> Tensor { a.affine(scale: 1, offset: b) }
  public static func - (a: Tensor, b: Float) -> Tensor { a.affine(scale: 1, offset: -b) }
  public static func * (a: Tensor, b: Float) -> Tensor { a.affine(scale: b) }
  public static prefix func - (a: Tensor) -> Tensor { a.affine(scale: -1) }

  /// The larger of each pair; a tie's gradient goes to `a`.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { select(.maximum, a, b) { $0 >= $1 } }
  /// The smaller of each pair; a tie's gradient goes to `a`.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { select(.minimum, a, b) { $0 <= $1 } }

  private static func select(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ firstWins: @escaping (Float, Float) -> Bool
  ) -> Tensor {
    precondition(a.shape == b.shape, "\(operation): shapes \(a.shape) and \(b.shape)")
    let (a, b) = (a.wide, b.wide)
    let (x, y) = (a.detached, b.detached)
    return combine(operation, a, b) { gradient, inputs in
      let mask = zip(x.copyToHost(), y.copyToHost()).map { firstWins($0, $1) ? Float(1) : 0 }
      let first = Tensor(mask, shape: x.shape, on: x.device)
      if inputs.wants(0) { inputs.give(gradient.detached * first, to: 0, like: x) }
      if inputs.wants(1) {
        inputs.give(gradient.detached * first.affine(scale: -1, offset: 1), to: 1, like: y)
      }
    }
  }

  private static func combine(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, at place: OutputPlace? = nil,
    backward: @escaping (_ gradient: Tensor, _ inputs: GradientWriter) -> Void
  ) -> Tensor {
    let result = Tensor(
      uninitialized: broadcast(a.shape, b.shape, operation), a.precision, on: a.device, at: place)
    a.device.engine.binary(operation, a.detached, b.detached, to: result)
    return result.recorded(from: [a, b], backward: backward)
  }

  private static func broadcast(_ a: [Int], _ b: [Int], _ operation: BinaryOperation) -> [Int] {
    let rank = max(a.count, b.count)
    let left = [Int](repeating: 1, count: rank - a.count) + a
    let right = [Int](repeating: 1, count: rank - b.count) + b
    return zip(left, right).map { x, y in
      precondition(x == y || x == 1 || y == 1, "\(operation): shapes \(a) and \(b)")
      return x == 1 ? y : x
    }
  }

  /// Sums broadcast axes away: the transpose of broadcasting to this shape.
  func summed(to target: [Int]) -> Tensor {
    var result = self
    let missing = shape.count - target.count
    for axis in 0..<shape.count {
      let wanted = axis < missing ? 1 : target[axis - missing]
      if wanted == 1 && result.shape[axis] != 1 { result = result.sum(axis: axis) }
    }
    return result.reshaped(target)
  }
}

extension GradientWriter {
  fileprivate func give(_ gradient: Tensor, to index: Int, like operand: Tensor) {
    guard wants(index) else { return }
    if gradient.shape == operand.shape {
      add(to: index, existing: gradient, shared: true)
    } else {
      add(to: index, existing: gradient.summed(to: operand.shape), shared: false)
    }
  }
}
