public import Config
public import Tensor

/// A model as a YAML file describes it: parts by name or as recipes, scales, and what it predicts.
///
/// Two forms are read. In PoseLab's own, `backbone`, `neck` and `head` are each a recipe or a registered name with
/// arguments. In the one that the YOLO family writes, `backbone` and `head` are recipes, and the head proper is the
/// last line.
///
/// ```yaml
/// nc: 1
/// kpt_shape: [17, 3]
/// backbone: yolo11
/// neck: { name: pafpn, repeats: 2 }
/// head: yolo11_pose
/// ```
public struct ModelSpec: Sendable {
  /// Number of classes (`nc`); a data set may set it.
  public var classCount: Int?
  /// Keypoints, and 2 or 3 numbers each (`kpt_shape`); a data set may set it.
  public var keypointShape: KeypointShape?
  /// Bins of a box side's distribution (`reg_max`), for heads that are not told otherwise.
  public var regMax: Int?
  /// Whether the head is to have a one-to-one branch (`end2end`), for heads that are not told otherwise.
  public var isEndToEnd: Bool?
  /// What convolution blocks apply in place of SiLU (`activation`).
  public var activation: Activation?
  public var scale: ModelScale
  /// The scales the file knows, in its order.
  public var scales: [ModelScale]
  public var backbone: PartSpec
  public var neck: PartSpec?
  public var head: PartSpec
  /// The YAML it was read from; faults of the whole point there.
  public var document: Node

  public var location: SourceLocation? { document.location }

  /// The YAML of the very model this is: with the scale, classes and keypoints that were chosen.
  ///
  /// Reading it gives the same model, whatever file and data set this one came from.
  public var resolved: Node {
    var entries: [Node.Entry] = []
    if let classCount { entries.append(Node.Entry(key: "nc", value: Node(.int(classCount)))) }
    if let shape = keypointShape {
      let numbers = [Node(.int(shape.count)), Node(.int(shape.dimensions))]
      entries.append(Node.Entry(key: "kpt_shape", value: Node(.sequence(numbers))))
    }
    if !scales.isEmpty { entries.append(Node.Entry(key: "scale", value: Node(.string(scale.name)))) }
    return document.merging(Node(.mapping(entries), at: location))
  }

  public struct KeypointShape: Sendable, Equatable {
    public var count: Int
    /// 2 (x, y) or 3 (x, y, visibility).
    public var dimensions: Int

    public init(count: Int, dimensions: Int) {
      self.count = count
      self.dimensions = dimensions
    }
  }
}
