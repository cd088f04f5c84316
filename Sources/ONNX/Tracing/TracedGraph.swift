package import Tensor

/// What a forward pass computes, operation by operation, on the tensors as layers see them: `[batch, height, width,
/// channels]` in row-major order.
package struct TracedGraph {
  package enum Kind: Hashable, Sendable {
    /// Inputs: map, weight `[out, in / groups, height, width]`, perhaps bias `[out]`.
    case convolution(stride: Int, padding: Int, paddingX: Int, dilation: Int, groups: Int)
    case unary(Activation)
    case binary(BinaryOperation)
    case affine(scale: Float, offset: Float)
    /// Over neighbouring axes, which stay with extent 1.
    case sum(axes: Range<Int>)
    case mean(axes: Range<Int>)
    /// Over the last axis, which stays with extent 1.
    case channelMaximum
    /// Over the last axis.
    case softmax
    case matrixProduct(transposeLeft: Bool, transposeRight: Bool, scale: Float)
    case maxPool(kernel: Int, stride: Int, padding: Int)
    case upsample(factor: Int)
    case attention(heads: Int, keyChannels: Int, valueChannels: Int)
    /// To the output's shape.
    case reshape
    case transpose([Int])
    case slice(axis: Int, start: Int, end: Int)
    /// Along the last axis.
    case concatenation
  }

  package enum Origin {
    case input
    /// Numbers in host memory that do not depend on the input.
    case constant(Tensor)
    case operation(Int)
  }

  package struct Value {
    package var shape: [Int]
    package var origin: Origin
  }

  package struct Operation {
    package var kind: Kind
    package var inputs: [Int]
    package var output: Int
    /// The part of the model that asked for it.
    package var scope: String
  }

  package internal(set) var values: [Value] = []
  package internal(set) var operations: [Operation] = []

  package init() {}
}
