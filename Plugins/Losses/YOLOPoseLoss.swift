public import PoseCore
internal import Tensor

/// The loss of one-stage pose models with a decoupled head, as a step of the autograd tape: `PoseCriterion` says
/// what it is.
///
/// Forward and backward pass are computed together, on the host; the tape keeps the finished gradients. A head with
/// two sets of branches has one such loss for each, whose sum is weighted by `BranchBalance`; the items are those of
/// the one-to-one set.
public final class YOLOPoseLoss: PoseLoss {
  public let criterion: PoseCriterion
  public let itemNames: [String]
  /// Of the one-to-one branches, for heads that have them.
  public let oneToOne: PoseCriterion?
  /// Of heads that say how sure they are.
  public let likelihood: (any LikelihoodLoss)?
  /// Gain of `likelihood`.
  public let likelihoodGain: Float
  public let balance: BranchBalance
  private var weights: (oneToMany: Double, oneToOne: Double)

  /// - Parameter regMax: bins of a side's distribution in the head; one bin makes `dfl_loss` an `l1_loss`.
  public init(
    criterion: PoseCriterion, regMax: Int = 16, oneToOne: PoseCriterion? = nil,
    likelihood: (any LikelihoodLoss)? = nil, likelihoodGain: Float = 1,
    balance: BranchBalance = BranchBalance()
  ) {
    self.criterion = criterion
    self.oneToOne = oneToOne
    self.likelihood = likelihood
    self.likelihoodGain = likelihoodGain
    self.balance = balance
    weights = balance.weights(epoch: 0, of: 1)
    itemNames =
      PoseCriterionValue.itemNames.map { $0 == "dfl_loss" && regMax == 1 ? "l1_loss" : $0 }
      + (likelihood == nil ? [] : ["rle_loss"])
  }

  public func begin(epoch: Int, of epochs: Int) {
    weights = balance.weights(epoch: epoch, of: epochs)
  }

  /// - Precondition: targets fit the head: as many lists as images, valid classes, as many keypoints, all finite.
  public func callAsFunction(
    _ output: HeadOutput, targets: [[Instance]], imageSize: (height: Int, width: Int)
  ) -> LossValue {
    let many = value(of: output.levels, output, criterion, targets)
    guard let oneToOne, let levels = output.oneToOne else { return many }
    let one = value(of: levels, output, oneToOne, targets)
    return LossValue(
      total: many.total * Float(weights.oneToMany) + one.total * Float(weights.oneToOne), items: one.items)
  }

  /// The loss of one set of branches.
  private func value(
    of levels: [HeadOutput.Level], _ output: HeadOutput, _ criterion: PoseCriterion, _ targets: [[Instance]]
  ) -> LossValue {
    let inputs = levels.flatMap { [$0.boxes, $0.scores, $0.keypoints] }
    let device = inputs[0].device
    let gradients =
      inputs.contains { $0.needsGradient } ? inputs.map { Tensor(uninitialized: $0.shape, on: device) } : []
    let (value, images) = lending(inputs) { values in
      overwriting(gradients) { slopes in
        evaluate(criterion, levels, output, values, targets, slopes)
      }
    }
    let total = Tensor([value.total], shape: [1], on: device).recorded(from: inputs) { gradient, writer in
      let factor = gradient.scalar
      for (index, slope) in gradients.enumerated() where writer.wants(index) {
        if factor != 1 { device.engine.affine(slope, scale: factor, offset: 0, to: slope) }
        writer.add(to: index, existing: slope, shared: false)
      }
    }
    guard let likelihood else { return LossValue(total: total, items: value.items) }
    guard let density = output.errorDensity, levels.allSatisfy({ $0.sigmas != nil }) else {
      return LossValue(total: total, items: value.items + [0])
    }
    var samples = KeypointSamples(levels, output.layout, images)
    guard let distributions = samples.distributions() else {
      return LossValue(total: total, items: value.items + [0])
    }
    let unlikelihood = likelihood(distributions, density: density) * likelihoodGain
    return LossValue(
      total: total + unlikelihood * Float(output.batch), items: value.items + [unlikelihood.scalar])
  }

  private func evaluate(
    _ criterion: PoseCriterion, _ levels: [HeadOutput.Level], _ output: HeadOutput,
    _ values: [UnsafePointer<Float>], _ targets: [[Instance]], _ slopes: [UnsafeMutablePointer<Float>]
  ) -> (PoseCriterionValue, [PoseCriterion.AssignedImage]) {
    let layout = output.layout
    let grid = AnchorGrid(
      levels: zip(levels, layout.strides).map { level, stride in
        AnchorGrid.Level(height: level.boxes.shape[1], width: level.boxes.shape[2], stride: stride)
      })
    let buffers = HeadBuffers(
      batch: output.batch, grid: grid, classes: layout.classCount, keypointCount: layout.keypointCount,
      dimensions: layout.keypointDimensions, regMax: layout.regMax, boxes: values.third(0),
      scores: values.third(1), keypoints: values.third(2), keypointEncoding: layout.keypointEncoding)
    let gradients =
      slopes.isEmpty
      ? nil : HeadGradients(boxes: slopes.third(0), scores: slopes.third(1), keypoints: slopes.third(2))
    do {
      try criterion.check(targets, for: buffers)
    } catch {
      preconditionFailure("YOLOPoseLoss: \(error)")
    }
    let images = criterion.assign(buffers, targets)
    return (criterion.evaluate(buffers, images: images, gradients: gradients), images)
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
