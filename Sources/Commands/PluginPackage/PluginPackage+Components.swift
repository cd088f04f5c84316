// The components of a new package. The tests of the documentation hold the same code, compiled and tried out.

extension PluginPackage {
  static let layerSource =
    """
    import PoseLab

    /// Adds a convolution to its input, scaled by one learned number a channel: y = x + γ · conv(x).
    ///
    /// A small γ lets a model begin as if the layer were not there.
    /// Source: LayerScale in Touvron et al., Going deeper with Image Transformers, arXiv:2103.17239.
    ///
    /// `[batch, height, width, channels]` to the same shape; checkpoint names `conv` and `scale`.
    public final class ScaledResidual: UnaryLayer {
      public let convolution: ConvolutionBlock
      /// γ: one number a channel.
      public let scale: Parameter

      /// - Parameter kernel: side of the window, odd.
      public init(channels: Int, kernel: Int = 3, initialScale: Float = 0.1) {
        convolution = ConvolutionBlock(inChannels: channels, outChannels: channels, kernel: kernel)
        scale = Parameter([channels], role: .normalization, initializer: .constant(initialScale))
      }

      /// What it owns, under the names of checkpoints.
      public var members: [LayerMember] { [.layer("conv", convolution), .parameter("scale", scale)] }

      /// Made of operations that know their gradients: nothing else is needed for training.
      public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
        input + convolution(input, pass) * scale(pass)
      }

      /// The layer as specs name it, and the arguments it takes there.
      public static let component = Component<LayerContext, BuiltLayer>(
        "ScaledResidual", summary: "Residual convolution with a learned scale for each channel.",
        reference: "arXiv:2103.17239",
        parameters: [
          .init("kernel", .int(1...31), default: 3, help: "side of the window in positions, odd"),
          .init("initial_scale", .float(0...10), default: 0.1, help: "first value of the scales"),
        ]
      ) { arguments, context in
        let input = try context.singleInput(of: arguments)
        let kernel = try arguments.int("kernel")
        _ = try context.checkedPadding(nil, kernel: kernel, stride: 1, dilation: 1, of: arguments)
        let layer = ScaledResidual(
          channels: input.channels, kernel: kernel, initialScale: try arguments.float("initial_scale"))
        return BuiltLayer(layer, output: input)
      }
    }

    """

  static let lossSource =
    """
    import PoseLab

    /// A keypoint loss that stops growing for keypoints that are far off: d² / (d² + s²).
    ///
    /// The distance d is measured in units of the person's size, the square root of the box's area.
    /// Source: Geman and McClure, Statistical methods for tomographic image reconstruction, 1987.
    public struct GemanMcClureLoss: KeypointLoss {
      /// s: the distance, as a share of the person's size, at which the loss is one half.
      public var scale: Float

      public init(scale: Float = 0.1) { self.scale = scale }

      /// One person. Keypoints without a label teach nothing; the others count as much as if all had one.
      public func evaluate(
        predicted: UnsafeBufferPointer<SIMD2<Float>>, target: KeypointTarget,
        gradient: UnsafeMutableBufferPointer<SIMD2<Float>>
      ) -> Float {
        let weight = Float(predicted.count) / Float(max(1, target.labelledCount))
        let width = scale * scale * max(target.area, 1e-6)
        var loss: Float = 0
        for index in predicted.indices {
          guard target.isLabelled[index] else {
            gradient[index] = .zero
            continue
          }
          let offset = predicted[index] - target.positions[index]
          let distance = (offset * offset).sum()
          let sum = distance + width
          loss += weight * distance / sum
          gradient[index] = weight * 2 * width / (sum * sum) * offset
        }
        return loss
      }

      /// The loss as specs name it, and the arguments it takes there.
      public static let component = Component<LossContext, any KeypointLoss>(
        "geman_mcclure", summary: "bounded loss: far outliers pull no harder than near ones",
        reference: "Geman and McClure, Statistical methods for tomographic image reconstruction, 1987",
        parameters: [
          .init(
            "scale", .float(0.001...10), default: 0.1,
            help: "distance at which the loss is one half, as a share of the person's size")
        ]
      ) { arguments, _ in GemanMcClureLoss(scale: try arguments.float("scale")) }
    }

    """
}
