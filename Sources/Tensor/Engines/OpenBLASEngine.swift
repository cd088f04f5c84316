internal import COpenBLAS
import Kernels

/// The portable engine: convolution as matrix products over gathered patches (im2col), by OpenBLAS.
///
/// Results do not depend on the number of threads.
public final class OpenBLASEngine: CPUEngine {
  public let name = "openblas"

  public init() { pl_load_openblas() }

  public func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?
  ) {
    if input.precision != .float32 || output.precision != .float32 {
      return withWide(output) {
        convolution(
          geometry, input: input.wide, weight: weight, bias: bias, activation: activation, to: $0,
          weightVersion: weightVersion)
      }
    }
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: output.rowStride)
    let packed = PackedWeight(weight, geometry)
    if geometry.isDepthwise {
      packed.withTaps { pl_depthwise(&shape, input.cpu, $0, bias?.cpu, output.cpu) }
      if activation != .identity { unary(activation, output, to: output) }
      return
    }
    let patch = Patch(geometry)
    let positions = geometry.outHeight * geometry.outWidth
    let blocks = (positions + patch.rows - 1) / patch.rows
    let (inGroup, outGroup) = (geometry.inChannels / geometry.groups, geometry.outChannels / geometry.groups)
    packed.withRows { rows in
      ThreadTeam.forEachBlock(geometry.batch * blocks) { index in
        let (image, first) = (index / blocks, index % blocks * patch.rows)
        let count = min(patch.rows, positions - first)
        let source = input.cpu + image * geometry.height * geometry.width * input.rowStride
        let target = output.cpu + (image * positions + first) * output.rowStride
        for group in 0..<geometry.groups {
          patch.withColumns(of: source, &shape, channel: group * inGroup, first: first, count: count) {
            columns, stride in
            gemm(
              transposeA: false, transposeB: true, rows: count, columns: outGroup, inner: patch.length,
              columns,
              stride, rows + group * outGroup * patch.length, patch.length, target + group * outGroup,
              output.rowStride)
          }
        }
      }
    }
    finish(output, bias: bias, activation: activation)
  }

  private func finish(_ output: Tensor, bias: Tensor?, activation: Activation) {
    if let bias {
      withScratch(output.channels) { ones in
        for c in 0..<output.channels { ones[c] = 1 }
        pl_scale_shift_activate(
          PL_FLOAT32, activation.kernel, output.rows, output.channels, output.cpu, output.rowStride, ones,
          bias.cpu, output.cpu, output.rowStride)
      }
    } else if activation != .identity {
      unary(activation, output, to: output)
    }
  }

  public func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor
  ) {
    if gradient.precision != .float32 || inputGradient.precision != .float32 {
      return withWide(inputGradient) {
        convolutionInputGradient(geometry, gradient: gradient.wide, weight: weight, to: $0)
      }
    }
    var shape = geometry.kernelShape(inStride: inputGradient.rowStride, outStride: gradient.rowStride)
    let packed = PackedWeight(weight, geometry)
    if geometry.isDepthwise {
      packed.withTaps { pl_depthwise_input_gradient(&shape, gradient.cpu, $0, inputGradient.cpu) }
      return
    }
    let patch = Patch(geometry)
    let positions = geometry.outHeight * geometry.outWidth
    let (inGroup, outGroup) = (geometry.inChannels / geometry.groups, geometry.outChannels / geometry.groups)
    if !geometry.isPointwise { fill(inputGradient, 0) }
    packed.withRows { rows in
      // Patches overlap, so one image and group is one block.
      ThreadTeam.forEachBlock(geometry.batch * geometry.groups) { index in
        let (image, group) = (index / geometry.groups, index % geometry.groups)
        let target = inputGradient.cpu + image * geometry.height * geometry.width * inputGradient.rowStride
        for first in stride(from: 0, to: positions, by: patch.rows) {
          let count = min(patch.rows, positions - first)
          let source = gradient.cpu + (image * positions + first) * gradient.rowStride + group * outGroup
          if geometry.isPointwise {
            gemm(
              transposeA: false, transposeB: false, rows: count, columns: patch.length, inner: outGroup,
              source,
              gradient.rowStride, rows, patch.length, target + first * inputGradient.rowStride,
              inputGradient.rowStride)
            continue
          }
          withScratch(count * patch.length) { columns in
            gemm(
              transposeA: false, transposeB: false, rows: count, columns: patch.length, inner: outGroup,
              source,
              gradient.rowStride, rows + group * outGroup * patch.length, patch.length, columns, patch.length)
            pl_col2im_add(
              &shape, columns, group * inGroup, inGroup, first, count, target, inputGradient.rowStride)
          }
        }
      }
    }
  }

  public func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor
  ) {
    let (input, gradient) = (input.wide, gradient.wide)
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: gradient.rowStride)
    if geometry.isDepthwise {
      withScratch(weightGradient.count) { taps in
        pl_depthwise_weight_gradient(&shape, input.cpu, gradient.cpu, taps)
        PackedWeight.unpackTaps(taps, geometry, to: weightGradient)
      }
      return
    }
    let patch = Patch(geometry)
    let positions = geometry.outHeight * geometry.outWidth
    let blocks = (positions + patch.rows - 1) / patch.rows
    let total = geometry.batch * blocks
    // A fixed number of partial sums, joined in order.
    let parts = min(4, total)
    let size = geometry.outChannels * patch.length
    let (inGroup, outGroup) = (geometry.inChannels / geometry.groups, geometry.outChannels / geometry.groups)
    withScratch(parts * size) { sums in
      ThreadTeam.forEachBlock(parts) { part in
        let sum = sums + part * size
        let (begin, end) = (total * part / parts, total * (part + 1) / parts)
        for index in begin..<end {
          let (image, first) = (index / blocks, index % blocks * patch.rows)
          let count = min(patch.rows, positions - first)
          let source = input.cpu + image * geometry.height * geometry.width * input.rowStride
          let out = gradient.cpu + (image * positions + first) * gradient.rowStride
          for group in 0..<geometry.groups {
            patch.withColumns(of: source, &shape, channel: group * inGroup, first: first, count: count) {
              columns, stride in
              gemm(
                transposeA: true, transposeB: false, rows: outGroup, columns: patch.length, inner: count,
                out + group * outGroup, gradient.rowStride, columns, stride, beta: index == begin ? 0 : 1,
                sum + group * outGroup * patch.length, patch.length)
            }
          }
        }
      }
      for part in 1..<max(1, parts) where parts > 1 {
        pl_accumulate_rows(PL_FLOAT32, 1, size, sums, size, sums + part * size, size)
      }
      PackedWeight.unpackRows(sums, geometry, to: weightGradient)
    }
  }
}

/// The part of an input that a block of output positions sees, as rows of a matrix.
private struct Patch {
  let geometry: ConvolutionGeometry
  /// Numbers of one position.
  let length: Int
  /// Positions of a block.
  let rows: Int

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    length = geometry.kernelHeight * geometry.kernelWidth * geometry.inChannels / geometry.groups
    rows = max(16, min(4096, 131_072 / max(1, length)))
  }

  /// Lends the block's matrix; a pointwise convolution's is the input itself.
  func withColumns(
    of image: UnsafePointer<Float>, _ shape: inout pl_convolution_shape, channel: Int, first: Int, count: Int,
    _ body: (UnsafePointer<Float>, Int) -> Void
  ) {
    if geometry.isPointwise {
      body(image + first * shape.in_stride, shape.in_stride)
    } else {
      withScratch(count * length) { columns in
        pl_im2col(&shape, image, channel, geometry.inChannels / geometry.groups, first, count, columns)
        body(columns, length)
      }
    }
  }
}

extension ConvolutionGeometry {
  package func kernelShape(inStride: Int, outStride: Int) -> pl_convolution_shape {
    pl_convolution_shape(
      batch: batch, height: height, width: width, in_channels: inChannels, out_height: outHeight,
      out_width: outWidth, out_channels: outChannels, kernel_height: kernelHeight, kernel_width: kernelWidth,
      stride_y: stride, stride_x: stride, pad_top: padding, pad_left: paddingX, dilation: dilation,
      groups: groups,
      in_stride: inStride, out_stride: outStride)
  }
}
