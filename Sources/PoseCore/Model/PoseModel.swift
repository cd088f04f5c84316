public import Config
public import Layers
public import Tensor

/// A whole network: images to a pose head's raw numbers.
///
/// Building one allocates nothing; `ParameterStore(model, device:seed:)` gives its parameters their memory.
/// Checkpoint names are `model.<node>.…`, the head's being the last node.
public final class PoseModel: ParameterOwner {
  public let graph: FeatureGraph
  public let head: any PoseHead
  public let scale: ModelScale
  /// The head's registered name, how its sources are written, and its resolved arguments.
  public let headName: String
  public let headFrom: String
  public let headArguments: Node

  init(
    graph: FeatureGraph, head: any PoseHead, scale: ModelScale, headName: String, headFrom: String,
    headArguments: Node
  ) {
    self.graph = graph
    self.head = head
    self.scale = scale
    self.headName = headName
    self.headFrom = headFrom
    self.headArguments = headArguments
  }

  /// A model that is a head alone, which takes pictures.
  package convenience init(head: any PoseHead, name: String) {
    self.init(
      graph: FeatureGraph(
        inputs: [FeatureShape(channels: 3, stride: 1)], nodes: [], results: [.input(0)]), head: head,
      scale: .full, headName: name, headFrom: "", headArguments: Node(.null))
  }

  public var layout: HeadLayout { head.layout }
  /// Input pixels that one position of each of the head's levels spans.
  public var strides: [Int] { head.layout.strides }

  /// Heights and widths of images must be multiples of this.
  public var sizeMultiple: Int {
    graph.nodes.flatMap(\.outputs).reduce(head.inputLimits.multiple) { leastCommonMultiple($0, $1.stride) }
  }

  public var members: [LayerMember] {
    LayerMember.list("model", graph.nodes.map(\.owner)) + [.layer("model.\(graph.nodes.count)", head)]
  }

  /// - Parameter images: `[batch, height, width, 3]`, red, green, blue from 0 to 1.
  /// - Precondition: height and width are multiples of `sizeMultiple`.
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> HeadOutput {
    self(images, pass) { _, _ in }
  }

  /// - Parameter observe: gets the maps of each node but the head as they are made.
  public func callAsFunction(
    _ images: Tensor, _ pass: ForwardPass, observing observe: (_ node: Int, _ maps: [Tensor]) -> Void
  ) -> HeadOutput {
    precondition(
      images.shape.count == 4 && images.shape[3] == 3 && images.shape[1] % sizeMultiple == 0
        && images.shape[2] % sizeMultiple == 0,
      "images \(images.shape) for a model that takes multiples of \(sizeMultiple)")
    return head(graph([images], pass, observing: observe), pass)
  }
}

/// `Int.max` where the result is larger.
private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (a, b)
  while y != 0 { (x, y) = (y, x % y) }
  let (product, overflow) = (a / x).multipliedReportingOverflow(by: b)
  return overflow ? .max : product
}
