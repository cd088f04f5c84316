internal import Config
internal import Layers
internal import PoseCore

// What the backbones written in Swift share.

extension ParameterDeclaration {
  /// Which of its maps a backbone gives.
  static let strides = ParameterDeclaration(
    "strides", .intList(count: 1...4, each: 4...32), default: [8, 16, 32],
    help: "of the maps it gives, in input pixels: some of 4, 8, 16 and 32")
}

extension Arguments {
  /// The argument `strides`, in growing order.
  func mapStrides() throws(Diagnostic) -> [Int] {
    let strides = try intList("strides")
    for stride in strides where ![4, 8, 16, 32].contains(stride) {
      throw error("\(owner) has maps of stride 4, 8, 16 and 32, but none of \(stride)", at: "strides")
    }
    guard Set(strides).count == strides.count else {
      throw error("\(owner): 'strides' names a stride twice", at: "strides")
    }
    return strides.sorted()
  }
}

extension FeatureContext {
  /// Channels of the image.
  ///
  /// - Throws: where the backbone gets anything but the image.
  func imageChannels(of arguments: Arguments) throws(Diagnostic) -> Int {
    guard let image = inputs.first, inputs.count == 1, image.stride == 1 else {
      throw Diagnostic(.error, "\(arguments.owner) takes the image alone", at: arguments.location)
    }
    return image.channels
  }
}

extension ModelScale {
  /// Channels at this scale; those of a model without scales stay as they are, multiples of 8 or not.
  func exactChannels(_ count: Int) -> Int {
    width == 1 && count <= maximumChannels ? count : channels(count)
  }
}

extension ConvolutionBlock {
  /// Convolution and normalisation under the names they have side by side in checkpoints.
  func members(_ convolution: String, _ norm: String) -> [LayerMember] {
    [.layer(convolution, self.convolution), .layer(norm, self.norm)]
  }

  /// Draws the weight from a normal distribution that keeps the variance of gradients.
  ///
  /// Source: He et al., Delving Deep into Rectifiers, arXiv:1502.01852, with the fan-out.
  func scaledByFanOut() -> ConvolutionBlock {
    convolution.scaleByFanOut()
    return self
  }
}

extension Convolution2D {
  func scaleByFanOut() {
    let fanOut = weight.shape[0] * weight.shape[2] * weight.shape[3]
    weight.initializer = .normal(deviation: (2 / Float(fanOut)).squareRoot())
  }
}
