public import Tensor

/// What a model is trained to make small.
public protocol PoseLoss: AnyObject {
  /// Names of the items, as progress lines and `results.csv` show them.
  var itemNames: [String] { get }
  /// Told before the batches of each epoch, for losses that change on the way. Whatever a loss makes of it must depend
  /// on these numbers alone, so that a resumed run goes on to the same bits.
  ///
  /// - Parameter epoch: counted from 0.
  func begin(epoch: Int, of epochs: Int)
  /// - Parameter targets: labelled objects of each image of the batch, in pixels of the network's input.
  /// - Parameter imageSize: height and width of the network's input in pixels.
  func callAsFunction(
    _ output: HeadOutput, targets: [[Instance]], imageSize: (height: Int, width: Int)
  ) -> LossValue
}

extension PoseLoss {
  /// Most losses stay as they are.
  public func begin(epoch: Int, of epochs: Int) {}
}

/// A batch's loss.
public struct LossValue {
  /// One number: the sum of the items times the batch size; the start of the backward pass.
  public var total: Tensor
  /// The items with their gains, means over the batch.
  public var items: [Float]

  public init(total: Tensor, items: [Float]) {
    self.total = total
    self.items = items
  }
}

/// What a loss is built for.
public struct LossContext: Sendable {
  public var skeleton: Skeleton
  public var classCount: Int
  public var layout: HeadLayout
  /// Where a loss finds parts that are components themselves.
  public var registry: Registry

  public init(skeleton: Skeleton, classCount: Int, layout: HeadLayout, registry: Registry) {
    self.skeleton = skeleton
    self.classCount = classCount
    self.layout = layout
    self.registry = registry
  }
}
