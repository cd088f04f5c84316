public import PoseCore
internal import Tensor

/// The loss of one-stage pose models with a decoupled head, as a step of the autograd tape: `PoseCriterion` says
/// what it is.
///
/// Forward and backward pass are computed together, on the host; the tape keeps the finished gradients.
public final class YOLOPoseLoss: PoseLoss {
  public let criterion: PoseCriterion
  public let itemNames: [String]

  /// - Parameter regMax: bins of a side's distribution in the head; one bin makes `dfl_loss` an `l1_loss`.
  public init(criterion: PoseCriterion, regMax: Int = 16) {
    self.criterion = criterion
    itemNames = PoseCriterionValue.itemNames.map { $0 == "dfl_loss" && regMax == 1 ? "l1_loss" : $0 }
  }

  /// - Precondition: targets fit the head: as many lists as images, valid classes, as many keypoints, all finite.
  public func callAsFunction(
    _ output: HeadOutput, targets: [[Instance]], imageSize: (height: Int, width: Int)
  ) -> LossValue {
    let inputs = output.levels.flatMap { [$0.boxes, $0.scores, $0.keypoints] }
    let device = inputs[0].device
    let gradients =
      inputs.contains { $0.needsGradient } ? inputs.map { Tensor(uninitialized: $0.shape, on: device) } : []
    let value = lending(inputs) { values in
      overwriting(gradients) { slopes in
        evaluate(output, values, targets, slopes)
      }
    }
    let total = Tensor([value.total], shape: [1], on: device).recorded(from: inputs) { gradient, writer in
      let factor = gradient.scalar
      for (index, slope) in gradients.enumerated() where writer.wants(index) {
        if factor != 1 { device.engine.affine(slope, scale: factor, offset: 0, to: slope) }
        writer.add(to: index, existing: slope, shared: false)
      }
    }
    return LossValue(total: total, items: value.items)
  }

  private func evaluate(
    _ output: HeadOutput, _ values: [UnsafePointer<Float>], _ targets: [[Instance]],
    _ slopes: [UnsafeMutablePointer<Float>]
  ) -> PoseCriterionValue {
    let layout = output.layout
    let levels = zip(output.levels, layout.strides).map { level, stride in
      AnchorGrid.Level(height: level.boxes.shape[1], width: level.boxes.shape[2], stride: stride)
    }
    let buffers = HeadBuffers(
      batch: output.batch, grid: AnchorGrid(levels: levels), classes: layout.classCount,
      keypointCount: layout.keypointCount, dimensions: layout.keypointDimensions, regMax: layout.regMax,
      boxes: values.third(0), scores: values.third(1), keypoints: values.third(2))
    let gradients =
      slopes.isEmpty
      ? nil : HeadGradients(boxes: slopes.third(0), scores: slopes.third(1), keypoints: slopes.third(2))
    do {
      return try criterion.evaluate(buffers, targets: targets, gradients: gradients)
    } catch {
      preconditionFailure("YOLOPoseLoss: \(error)")
    }
  }
}

extension Array {
  /// Every third element, from the `first` on.
  fileprivate func third(_ first: Int) -> [Element] { stride(from: first, to: count, by: 3).map { self[$0] } }
}

/// Lends the numbers of all tensors at once.
private func lending<Result>(
  _ tensors: [Tensor], lent: [UnsafePointer<Float>] = [], _ body: ([UnsafePointer<Float>]) -> Result
) -> Result {
  guard lent.count < tensors.count else { return body(lent) }
  return tensors[lent.count].withHostValues { values in
    guard let base = values.baseAddress else { preconditionFailure("YOLOPoseLoss: empty head output") }
    return lending(tensors, lent: lent + [base], body)
  }
}

/// Lends memory for the numbers of all tensors at once.
private func overwriting<Result>(
  _ tensors: [Tensor], lent: [UnsafeMutablePointer<Float>] = [],
  _ body: ([UnsafeMutablePointer<Float>]) -> Result
) -> Result {
  guard lent.count < tensors.count else { return body(lent) }
  return tensors[lent.count].overwriteOnHost { values in
    guard let base = values.baseAddress else { preconditionFailure("YOLOPoseLoss: empty head output") }
    return overwriting(tensors, lent: lent + [base], body)
  }
}
