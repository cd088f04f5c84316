internal import PoseCore

/// What mirroring does to the order of keypoints.
enum FlipPairs {
  /// What is wrong with flip indices; nil if they are sound.
  static func fault(in indices: [Int], count: Int) -> String? {
    if indices.count != count {
      return "'flip_idx' has \(indices.count) entries, but there are \(count) keypoints; give one each"
    }
    if let odd = indices.first(where: { !(0..<count).contains($0) }) {
      return "'flip_idx' has the entry \(odd), but keypoints are numbered 0 to \(count - 1)"
    }
    var places: [Int: Int] = [:]
    for (place, index) in indices.enumerated() {
      if let earlier = places.updateValue(place, forKey: index) {
        return "'flip_idx' is no permutation: \(index) stands at places \(earlier) and \(place)"
      }
    }
    for (place, index) in indices.enumerated() where indices[index] != place {
      return "'flip_idx' does not pair up: \(place) becomes \(index), but \(index) becomes"
        + " \(indices[index]); mirroring twice must change nothing"
    }
    return nil
  }

  /// The indices that follow from names with left and right in them; nil if no name has a side, or one's other
  /// side is missing.
  static func derived(from names: [String]) -> [Int]? {
    var indices = Array(names.indices)
    var found = false
    for (place, name) in names.enumerated() {
      guard let mirror = MirrorName.of(name) else { continue }
      guard let other = names.firstIndex(of: mirror), other != place else { return nil }
      indices[place] = other
      found = true
    }
    return found && fault(in: indices, count: names.count) == nil ? indices : nil
  }

  /// The first name with a side whose other side is missing.
  static func lone(in names: [String]) -> (name: String, mirror: String)? {
    for name in names {
      if let mirror = MirrorName.of(name), !names.contains(mirror) { return (name, mirror) }
    }
    return nil
  }

  /// Pairs that the names speak against.
  static func suspicions(_ indices: [Int], names: [String]) -> [FlipSuspicion] {
    var found: [FlipSuspicion] = []
    var told: Set<Set<Int>> = []
    for (place, name) in names.enumerated() {
      let given = indices[place]
      let reason: FlipSuspicion.Reason
      if let mirror = MirrorName.of(name) {
        let other = names.firstIndex(of: mirror)
        if other == given || other == nil && given != place { continue }
        reason = other == nil ? .staysItself : .otherSide(mirror)
      } else if given != place, MirrorName.of(names[given]) == nil {
        reason = .noSides
      } else {
        continue
      }
      guard told.insert([place, given]).inserted else { continue }
      found.append(
        FlipSuspicion(keypoint: place, partner: given, names: (name, names[given]), reason: reason))
    }
    return found
  }
}
