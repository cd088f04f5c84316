/// A block of numbers with a shape: 32-bit floats, or bfloat16 where a pass asks for it.
///
/// Activations are `[batch, height, width, channels]`. All axes but the last two are dense; positions along the last
/// but one axis may lie further apart than the last axis is long (`rowStride`), so a slice of channels is a view.
///
/// Tensors are values that share storage; operations make new ones and, where an input needs gradients, note
/// themselves on the tape.
public struct Tensor {
  public let shape: [Int]
  public let device: Device
  public let precision: Precision
  /// Elements from one row (run of the last axis) to the next.
  public let rowStride: Int
  package let storage: Storage
  package let offset: Int
  package var node: GraphNode?

  package init(
    shape: [Int], device: Device, storage: Storage, offset: Int = 0, rowStride: Int? = nil,
    precision: Precision = .float32, node: GraphNode? = nil
  ) {
    self.shape = shape
    self.device = device
    self.precision = precision
    self.storage = storage
    self.offset = offset
    self.rowStride = rowStride ?? (shape.last ?? 1)
    self.node = node
  }

  /// Memory with arbitrary content.
  public init(uninitialized shape: [Int], _ precision: Precision = .float32, on device: Device) {
    precondition(shape.allSatisfy { $0 >= 0 }, "Tensor: negative extent in \(shape)")
    let storage = device.allocate(elements: shape.reduce(1, *), precision)
    self.init(shape: shape, device: device, storage: storage, precision: precision)
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
  public init(
    unitRange bytes: UnsafeBufferPointer<UInt8>, shape: [Int], _ precision: Precision = .float32,
    on device: Device
  ) {
    self.init(uninitialized: shape, precision, on: device)
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

  /// - Precondition: 32-bit floats.
  package var cpu: UnsafeMutablePointer<Float> {
    precondition(precision == .float32, "Tensor: an operation on 32-bit floats got \(precision.rawValue)")
    return storage.address.assumingMemoryBound(to: Float.self) + offset
  }

  /// The numbers in whatever format they have.
  package var address: UnsafeMutableRawPointer { storage.address + offset * precision.byteCount }
}
