internal import Layers
internal import Tensor

/// A stage of HRNet: modules of residual blocks on each of its maps, which are fused after each module.
///
/// Source: Sun et al., HRNet, arXiv:1902.09212. Checkpoint names `0.branches.0.0`, `0.fuse_layers.0.1`, …
final class HRNetStage: ParameterOwner {
  private final class Module: ParameterOwner {
    let branches: [[ResidualBlock]]
    let fusion: ResolutionFusion

    init(channels: [Int], blocks: Int, outputs: Set<Int>) {
      branches = channels.map { count in
        (0..<blocks).map { _ in ResidualBlock(.basic, inChannels: count, channels: count) }
      }
      fusion = ResolutionFusion(channels: channels, outputs: outputs)
    }

    var members: [LayerMember] {
      branches.enumerated().flatMap { LayerMember.list("branches.\($0.offset)", $0.element) }
        + [.layer("fuse_layers", fusion)]
    }

    func callAsFunction(_ maps: [Tensor], _ pass: ForwardPass) -> [Tensor] {
      fusion(zip(branches, maps).map { blocks, map in blocks.reduce(map) { $1($0, pass) } }, pass)
    }
  }

  private let modules: [Module]

  /// - Parameters:
  ///   - channels: of its maps, finest first.
  ///   - modules: how many.
  ///   - blocks: residual blocks of each map in each module.
  ///   - outputs: places of the maps that the last module gives.
  init(channels: [Int], modules count: Int, blocks: Int, outputs: Set<Int>) {
    modules = (0..<count).map { index in
      Module(
        channels: channels, blocks: blocks,
        outputs: index == count - 1 ? outputs : Set(channels.indices))
    }
  }

  var members: [LayerMember] { modules.enumerated().map { .layer(String($0.offset), $0.element) } }

  func callAsFunction(_ maps: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    modules.reduce(maps) { $1($0, pass) }
  }
}
