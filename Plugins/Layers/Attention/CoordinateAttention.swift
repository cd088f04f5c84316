public import Layers
public import PoseCore
public import Tensor

/// Weighs each channel by row and by column: averages along each direction are mixed and turned into weights.
///
/// Source: Hou et al., Coordinate Attention for Efficient Mobile Network Design, arXiv:2103.02907.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `conv1`, `bn1`, `conv_h`, `conv_w`.
public final class CoordinateAttention: UnaryLayer {
  public let squeeze: Convolution2D
  public let norm: BatchNorm2D
  public let rows: Convolution2D
  public let columns: Convolution2D

  /// - Parameter squeezed: channels between the two layers.
  public init(channels: Int, squeezed: Int) {
    squeeze = Convolution2D(inChannels: channels, outChannels: squeezed)
    norm = BatchNorm2D(squeezed, epsilon: 1e-5, momentum: 0.1)
    rows = Convolution2D(inChannels: squeezed, outChannels: channels)
    columns = Convolution2D(inChannels: squeezed, outChannels: channels)
  }

  public var members: [LayerMember] {
    [.layer("conv1", squeeze), .layer("bn1", norm), .layer("conv_h", rows), .layer("conv_w", columns)]
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let (batch, height, width) = (input.shape[0], input.shape[1], input.shape[2])
    // Tensors are joined and cut along their last axis, so positions go there for that time.
    func last(_ map: Tensor, _ positions: Int) -> Tensor {
      map.reshaped([batch, positions, map.channels]).permuted([0, 2, 1])
    }
    let averages = Tensor.concatenated([last(input.mean(axis: 2), height), last(input.mean(axis: 1), width)])
    let line = averages.permuted([0, 2, 1]).reshaped([batch, height + width, 1, input.channels])
    let mixed = last(norm(squeeze(line, pass), pass).applying(.hardSwish), height + width)
    func weights(_ positions: Range<Int>, _ layer: Convolution2D, shape: [Int]) -> Tensor {
      let part = mixed.slice(channels: positions).permuted([0, 2, 1])
      return layer(part.reshaped(shape + [part.channels]), pass).applying(.sigmoid)
    }
    let byRow = weights(0..<height, rows, shape: [batch, height, 1])
    let byColumn = weights(height..<(height + width), columns, shape: [batch, 1, width])
    return input * byRow * byColumn
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "CoordAttention", aliases: ["CoordAtt"],
    summary: "Weighs channels by row and by column (coordinate attention).", reference: "arXiv:2103.02907",
    parameters: [
      .keptChannels,
      .init("reduction", .int(1...256), default: 32, help: "input channels for each one between the layers"),
    ]
  ) { arguments, context in
    let input = try context.keptInput(of: arguments)
    let squeezed = max(8, input.channels / (try arguments.int("reduction")))
    return BuiltLayer(CoordinateAttention(channels: input.channels, squeezed: squeezed), output: input)
  }
}
