internal import Config
internal import PoseCore

/// Reads what a dataset YAML says about keypoints: names, mirror pairs, limbs and sigmas.
struct KeypointReader {
  /// What was read.
  struct Reading {
    var skeleton: Skeleton
    /// Mirror pairs that the names speak against, and the warning of them.
    var suspicions: [FlipSuspicion] = []
    var flipWarning: Diagnostic?
  }

  let count: Int
  let dimensions: Int

  func read(_ reader: inout MappingReader) -> Reading {
    let nameLists = readNames(&reader)
    let givenNames = nameLists.first
    var flips = readFlips(givenNames, &reader)
    let coco = Skeleton.cocoPerson
    // Without names, only COCO's own pairs tell that these are its keypoints: other sets have 17, too.
    let isCOCO =
      count == coco.keypointCount && (givenNames ?? coco.names) == coco.names
      && (givenNames != nil || flips == coco.flipIndices)
    let names = givenNames ?? (isCOCO ? coco.names : (0..<count).map { "point_\($0)" })
    var suspicions: [FlipSuspicion] = []
    if let flips {
      for list in nameLists where suspicions.isEmpty {
        suspicions = FlipPairs.suspicions(flips, names: list)
      }
    } else if !reader.faults.hasErrors {
      flips = derivedFlips(nameLists, &reader)
    }
    let warning = warn(of: suspicions, &reader)
    let limbs = readLimbs(&reader, names) ?? (isCOCO ? coco.limbs : [])
    let (sigmas, source) = readSigmas(givenNames, isCOCO: isCOCO, &reader)
    return Reading(
      skeleton: Skeleton(
        keypointCount: count, dimensions: dimensions, names: names, flipIndices: flips, limbs: limbs,
        sigmas: sigmas, sigmaSource: source),
      suspicions: suspicions, flipWarning: warning)
  }

  // Names

  /// `kpt_names`: a list of names, or one for each class (the classes share their keypoints). Empty without names.
  private func readNames(_ reader: inout MappingReader) -> [[String]] {
    guard let node = reader.node("kpt_names"), !node.isNull else { return [] }
    var lists: [Node] = [node]
    if case .mapping(let entries) = node.value { lists = entries.map(\.value) }
    if case .sequence(let nodes) = node.value, case .sequence? = nodes.first?.value { lists = nodes }
    var found: [[String]] = []
    for list in lists {
      let read = reader.collect { () throws(Diagnostic) -> [String] in
        let read = try NameList.read(list, named: "kpt_names")
        if read.count != count {
          throw Diagnostic(
            .error, "'kpt_names' lists \(read.count) names, but 'kpt_shape' says \(count) keypoints",
            at: list.location)
        }
        for (index, name) in read.enumerated() where read.firstIndex(of: name) != index {
          throw Diagnostic(.error, "'kpt_names' has '\(name)' twice", at: list.location)
        }
        return read
      }
      guard let read else { return [] }
      if !found.contains(read) { found.append(read) }
    }
    if found.count > 1 {
      reader.report(
        "classes have different keypoint names; those of the first class are used for all",
        at: "kpt_names", severity: .warning)
    }
    return found
  }

  // Limbs

  private func readLimbs(_ reader: inout MappingReader, _ names: [String]) -> [(Int, Int)]? {
    guard let node = reader.node("skeleton"), !node.isNull else { return nil }
    return reader.collect { () throws(Diagnostic) -> [(Int, Int)] in
      try node.list(named: "skeleton") { limb, name throws(Diagnostic) -> (Int, Int) in
        let ends = try limb.list(named: name, count: 2...2) { end, name throws(Diagnostic) -> Int in
          try keypoint(end, named: name, among: names)
        }
        return (ends[0], ends[1])
      }
    }
  }

  /// A keypoint by its name, or by its position from 0.
  func keypoint(_ node: Node, named name: String, among names: [String]) throws(Diagnostic) -> Int {
    guard case .string(let text) = node.value else { return try node.int(named: name, in: 0...(count - 1)) }
    if let index = names.firstIndex(of: text) { return index }
    throw Diagnostic(
      .error, "no keypoint named '\(text)'\(suggestion(for: text, among: names))", at: node.location)
  }
}
