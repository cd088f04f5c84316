import Tensor

/// A learned block of numbers. Declaring one costs nothing; its memory comes with the `ParameterStore`.
public final class Parameter {
  /// What an optimiser does with it: only `weight` decays.
  public enum Role: Int, Sendable, CaseIterable {
    case weight
    /// Scales of normalisation layers.
    case normalization
    case bias
  }

  public let shape: [Int]
  public let role: Role
  public var initializer: Initializer
  /// Never trained, whatever `freeze` says: constants that checkpoints carry.
  public let isConstant: Bool
  /// Set by `freeze`.
  public var isFrozen = false

  package(set) public var storage: ParameterStorage?

  public init(_ shape: [Int], role: Role, initializer: Initializer, isConstant: Bool = false) {
    self.shape = shape
    self.role = role
    self.initializer = initializer
    self.isConstant = isConstant
  }

  public var count: Int { shape.reduce(1, *) }
  public var isTrained: Bool { !isConstant && !isFrozen }

  /// The numbers, without a place on the tape.
  ///
  /// - Precondition: the parameter belongs to a store.
  public var value: Tensor { allocated.value }

  /// The numbers as a forward pass reads them: gradients reach the parameter when the pass records them.
  public func callAsFunction(_ pass: ForwardPass) -> Tensor {
    let allocated = allocated
    guard pass.recordsGradients && isTrained else { return allocated.value }
    return allocated.value.asLeaf(allocated.gradient)
  }

  private var allocated: ParameterStorage {
    guard let storage else {
      preconditionFailure("Parameter \(shape) is used before its model was materialised")
    }
    return storage
  }
}

/// Where a parameter's numbers and gradient lie.
public struct ParameterStorage {
  public let value: Tensor
  public let gradient: GradientBuffer
  /// Whose version tells when numbers changed.
  public private(set) weak var store: ParameterStore?

  init(value: Tensor, gradient: GradientBuffer, store: ParameterStore) {
    self.value = value
    self.gradient = gradient
    self.store = store
  }
}

/// Numbers that are not learned but belong to the model: running statistics.
public final class Buffer {
  public let shape: [Int]
  /// One number for all of them, or one each.
  public let initialValues: [Float]
  package(set) public var storage: Tensor?

  public init(_ shape: [Int], initialValue: Float) {
    self.shape = shape
    initialValues = [initialValue]
  }

  /// - Precondition: as many values as `shape` holds.
  public init(_ shape: [Int], initialValues: [Float]) {
    precondition(
      initialValues.count == shape.reduce(1, *), "Buffer: \(initialValues.count) values for \(shape)")
    self.shape = shape
    self.initialValues = initialValues
  }

  public var count: Int { shape.reduce(1, *) }

  /// - Precondition: the buffer belongs to a store.
  public var value: Tensor {
    guard let storage else {
      preconditionFailure("Buffer \(shape) is used before its model was materialised")
    }
    return storage
  }
}
