public import PoseCore

/// What an exported model says of itself, under the keys that the YOLO tools write and read.
public struct ONNXMetadata: Sendable, Equatable {
  /// One line for people.
  public var summary: String
  /// Date and time with zone, ISO 8601.
  public var date: String
  /// Of PoseLab.
  public var version: String
  /// Largest stride: sides of pictures are multiples of it.
  public var stride: Int
  public var head: String
  public var batch: Int
  /// Of the pictures it was exported for, in pixels.
  public var height: Int
  public var width: Int
  public var classNames: [String]
  public var skeleton: Skeleton
  /// Whether boxes come without overlaps by the head's own doing.
  public var isEndToEnd: Bool
  /// The settings of the export.
  public var arguments: [(name: String, value: String)]

  public static func == (a: ONNXMetadata, b: ONNXMetadata) -> Bool {
    a.entries.elementsEqual(b.entries) { $0.key == $1.key && $0.value == $1.value }
  }

  public init(
    summary: String, date: String, version: String, stride: Int, head: String, batch: Int, height: Int,
    width: Int, classNames: [String], skeleton: Skeleton, isEndToEnd: Bool,
    arguments: [(name: String, value: String)] = []
  ) {
    self.summary = summary
    self.date = date
    self.version = version
    self.stride = stride
    self.head = head
    self.batch = batch
    self.height = height
    self.width = width
    self.classNames = classNames
    self.skeleton = skeleton
    self.isEndToEnd = isEndToEnd
    self.arguments = arguments
  }

  /// The file's entries, in their usual order. Those after `kpt_names` are PoseLab's own: what a data set's YAML says of
  /// its keypoints.
  public var entries: [(key: String, value: String)] {
    let names = PythonLiteral.dictionary(
      classNames.enumerated().map { .init(key: .int($0.offset), value: .string($0.element)) })
    func list(_ numbers: [Int]) -> PythonLiteral { .list(numbers.map { .int($0) }) }
    var entries: [(key: String, value: String)] = [
      ("description", summary), ("author", "PoseLab"), ("date", date), ("version", version),
      ("license", "that of the weights"), ("docs", "poselab export --help"), ("stride", "\(stride)"),
      ("task", "pose"), ("head", head), ("batch", "\(batch)"), ("imgsz", list([height, width]).text),
      ("names", names.text),
      ("args", "{" + arguments.map { "'\($0.name)': \($0.value)" }.joined(separator: ", ") + "}"),
      ("channels", "3"), ("end2end", isEndToEnd ? "True" : "False"),
      ("kpt_shape", list([skeleton.keypointCount, skeleton.dimensions]).text),
    ]
    if !skeleton.names.isEmpty {
      let keypoints = PythonLiteral.list(skeleton.names.map { .string($0) })
      let byClass = classNames.indices.map { PythonLiteral.Entry(key: .int($0), value: keypoints) }
      entries.append(("kpt_names", PythonLiteral.dictionary(byClass).text))
    }
    if let flips = skeleton.flipIndices { entries.append(("flip_idx", list(flips).text)) }
    if !skeleton.limbs.isEmpty {
      entries.append(("skeleton", PythonLiteral.list(skeleton.limbs.map { list([$0.0, $0.1]) }).text))
    }
    if skeleton.sigmaSource != .uniform {
      // A number is read back as the same one.
      entries.append(("kpt_oks_sigmas", "[" + skeleton.sigmas.map { "\($0)" }.joined(separator: ", ") + "]"))
    }
    return entries
  }
}
