/// A block of 32-bit floats with a shape.
///
/// Activations are `[batch, height, width, channels]`. All axes but the last two are dense; positions along the last
/// but one axis may lie further apart than the last axis is long (`rowStride`), so a slice of channels is a view.
///
/// Tensors are values that share storage; operations make new ones and, where an input needs gradients, note
/// themselves on the tape.
public struct Tensor {
  public let shape: [Int]
  public let device: Device
  /// Elements from one row (run of the last axis) to the next.
  public let rowStride: Int
  package let storage: Storage
  package let offset: Int
  package var node: GraphNode?

  package init(
    shape: [Int], device: Device, storage: Storage, offset: Int = 0, rowStride: Int? = nil,
    node: GraphNode? = nil
  ) {
    self.shape = shape
    self.device = device
    self.storage = storage
    self.offset = offset
    self.rowStride = rowStride ?? (shape.last ?? 1)
    self.node = node
  }

  /// Memory with arbitrary content.
  public init(uninitialized shape: [Int], on device: Device) {
    precondition(shape.allSatisfy { $0 >= 0 }, "Tensor: negative extent in \(shape)")
    self.init(shape: shape, device: device, storage: device.allocate(elements: shape.reduce(1, *)))
  }

  public init(zeros shape: [Int], on device: Device) { self.init(repeating: 0, shape: shape, on: device) }

  public init(repeating value: Float, shape: [Int], on device: Device) {
    self.init(uninitialized: shape, on: device)
    device.engine.fill(self, value)
  }

  /// Copies host numbers, in row-major order.
  ///
  /// - Precondition: as many values as `shape` holds.
  public init(_ values: [Float], shape: [Int], on device: Device) {
    self.init(uninitialized: shape, on: device)
    precondition(values.count == count, "Tensor: \(values.count) values for shape \(shape)")
    values.withUnsafeBufferPointer { device.engine.upload($0, to: self) }
  }

  /// Bytes as numbers from 0 to 1 (divided by 255).
  ///
  /// - Precondition: as many bytes as `shape` holds.
  public init(unitRange bytes: UnsafeBufferPointer<UInt8>, shape: [Int], on device: Device) {
    self.init(uninitialized: shape, on: device)
    precondition(bytes.count == count, "Tensor: \(bytes.count) bytes for shape \(shape)")
    device.engine.uploadUnitRange(bytes, to: self)
  }

  public var count: Int { shape.reduce(1, *) }
  /// Length of the last axis; 1 for a scalar.
  public var channels: Int { shape.last ?? 1 }
  /// How many runs of the last axis there are.
  public var rows: Int { shape.dropLast().reduce(1, *) }
  public var isDense: Bool { rowStride == channels || rows <= 1 }
  public var needsGradient: Bool { node != nil }

  /// The same numbers without a place on the tape.
  public var detached: Tensor {
    var copy = self
    copy.node = nil
    return copy
  }

  package var cpu: UnsafeMutablePointer<Float> {
    storage.address.assumingMemoryBound(to: Float.self) + offset
  }
}
