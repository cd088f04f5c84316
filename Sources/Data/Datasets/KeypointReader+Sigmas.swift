internal import Config
internal import PoseCore

extension KeypointReader {
  /// `kpt_oks_sigmas`: a list in the keypoints' order, or a mapping from their names. Whatever stands in for missing
  /// ones is told.
  func readSigmas(
    _ names: [String]?, isCOCO: Bool, _ reader: inout MappingReader
  ) -> ([Float], Skeleton.SigmaSource) {
    let coco = Skeleton.cocoPerson
    if let node = reader.node("kpt_oks_sigmas"), !node.isNull, node.value != .sequence([]) {
      let sigmas =
        reader.collect { () throws(Diagnostic) -> [Double] in
          if case .mapping(let entries) = node.value { return try named(entries, of: node, names ?? []) }
          return try node.list(named: "kpt_oks_sigmas", count: count...count) {
            node, name throws(Diagnostic) in
            try node.float(named: name, in: .above(0))
          }
        } ?? Array(repeating: 1, count: count)
      return (sigmas.map { Float($0) }, .dataset)
    }
    if count == coco.keypointCount && dimensions == 3 {
      if !isCOCO && !reader.faults.hasErrors {
        reader.faults.append(
          Diagnostic(
            .note,
            "there is no 'kpt_oks_sigmas': the 17 keypoints get COCO's sigmas, which are those of a person's"
              + " joints", at: reader.location))
      }
      return (coco.sigmas, .coco)
    }
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

  private func named(
    _ entries: [Node.Entry], of node: Node, _ names: [String]
  ) throws(Diagnostic) -> [Double] {
    if names.isEmpty {
      throw Diagnostic(
        .error,
        "'kpt_oks_sigmas' goes by names, but there is no 'kpt_names'; give a list in the keypoints' order",
        at: node.location)
    }
    var found: [Double?] = Array(repeating: nil, count: count)
    for entry in entries {
      guard let index = names.firstIndex(of: entry.key) else {
        throw Diagnostic(
          .error, "no keypoint named '\(entry.key)'\(suggestion(for: entry.key, among: names))",
          at: entry.keyLocation ?? node.location)
      }
      found[index] = try entry.value.float(named: "kpt_oks_sigmas.\(entry.key)", in: .above(0))
    }
    let missing = names.indices.filter { found[$0] == nil }.map { "'\(names[$0])'" }
    if !missing.isEmpty {
      throw Diagnostic(
        .error, "'kpt_oks_sigmas' has no sigma for \(missing.joined(separator: ", "))", at: node.location)
    }
    return found.compactMap { $0 }
  }
}
