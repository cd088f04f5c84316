public import PoseCore

/// What errors of keypoints are divided by: a length of the label, in pixels.
public enum ReferenceLength: Sendable, Equatable {
  /// The longer side of the box.
  case box
  /// The side of a square as large as the box.
  case boxArea
  case boxDiagonal
  /// Between two keypoints, by their numbers.
  case segment(Int, Int)
  /// 1: errors stay in pixels.
  case pixel

  /// Nil where it cannot be measured: a keypoint is unlabelled, or the length is 0.
  public func callAsFunction(_ label: Instance) -> Double? {
    let (width, height) = (Double(label.box.width), Double(label.box.height))
    let length: Double
    switch self {
    case .box: length = max(width, height)
    case .boxArea: length = (max(0, width) * max(0, height)).squareRoot()
    case .boxDiagonal: length = (width * width + height * height).squareRoot()
    case .pixel: return 1
    case .segment(let from, let to):
      let (a, b) = (label.keypoints[from], label.keypoints[to])
      guard a.isLabelled, b.isLabelled else { return nil }
      let (dx, dy) = (Double(a.x) - Double(b.x), Double(a.y) - Double(b.y))
      length = (dx * dx + dy * dy).squareRoot()
    }
    return length > 0 && length.isFinite ? length : nil
  }

  /// As reports name it.
  public func description(_ skeleton: Skeleton) -> String {
    switch self {
    case .box: "the longer side of the label's box"
    case .boxArea: "the root of the area of the label's box"
    case .boxDiagonal: "the diagonal of the label's box"
    case .segment(let from, let to):
      "the distance from \(skeleton.name(of: from)) to \(skeleton.name(of: to))"
    case .pixel: "pixels"
    }
  }
}

extension ReferenceLength {
  /// The words for it in specs.
  enum Choice: String, CaseIterable {
    case bbox
    case bboxArea = "bbox_area"
    case bboxDiagonal = "bbox_diagonal"
    case torso
    case segment
    case pixel
  }

  static func parameters(_ choice: Choice) -> [ParameterDeclaration] {
    [
      .init(
        "normalize", .choice(of: Choice.self), default: .string(choice.rawValue),
        help:
          "what errors are divided by: longer side, root of area or diagonal of the box, left_shoulder to "
          + "right_hip, the segment of 'from' and 'to', or nothing (pixel)", aliases: ["norm"])
    ] + ends
  }

  static let ends: [ParameterDeclaration] = [
    .init("from", .string(), default: .null, help: "name of the keypoint at one end of the segment"),
    .init("to", .string(), default: .null, help: "name of the keypoint at its other end"),
  ]

  init(_ arguments: Arguments, _ skeleton: Skeleton) throws {
    let choice: Choice = try arguments.choice("normalize")
    if choice != .segment, try Self.ends(arguments, skeleton) != nil {
      throw arguments.error("'from' and 'to' mean something with normalize: segment alone", at: "from")
    }
    switch choice {
    case .bbox: self = .box
    case .bboxArea: self = .boxArea
    case .bboxDiagonal: self = .boxDiagonal
    case .pixel: self = .pixel
    case .torso:
      guard let from = skeleton.index(of: "left_shoulder"), let to = skeleton.index(of: "right_hip") else {
        throw arguments.error(
          "the skeleton has no left_shoulder or no right_hip; name two keypoints with normalize: segment, "
            + "from and to", at: "normalize")
      }
      self = .segment(from, to)
    case .segment:
      guard let ends = try Self.ends(arguments, skeleton) else {
        throw arguments.error(
          "normalize: segment needs 'from' and 'to', names of two keypoints", at: "normalize")
      }
      self = .segment(ends.0, ends.1)
    }
  }

  /// The keypoints that `from` and `to` name; nil where neither is given.
  static func ends(_ arguments: Arguments, _ skeleton: Skeleton) throws -> (Int, Int)? {
    let names = (try arguments.optionalString("from"), try arguments.optionalString("to"))
    guard names.0 != nil || names.1 != nil else { return nil }
    func index(_ name: String?, _ key: String) throws -> Int {
      guard let name else { throw arguments.error("'from' and 'to' belong together: give both", at: "from") }
      guard let index = skeleton.index(of: name) else {
        throw arguments.error(
          "no keypoint named '\(name)'; there are: \(skeleton.names.joined(separator: ", "))", at: key)
      }
      return index
    }
    let ends = (try index(names.0, "from"), try index(names.1, "to"))
    if ends.0 == ends.1 { throw arguments.error("'from' and 'to' name the same keypoint", at: "to") }
    return ends
  }
}

extension Skeleton {
  func index(of name: String) -> Int? { names.firstIndex(of: name).flatMap { $0 < keypointCount ? $0 : nil } }

  /// The name of a keypoint, or its number.
  func name(of index: Int) -> String { index < names.count ? names[index] : "keypoint \(index)" }
}
