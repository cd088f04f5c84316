internal import Layers
internal import Tensor

/// Brings maps of several strides to each of their strides in turn and adds them up there.
///
/// Source: Sun et al., HRNet, arXiv:1902.09212, section 3; figure 3 of Wang et al., arXiv:1908.07919.
///
/// Checkpoint names `<output>.<input>.0` …: from coarse to fine a pointwise convolution and repetition, from fine to
/// coarse a chain of strided convolutions.
final class ResolutionFusion: ParameterOwner {
  /// For each output the chain of each input; nil where an output is not wanted.
  private let chains: [[[ConvolutionBlock]]?]

  /// - Parameters:
  ///   - channels: of the maps, each of twice the stride of the one before.
  ///   - outputs: places of the maps that it gives.
  init(channels: [Int], outputs: Set<Int>) {
    chains = channels.indices.map { output in
      guard outputs.contains(output) else { return nil }
      return channels.indices.map { input in
        if input == output { return [] }
        if input > output {
          return [ConvolutionBlock.hrnet(channels[input], channels[output], activation: .identity)]
        }
        return (0..<(output - input)).map { step in
          let isLast = step == output - input - 1
          return .hrnet(
            channels[input], isLast ? channels[output] : channels[input], kernel: 3, stride: 2,
            activation: isLast ? .identity : .relu)
        }
      }
    }
  }

  var members: [LayerMember] {
    chains.enumerated().flatMap { output, row -> [LayerMember] in
      (row ?? []).enumerated().flatMap { input, chain -> [LayerMember] in
        if input > output {
          return chain.flatMap { $0.members("\(output).\(input).0", "\(output).\(input).1") }
        }
        return chain.enumerated().flatMap { step, block in
          let name = "\(output).\(input).\(step)"
          return block.members("\(name).0", "\(name).1")
        }
      }
    }
  }

  func callAsFunction(_ maps: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    chains.enumerated().compactMap { output, row -> Tensor? in
      guard let row else { return nil }
      var sum: Tensor?
      for (input, chain) in row.enumerated() {
        var map = chain.reduce(maps[input]) { $1($0, pass) }
        if input > output { map = map.upsampledNearest(factor: 1 << (input - output)) }
        sum = sum.map { $0 + map } ?? map
      }
      return sum?.applying(.relu)
    }
  }
}

extension ConvolutionBlock {
  static func hrnet(
    _ inChannels: Int, _ outChannels: Int, kernel: Int = 1, stride: Int = 1, activation: Activation = .relu
  ) -> ConvolutionBlock {
    ConvolutionBlock(
      inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride,
      activation: activation, epsilon: 1e-5, momentum: 0.1
    ).scaledByFanOut()
  }
}
