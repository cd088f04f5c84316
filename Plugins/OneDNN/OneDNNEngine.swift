internal import CDNNL
internal import Kernels
public import Tensor

/// Convolutions by oneDNN's compiled kernels or, where they are faster, by our own for 512-bit vectors; everything
/// else by the shared CPU kernels: the fast engine on CPUs.
///
/// Primitives are cached by shape, and the reordered weights of inference by `WeightVersion`. What oneDNN has no fast
/// kernel for goes to the portable engine.
///
/// With 32-bit floats our own kernels give the same bits for any number of threads, and so do oneDNN's for what is left
/// to them, but for gradients of dilated weights and of grouped ones that are not depthwise, whose sums it divides among
/// the threads. So it does with the gradients of bfloat16 weights that are neither depthwise nor of 3 × 3 with stride 1.
public final class OneDNNEngine: CPUEngine {
  public let name = "onednn"
  private let portable = OpenBLASEngine()
  private var primitives: [Key: Primitive?] = [:]
  private var packed: [PackedKey: PackedEntry] = [:]
  private var packedFloats = 0
  /// Bounds of the caches. Pictures of ever new sizes would else fill the memory; starting over costs milliseconds.
  private let primitiveLimit = 4096
  private let packedLimit = 1 << 28

  public init() { pl_load_threads() }

  private struct Key: Hashable {
    var kind: UInt32
    var geometry: ConvolutionGeometry
    var hasBias = false
    var activation = Activation.identity
    var input = Precision.float32
    var output = Precision.float32
  }

  /// Whose kernel a weight was put into order for.
  private enum WeightOrder {
    case oneDNN
    case filtering
    case pointwise
    case direct
    case depthwise
  }

  private struct PackedKey: Hashable {
    var identity: Int
    var geometry: ConvolutionGeometry
    var precision: Precision
    var order: WeightOrder
  }

  private struct PackedEntry {
    var version: Int
    var weight: Tensor
  }

  /// One compiled primitive, freed with its last user.
  private final class Primitive {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { pl_dnnl_destroy(handle) }

    /// Floats of a packed weight; 0 if the plain order serves.
    var packedCount: Int { (pl_dnnl_packed_size(handle) + 3) / 4 }
  }

  private func primitive(_ key: Key) -> Primitive? {
    if let known = primitives[key] { return known }
    var geometry = key.geometry.forOneDNN
    let fused: pl_dnnl_activation =
      switch key.activation {
      case .silu: PL_DNNL_SILU
      case .relu: PL_DNNL_RELU
      default: PL_DNNL_LINEAR
      }
    let formats = pl_dnnl_formats(
      half_input: key.input == .bfloat16 ? 1 : 0, half_output: key.output == .bfloat16 ? 1 : 0)
    let made = pl_dnnl_create(
      pl_dnnl_kind(rawValue: key.kind), &geometry, formats, key.hasBias ? 1 : 0, fused)
    let primitive = made.map { Primitive($0) }
    if primitives.count >= primitiveLimit { primitives = [:] }
    primitives[key] = .some(primitive)
    return primitive
  }

  // MARK: Forward

  /// Applied while results are still in registers; others take a pass of their own.
  private static let fusedActivations: [Activation] = [.identity, .silu, .relu]

  public func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?
  ) {
    guard Self.fusedActivations.contains(activation) else {
      convolution(
        geometry, input: input, weight: weight, bias: bias, activation: .identity, to: output,
        weightVersion: weightVersion)
      return unary(activation, output, to: output)
    }
    let precision = input.precision
    if precision == output.precision {
      if let fast = VectorConvolution.filtering(geometry, precision, isFixed: weightVersion != nil) {
        let transformed = kept(weightVersion, geometry, precision, .filtering) { fast.transform(weight) }
        return fast(input, transformed: transformed, bias: bias, activation: activation, to: output)
      }
      if let fast = DepthwiseConvolution(geometry, precision) {
        let packed = kept(weightVersion, geometry, precision, .depthwise) { fast.pack(weight) }
        return fast(input, packed: packed, bias: bias, activation: activation, to: output)
      }
      if let fast = DirectConvolution(geometry, precision, activation) {
        let packed = kept(weightVersion, geometry, precision, .direct) { fast.pack(weight) }
        return fast(input, packed: packed, bias: bias, activation: activation, to: output)
      }
    }
    if weightVersion != nil || Self.haveGaps(input, output),
      let fast = PointwiseConvolution(geometry, precision)
    {
      let packed = kept(weightVersion, geometry, precision, .pointwise) { fast.pack(weight) }
      return fast(input, packed: packed, bias: bias, activation: activation, to: output)
    }
    let key = Key(
      kind: PL_DNNL_FORWARD.rawValue, geometry: geometry, hasBias: bias != nil, activation: activation,
      input: precision, output: output.precision)
    guard let primitive = primitive(key) else {
      return portable.convolution(
        geometry, input: input, weight: weight, bias: bias, activation: activation, to: output,
        weightVersion: weightVersion)
    }
    let source = packedRows(input)
    withDense(output) { target in
      let prepared = preparedWeight(weight, primitive, geometry, weightVersion, precision)
      check(
        pl_dnnl_run(primitive.handle, source.address, prepared.cpu, bias?.cpu, target.address), geometry)
    }
  }

  private func preparedWeight(
    _ weight: Tensor, _ primitive: Primitive, _ geometry: ConvolutionGeometry, _ version: WeightVersion?,
    _ precision: Precision
  ) -> Tensor {
    let count = primitive.packedCount
    if count == 0 { return weight }
    return kept(version, geometry, precision, .oneDNN) {
      let result = Tensor(uninitialized: [count], on: weight.device)
      check(pl_dnnl_pack(primitive.handle, weight.cpu, result.cpu), geometry)
      return result
    }
  }

  /// What `make` makes of a weight, kept for as long as the weight stays as it is.
  private func kept(
    _ version: WeightVersion?, _ geometry: ConvolutionGeometry, _ precision: Precision, _ order: WeightOrder,
    _ make: () -> Tensor
  ) -> Tensor {
    guard let version else { return make() }
    let key = PackedKey(
      identity: version.identity, geometry: geometry, precision: precision, order: order)
    if let entry = packed[key], entry.version == version.version { return entry.weight }
    let result = make()
    if packedFloats + result.count > packedLimit {
      packed = [:]
      packedFloats = 0
    }
    packedFloats += result.count - (packed[key]?.weight.count ?? 0)
    packed[key] = PackedEntry(version: version.version, weight: result)
    return result
  }

  // MARK: Gradients

  public func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor
  ) {
    if gradient.precision == inputGradient.precision {
      if let fast = VectorConvolution.filteringInputGradient(geometry, gradient.precision) {
        return fast(gradient, transformed: fast.transform(weight, reverse: true), to: inputGradient)
      }
      if let fast = DepthwiseConvolution.inputGradient(geometry, gradient.precision) {
        return fast(gradient, packed: fast.pack(weight, reverse: true), to: inputGradient)
      }
    }
    if Self.haveGaps(gradient, inputGradient),
      let fast = PointwiseConvolution(geometry, gradient.precision, reverse: true)
    {
      return fast(gradient, packed: fast.pack(weight), to: inputGradient)
    }
    let key = Key(
      kind: PL_DNNL_INPUT_GRADIENT.rawValue, geometry: geometry, input: inputGradient.precision,
      output: gradient.precision)
    guard let primitive = primitive(key) else {
      return portable.convolutionInputGradient(
        geometry, gradient: gradient, weight: weight, to: inputGradient)
    }
    let source = packedRows(gradient)
    withDense(inputGradient) { target in
      let prepared = preparedWeight(weight, primitive, geometry, nil, gradient.precision)
      check(
        pl_dnnl_run(primitive.handle, target.address, prepared.cpu, nil, source.address), geometry)
    }
  }

  public func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor
  ) {
    if input.precision == gradient.precision {
      if let fast = VectorConvolution.weightGradient(geometry, input.precision) {
        return fast.weightGradient(input: input, gradient: gradient, to: weightGradient)
      }
      if let fast = DepthwiseConvolution(geometry, input.precision), fast.hasWeightGradient {
        return fast.weightGradient(input: input, gradient: gradient, to: weightGradient)
      }
    }
    let key = Key(
      kind: PL_DNNL_WEIGHT_GRADIENT.rawValue, geometry: geometry, input: input.precision,
      output: gradient.precision)
    guard let primitive = primitive(key) else {
      return portable.convolutionWeightGradient(
        geometry, input: input, gradient: gradient, to: weightGradient)
    }
    let (source, change) = (packedRows(input), packedRows(gradient))
    let count = primitive.packedCount
    let target = count == 0 ? weightGradient : Tensor(uninitialized: [count], on: weightGradient.device)
    check(pl_dnnl_run(primitive.handle, source.address, target.cpu, nil, change.address), geometry)
    if count > 0 { check(pl_dnnl_unpack(primitive.handle, target.cpu, weightGradient.cpu), geometry) }
  }

  // MARK: Rows

  /// Whether oneDNN would need a copy. Where it does not, it is faster at 1 × 1 products with a weight that changes.
  private static func haveGaps(_ tensors: Tensor...) -> Bool { !tensors.allSatisfy(\.isDense) }

  /// oneDNN's fast kernels want rows without gaps.
  private func packedRows(_ tensor: Tensor) -> Tensor {
    if tensor.isDense { return tensor }
    let copy = Tensor(uninitialized: tensor.shape, tensor.precision, on: tensor.device)
    self.copy(tensor, to: copy)
    return copy
  }

  private func withDense(_ output: Tensor, _ body: (Tensor) -> Void) {
    if output.isDense { return body(output) }
    let dense = Tensor(uninitialized: output.shape, output.precision, on: output.device)
    body(dense)
    copy(dense, to: output)
  }

  /// A primitive that was made only fails to run when memory is gone or a shape was mistaken here.
  private func check(_ status: Int32, _ geometry: ConvolutionGeometry) {
    precondition(status == 0, "oneDNN: convolution \(geometry) failed with status \(status)")
  }
}

extension ConvolutionGeometry {
  fileprivate var forOneDNN: pl_dnnl_geometry {
    pl_dnnl_geometry(
      batch: Int64(batch), height: Int64(height), width: Int64(width), in_channels: Int64(inChannels),
      out_height: Int64(outHeight), out_width: Int64(outWidth), out_channels: Int64(outChannels),
      kernel_height: Int64(kernelHeight), kernel_width: Int64(kernelWidth), stride: Int64(stride),
      pad_top: Int64(padding), pad_left: Int64(paddingX), dilation: Int64(dilation), groups: Int64(groups))
  }
}
