internal import Config
internal import PoseCore

/// Reads what a dataset YAML says about keypoints.
struct KeypointReader {
  let count: Int
  let dimensions: Int

  func read(_ reader: inout MappingReader) -> Skeleton {
    let givenNames = readNames(&reader)
    var flips = readFlips(&reader)
    let coco = Skeleton.cocoPerson
    // Without names, only COCO's own pairs tell that these are its keypoints: other sets have 17, too.
    let isCOCO =
      count == coco.keypointCount && (givenNames ?? coco.names) == coco.names
      && (givenNames != nil || flips == coco.flipIndices)
    let names = givenNames ?? (isCOCO ? coco.names : (0..<count).map { "point_\($0)" })
    if let flips {
      warn(ofSuspicious: flips, givenNames, &reader)
    } else if !reader.faults.hasErrors {
      flips = derivedFlips(givenNames, &reader)
    }
    let limbs = readLimbs(&reader, names) ?? (isCOCO ? coco.limbs : [])
    let (sigmas, source) = readSigmas(&reader)
    return Skeleton(
      keypointCount: count, dimensions: dimensions, names: names, flipIndices: flips, limbs: limbs,
      sigmas: sigmas, sigmaSource: source)
  }

  // Names

  /// `kpt_names`: a list of names, or one for each class (the classes share their keypoints).
  private func readNames(_ reader: inout MappingReader) -> [String]? {
    guard let node = reader.node("kpt_names"), !node.isNull else { return nil }
    var lists: [Node] = [node]
    if case .mapping(let entries) = node.value { lists = entries.map(\.value) }
    if case .sequence(let nodes) = node.value, case .sequence? = nodes.first?.value { lists = nodes }
    var names: [String]?
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
      guard let read else { return nil }
      if let names, names != read {
        reader.report(
          "classes have different keypoint names; those of the first class are used for all",
          at: "kpt_names", severity: .warning)
      }
      names = names ?? read
    }
    return names
  }

  // Mirror pairs

  private func readFlips(_ reader: inout MappingReader) -> [Int]? {
    guard let flips = reader.optionalIntList("flip_idx"), !flips.isEmpty else { return nil }
    if let fault = FlipPairs.fault(in: flips, count: count) {
      reader.report(fault, at: "flip_idx")
      return nil
    }
    return flips
  }

  private func warn(ofSuspicious flips: [Int], _ names: [String]?, _ reader: inout MappingReader) {
    guard let names else { return }
    let texts = FlipPairs.suspicions(flips, names: names)
    if texts.isEmpty { return }
    let shown = texts.prefix(5).joined(separator: "; ") + (texts.count > 5 ? "; …" : "")
    reader.report("'flip_idx' pairs \(shown)", at: "flip_idx", severity: .warning)
  }

  private func derivedFlips(_ names: [String]?, _ reader: inout MappingReader) -> [Int]? {
    if let names, let derived = FlipPairs.derived(from: names) {
      if reader.has("flip_idx") || names != Skeleton.cocoPerson.names {
        reader.faults.append(
          Diagnostic(
            .note, "'flip_idx' is taken from the left and right in 'kpt_names': \(derived)",
            at: reader.location))
      }
      return derived
    }
    reader.faults.append(
      Diagnostic(
        .warning,
        "there is no 'flip_idx', and 'kpt_names' names no complete left and right sides: pictures will never be"
          + " mirrored in training", at: reader.location))
    return nil
  }

  // Limbs

  private func readLimbs(_ reader: inout MappingReader, _ names: [String]) -> [(Int, Int)]? {
    guard let node = reader.node("skeleton"), !node.isNull else { return nil }
    return reader.collect { () throws(Diagnostic) -> [(Int, Int)] in
      try node.list(named: "skeleton") { limb, name throws(Diagnostic) -> (Int, Int) in
        let ends = try limb.list(named: name, count: 2...2) { end, name throws(Diagnostic) -> Int in
          guard case .string(let text) = end.value else {
            return try end.int(named: name, in: 0...(count - 1))
          }
          if let index = names.firstIndex(of: text) { return index }
          throw Diagnostic(
            .error, "no keypoint named '\(text)'\(suggestion(for: text, among: names))", at: end.location)
        }
        return (ends[0], ends[1])
      }
    }
  }

  // Sigmas

  private func readSigmas(_ reader: inout MappingReader) -> ([Float], Skeleton.SigmaSource) {
    let coco = Skeleton.cocoPerson
    if let node = reader.node("kpt_oks_sigmas"), !node.isNull, node.value != .sequence([]) {
      let sigmas =
        reader.collect { () throws(Diagnostic) -> [Double] in
          try node.list(named: "kpt_oks_sigmas", count: count...count) { node, name throws(Diagnostic) in
            try node.float(named: name, in: .above(0))
          }
        } ?? Array(repeating: 1, count: count)
      return (sigmas.map { Float($0) }, .dataset)
    }
    if count == coco.keypointCount && dimensions == 3 { return (coco.sigmas, .coco) }
    let fallback = Array(repeating: 1 / Float(count), count: count)
    // How many there are must be known to say what that means.
    if reader.faults.hasErrors { return (fallback, .uniform) }
    reader.faults.append(
      Diagnostic(
        .warning,
        "there is no 'kpt_oks_sigmas': every keypoint gets the sigma 1/\(count), which is far too lax for most"
          + " keypoints, so OKS and mAP will look better than they are", at: reader.location))
    return (fallback, .uniform)
  }
}
