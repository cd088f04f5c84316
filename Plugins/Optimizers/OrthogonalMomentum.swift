internal import Layers
internal import PoseCore
internal import Tensor

/// Momentum of weights seen as matrices, with updates that are made orthogonal: what Muon and MuSGD share.
struct OrthogonalMomentum {
  let nesterov: Bool
  let iterations: Int

  /// Moves the momentum of a matrix and gives its update.
  ///
  /// m ← μ m + (1 - μ) g; the update is m, or μ m + (1 - μ) g with Nesterov's look ahead, taken near the nearest
  /// orthogonal matrix.
  ///
  /// - Parameters:
  ///   - matrix: its form.
  ///   - gradient: flat.
  ///   - momentum: flat; it is changed.
  /// - Returns: flat.
  func update(
    _ matrix: (rows: Int, columns: Int), gradient: Tensor, scale: Float, momentum: Tensor, beta: Float
  ) -> Tensor {
    let engine = gradient.device.engine
    let flat = Tensor(uninitialized: [gradient.count], on: gradient.device)
    engine.affine(gradient, scale: scale, offset: 0, to: flat)
    engine.exponentialMovingAverage(momentum, toward: flat, decay: beta)
    if nesterov {
      engine.exponentialMovingAverage(flat, toward: momentum, decay: 1 - beta)
    } else {
      engine.copy(momentum, to: flat)
    }
    flat.run(0..<flat.count, shape: [matrix.rows, matrix.columns]).orthogonalize(iterations: iterations)
    return flat
  }
}

extension ParameterStore {
  /// Every parameter that is trained now, with its place.
  var trainedParameters: [(parameter: Parameter, range: Range<Int>)] {
    states.compactMap { state in
      guard case .parameter(let parameter) = state.kind, parameter.isTrained,
        let offset = offset(of: state.path)
      else { return nil }
      return (parameter, offset..<(offset + parameter.count))
    }
  }
}
