public import PoseCore

/// Which keypoints of one skeleton are which of another, by their names.
///
/// `left_eye`, `Left Eye`, `leftEye` and `l_eye` are the same name.
public struct SkeletonMap: Sendable, Equatable {
  /// For each keypoint of the target, the source's; nil where it has none.
  public let sources: [Int?]
  /// Names that only the target, or only the source, has.
  public let missing: [String]
  public let unused: [String]

  /// No keypoint of one has the name of one of the other, or a skeleton has no names.
  public struct NoMatch: Error, Sendable, Equatable, CustomStringConvertible {
    public let source: [String]
    public let target: [String]

    public var description: String {
      if source.isEmpty || target.isEmpty {
        return "keypoints are converted by name, but a data set has none; write 'kpt_names'"
      }
      return "no keypoint has the same name in both: \(source.joined(separator: ", ")) and"
        + " \(target.joined(separator: ", "))"
    }
  }

  public init(from source: Skeleton, to target: Skeleton) throws(NoMatch) {
    let isSame = source.names == target.names && source.keypointCount == target.keypointCount
    if isSame && (!source.names.isEmpty || source.keypointCount == target.keypointCount) {
      sources = (0..<target.keypointCount).map { $0 }
      (missing, unused) = ([], [])
      return
    }
    var places: [String: Int] = [:]
    for (index, name) in source.names.enumerated() { places[Self.plain(name)] = index }
    sources = (0..<target.keypointCount).map { index in
      target.names.indices.contains(index) ? places[Self.plain(target.names[index])] : nil
    }
    if sources.allSatisfy({ $0 == nil }) { throw NoMatch(source: source.names, target: target.names) }
    let used = Set(sources.compactMap { $0 })
    missing = zip(target.names, sources).filter { $0.1 == nil }.map(\.0)
    unused = source.names.enumerated().filter { !used.contains($0.offset) }.map(\.element)
  }

  /// The instance with the target's keypoints; those the source lacks are unlabelled.
  public func apply(to instance: Instance) -> Instance {
    var copy = instance
    copy.keypoints = sources.map { source in
      guard let source, instance.keypoints.indices.contains(source) else {
        return Keypoint(x: 0, y: 0, visibility: .unlabelled)
      }
      return instance.keypoints[source]
    }
    return copy
  }

  /// Words in lower case, sides spelt out, in alphabetical order: `eye left` for `leftEye`, `L_eye`, `eye.left`.
  static func plain(_ name: String) -> String {
    var words: [String] = [""]
    var last: Character?
    for character in name {
      let starts =
        last.map { $0.isLowercase && character.isUppercase || $0.isLetter != character.isLetter } ?? false
      if starts || !(character.isLetter || character.isNumber) { words.append("") }
      if character.isLetter || character.isNumber { words[words.count - 1] += character.lowercased() }
      last = character
    }
    words.removeAll(where: \.isEmpty)
    if words.count > 1 { words = words.map { $0 == "l" ? "left" : $0 == "r" ? "right" : $0 } }
    return words.sorted().joined(separator: " ")
  }
}
