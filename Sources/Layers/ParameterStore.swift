import Tensor

/// All numbers of a model in one run of memory, so that optimisers, averages and checkpoints are single passes.
///
/// Order: weights, normalisation scales, biases, constants, buffers; gradients and averages use the same offsets.
public final class ParameterStore {
  public let device: Device
  public let states: [NamedState]
  /// `[count]`: every parameter, then every buffer.
  public let values: Tensor
  /// `[trainableCount]`: gradients of the parameters, at the same offsets as in `values`.
  public let gradients: Tensor
  /// Offsets of each role's parameters in `values`.
  public let ranges: [Parameter.Role: Range<Int>]
  /// Elements of `values` that parameters take; buffers follow.
  public let parameterCount: Int
  public let trainableCount: Int
  /// Grows whenever numbers change; engines keep reordered weights for as long as it stays.
  public private(set) var version = 0
  private var offsets: [String: Int] = [:]

  /// Gives every parameter and buffer of `model` its memory and its first numbers.
  ///
  /// - Parameter seed: first numbers depend on it and on each parameter's place in the model alone. Nil leaves
  ///   arbitrary numbers in all but constants and buffers: for models that are loaded next or only traced.
  public init(_ model: some ParameterOwner, device: Device, seed: UInt64?) {
    self.device = device
    let states = model.namedState()
    self.states = states
    var ranges: [Parameter.Role: Range<Int>] = [:]
    var next = 0
    var placed = [Int](repeating: 0, count: states.count)
    func place(_ select: (NamedState) -> Bool) -> Range<Int> {
      let start = next
      for (index, state) in states.enumerated() where select(state) {
        placed[index] = next
        next += state.shape.reduce(1, *)
      }
      return start..<next
    }
    for role in Parameter.Role.allCases {
      ranges[role] = place {
        if case .parameter(let parameter) = $0.kind { return parameter.role == role && !parameter.isConstant }
        return false
      }
    }
    trainableCount = next
    _ = place { if case .parameter(let parameter) = $0.kind { parameter.isConstant } else { false } }
    parameterCount = next
    _ = place { if case .buffer = $0.kind { true } else { false } }
    self.ranges = ranges
    values = Tensor(uninitialized: [next], on: device)
    gradients = Tensor(zeros: [max(1, trainableCount)], on: device)
    for (index, state) in states.enumerated() {
      let offset = placed[index]
      offsets[state.path] = offset
      let count = state.shape.reduce(1, *)
      let value = values.run(offset..<(offset + count), shape: state.shape)
      switch state.kind {
      case .parameter(let parameter):
        let gradient =
          parameter.isConstant ? value : gradients.run(offset..<(offset + count), shape: state.shape)
        parameter.storage = ParameterStorage(value: value, gradient: GradientBuffer(gradient), store: self)
      case .buffer(let buffer):
        let numbers = buffer.initialValues
        if numbers.count == count {
          numbers.withUnsafeBufferPointer { value.copyFromHost($0) }
        } else {
          device.engine.fill(value, numbers.first ?? 0)
        }
        buffer.storage = value
      }
    }
    let wanted = states.indices.filter { index in
      guard case .parameter(let parameter) = states[index].kind else { return false }
      return seed != nil || parameter.isConstant
    }
    drawNumbers(of: wanted, at: placed, seed: seed ?? 0)
  }

  /// Numbers that one thread draws at a time.
  private static let drawnAtOnce = 1 << 16

  /// Gives parameters their first numbers.
  ///
  /// - Parameters:
  ///   - indices: which of `states`.
  ///   - offsets: of all of them in `values`.
  private func drawNumbers(of indices: [Int], at offsets: [Int], seed: UInt64) {
    var draws: [(initializer: Initializer, index: Int, range: Range<Int>)] = []
    var copies: [(parameter: Parameter, source: Parameter)] = []
    for index in indices {
      guard case .parameter(let parameter) = states[index].kind else { continue }
      if case .copy(let source) = parameter.initializer {
        copies.append((parameter, source))
        continue
      }
      if case .values(let values) = parameter.initializer {
        precondition(values.count == parameter.count, "\(states[index].path): \(values.count) values")
      }
      for first in stride(from: 0, to: parameter.count, by: Self.drawnAtOnce) {
        draws.append(
          (parameter.initializer, index, first..<min(first + Self.drawnAtOnce, parameter.count)))
      }
    }
    func draw(_ number: Int, into numbers: UnsafeMutableBufferPointer<Float>) {
      let (initializer, index, range) = draws[number]
      let stream = RandomStream(seed: seed, purpose: .initialization, index: index)
      initializer.draw(numbers, from: range.lowerBound, stream)
    }
    if device.engine.sharesHostMemory {
      values.overwriteOnHost { all in
        ThreadTeam.forEachBlock(draws.count) { number in
          let (_, index, range) = draws[number]
          let start = offsets[index] + range.lowerBound
          draw(number, into: UnsafeMutableBufferPointer(rebasing: all[start..<(start + range.count)]))
        }
      }
    } else {
      for (number, one) in draws.enumerated() {
        let start = offsets[one.index] + one.range.lowerBound
        let part = values.run(start..<(start + one.range.count), shape: [one.range.count])
        part.overwriteOnHost { draw(number, into: $0) }
      }
    }
    for (parameter, source) in copies { device.engine.copy(source.value, to: parameter.value) }
  }

  /// Where a parameter or buffer lies in `values`, by its path.
  public func offset(of path: String) -> Int? { offsets[path] }

  /// Forgets all gradients.
  public func clearGradients() {
    device.engine.fill(gradients, 0)
    for case .parameter(let parameter) in states.map(\.kind) { parameter.storage?.gradient.isClear = true }
  }

  /// To be called after numbers have changed.
  public func markChanged() { version += 1 }

  /// Parts of `values` of one role that are trained now: `freeze` cuts holes.
  public func trainedRanges(of role: Parameter.Role) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for state in states {
      guard case .parameter(let parameter) = state.kind, parameter.role == role, parameter.isTrained,
        let offset = offsets[state.path]
      else { continue }
      if let last = result.last, last.upperBound == offset {
        result[result.count - 1] = last.lowerBound..<(offset + parameter.count)
      } else {
        result.append(offset..<(offset + parameter.count))
      }
    }
    return result
  }
}
