/// A pair of `flip_idx` that the names of its keypoints speak against.
///
/// It may still be right, since names are free text; but where it is wrong, every mirrored picture teaches a wrong
/// label and no number shows it.
public struct FlipSuspicion: Sendable, Equatable {
  public enum Reason: Sendable, Equatable {
    /// The name has a side, and the keypoint of this name is the other one.
    case otherSide(String)
    /// The name has a side, yet the keypoint stays itself in a mirrored picture.
    case staysItself
    /// Neither name has a side.
    case noSides
  }

  /// The keypoint, and the one that `flip_idx` puts in its place.
  public var keypoint: Int
  public var partner: Int
  public var names: (keypoint: String, partner: String)
  public var reason: Reason

  public static func == (a: FlipSuspicion, b: FlipSuspicion) -> Bool {
    a.keypoint == b.keypoint && a.partner == b.partner && a.names == b.names && a.reason == b.reason
  }
}

extension FlipSuspicion: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .otherSide(let expected) where keypoint == partner:
      "'\(names.keypoint)' with itself instead of '\(expected)'"
    case .otherSide(let expected): "'\(names.keypoint)' with '\(names.partner)' instead of '\(expected)'"
    case .staysItself: "'\(names.keypoint)' with itself, although it has a side"
    case .noSides:
      "'\(names.keypoint)' with '\(names.partner)', which are not the left and right of one thing"
    }
  }
}
