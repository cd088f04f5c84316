public import Imaging

extension Skeleton {
  /// The side of each keypoint: by the words `left` and `right` in its name, or a leading or trailing `l`
  /// or `r` (`l_knee`, `knee_r`); without names, the lower index of a flip pair counts as left.
  public var sides: [PoseFigure.Side] {
    let named = (0..<keypointCount).map { index in
      names.indices.contains(index) ? Self.side(named: names[index]) : .middle
    }
    guard named.allSatisfy({ $0 == .middle }), let flipIndices else { return named }
    return (0..<keypointCount).map { index in
      guard flipIndices.indices.contains(index) else { return .middle }
      let partner = flipIndices[index]
      return partner == index ? .middle : index < partner ? .left : .right
    }
  }

  private static func side(named name: String) -> PoseFigure.Side {
    let words = name.lowercased().split { !$0.isLetter }
    if words.contains(where: { $0.hasPrefix("left") || $0.hasSuffix("left") }) { return .left }
    if words.contains(where: { $0.hasPrefix("right") || $0.hasSuffix("right") }) { return .right }
    if words.first == "l" || words.last == "l" { return .left }
    if words.first == "r" || words.last == "r" { return .right }
    return .middle
  }
}
