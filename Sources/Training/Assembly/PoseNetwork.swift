public import Layers
public import PoseCore
public import Tensor

/// A model together with its numbers.
public final class PoseNetwork {
  public let model: PoseModel
  public let store: ParameterStore
  /// Of activations.
  public let precision: Precision

  /// Gives a model its memory and first numbers.
  ///
  /// - Parameters:
  ///   - seed: nil for a model whose weights are loaded next.
  ///   - precision: of activations.
  public init(_ model: PoseModel, device: Device, seed: UInt64?, precision: Precision = .float32) {
    self.model = model
    self.precision = precision
    store = ParameterStore(model, device: device, seed: seed)
  }

  public var layout: HeadLayout { model.layout }

  /// How the model is run in a mode, at this network's precision.
  public func pass(_ mode: ForwardPass.Mode) -> ForwardPass { ForwardPass(mode, precision: precision) }

  /// - Parameter images: `[batch, height, width, 3]`, numbers from 0 to 1.
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> HeadOutput { model(images, pass) }

  /// The same, with an error where a foreign engine fails.
  public func checked(_ images: Tensor, _ pass: ForwardPass) throws -> HeadOutput {
    let output = model(images, pass)
    if let failure = model.head.failure { throw failure }
    return output
  }

  /// See `PoseHead.decode`.
  public func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput {
    model.head.decode(output, image: image, minimumScore: minimumScore)
  }

  /// Keeps the numbers of some of the model's numbered layers as they are, running statistics included.
  ///
  /// - Throws: `OptionError` if there is no such layer, or nothing is left to train.
  public func freeze(_ freeze: FreezeOptions) throws(OptionError) {
    let layers = model.graph.nodes.count + 1
    let frozen = Set(freeze.indices)
    if let wrong = frozen.filter({ $0 >= layers }).min() {
      throw OptionError("freeze", "names layer \(wrong), but the model has layers 0 to \(layers - 1)")
    }
    var isTrained = false
    for state in store.states {
      guard case .parameter(let parameter) = state.kind, !parameter.isConstant else { continue }
      let place = state.path.split(separator: ".").dropFirst().first.flatMap { Int($0) }
      parameter.isFrozen = place.map(frozen.contains) ?? false
      isTrained = isTrained || !parameter.isFrozen
    }
    if !isTrained { throw OptionError("freeze", "leaves nothing to train; freeze fewer layers") }
  }
}
