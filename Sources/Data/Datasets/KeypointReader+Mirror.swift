internal import Config
internal import PoseCore

extension KeypointReader {
  /// `flip_idx`, or `flip_pairs` (`[[left_ear, right_ear], …]`), which says the same by names.
  func readFlips(_ names: [String]?, _ reader: inout MappingReader) -> [Int]? {
    let flips = reader.optionalIntList("flip_idx") ?? []
    if let node = reader.node("flip_pairs"), !node.isNull {
      if !flips.isEmpty {
        reader.report("there is 'flip_idx', too; keep one of the two", at: "flip_pairs")
        return nil
      }
      return reader.collect { try readPairs(node, names ?? []) }
    }
    if flips.isEmpty { return nil }
    if let fault = FlipPairs.fault(in: flips, count: count) {
      reader.report(fault, at: "flip_idx")
      return nil
    }
    return flips
  }

  private func readPairs(_ node: Node, _ names: [String]) throws(Diagnostic) -> [Int] {
    var flips = Array(0..<count)
    let pairs = try node.list(named: "flip_pairs") { pair, name throws(Diagnostic) in
      (
        pair.location,
        try pair.list(named: name, count: 2...2) { end, name throws(Diagnostic) -> Int in
          try keypoint(end, named: name, among: names)
        }
      )
    }
    func title(_ index: Int) -> String { names.indices.contains(index) ? "'\(names[index])'" : "\(index)" }
    for (location, pair) in pairs {
      if pair[0] == pair[1] {
        throw Diagnostic(
          .error, "'flip_pairs' pairs \(title(pair[0])) with itself; leave it out", at: location)
      }
      for end in pair where flips[end] != end {
        throw Diagnostic(.error, "'flip_pairs' has \(title(end)) in two pairs", at: location)
      }
      flips[pair[0]] = pair[1]
      flips[pair[1]] = pair[0]
    }
    return flips
  }

  /// Tells of pairs that the names speak against.
  func warn(of suspicions: [FlipSuspicion], _ reader: inout MappingReader) -> Diagnostic? {
    if suspicions.isEmpty { return nil }
    let key = reader.node("flip_pairs").map(\.isNull) == false ? "flip_pairs" : "flip_idx"
    let shown = suspicions.prefix(8).map(\.description).joined(separator: "; ")
    let warning = Diagnostic(
      .warning, "'\(key)' pairs \(shown)\(suspicions.count > 8 ? "; …" : "")", at: reader.node(key)?.location)
    reader.faults.append(warning)
    return warning
  }

  /// The pairs that follow from the names, with a word about it.
  func derivedFlips(_ nameLists: [[String]], _ reader: inout MappingReader) -> [Int]? {
    let derived = nameLists.map { FlipPairs.derived(from: $0) }
    if let first = derived.first, let first, derived.allSatisfy({ $0 == first }) {
      if reader.has("flip_idx") || nameLists[0] != Skeleton.cocoPerson.names {
        note(.note, "'flip_idx' is taken from the left and right in 'kpt_names': \(first)", &reader)
      }
      return first
    }
    if derived.contains(where: { $0 != nil }) {
      note(
        .warning,
        "there is no 'flip_idx', and the classes' keypoint names give different pairs: pictures will never be"
          + " mirrored in training", &reader)
      return nil
    }
    if !reader.has("flip_idx"), let names = nameLists.first, let lone = FlipPairs.lone(in: names) {
      reader.report(
        "'kpt_names' has '\(lone.name)', but no '\(lone.mirror)'; correct the names, or write"
          + " 'flip_idx: []' if there is none: then pictures are never mirrored", at: "kpt_names")
      return nil
    }
    note(
      .warning,
      "there is no 'flip_idx', and 'kpt_names' names no complete left and right sides: pictures will never be"
        + " mirrored in training", &reader)
    return nil
  }

  private func note(_ severity: Diagnostic.Severity, _ text: String, _ reader: inout MappingReader) {
    reader.faults.append(Diagnostic(severity, text, at: reader.location))
  }
}
