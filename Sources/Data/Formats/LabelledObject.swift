public import PoseCore

/// One labelled object with what training and evaluation need to know of it.
public struct LabelledObject: Sendable, Equatable {
  /// In pixels of the upright image.
  public var instance: Instance
  /// Of its own in the data set; 0 for forms that know none, which get numbers in the order of the images.
  public var id: Int
  /// Square pixels.
  public var area: Double
  public var flags: LabelFlags
  /// Where it stands in its file: the line from 1, or the place in a COCO file's `annotations` from 0; nil where the
  /// form does not tell.
  public var row: Int?

  /// - Parameter area: nil takes that of the box.
  public init(instance: Instance, id: Int = 0, area: Double? = nil, flags: LabelFlags = []) {
    self.instance = instance
    self.id = id
    self.area = area ?? Double(instance.box.width) * Double(instance.box.height)
    self.flags = flags
  }
}

/// What sets a labelled object apart.
public struct LabelFlags: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A group under one box.
  public static let crowd = LabelFlags(rawValue: 1)
  /// No keypoint is labelled, in a file that says so (COCO's).
  public static let unlabelled = LabelFlags(rawValue: 2)
  /// The box has no area.
  public static let empty = LabelFlags(rawValue: 4)

  /// Training takes only objects that are whole.
  public var isTrainable: Bool { isEmpty }
}
