public import PoseCore

/// What synthetic pictures show.
public enum SyntheticFigure: String, Sendable, Codable, CaseIterable {
  /// A person with COCO's 17 keypoints.
  case person
  /// A fox with four keypoints: an example of keypoints of one's own.
  case fox

  public var skeleton: Skeleton {
    switch self {
    case .person: .cocoPerson
    case .fox:
      Skeleton(
        keypointCount: 4, dimensions: 3, names: ["nose", "left_ear", "right_ear", "tail_tip"],
        flipIndices: [0, 2, 1, 3], limbs: [(0, 1), (0, 2), (1, 2)], sigmas: [0.05, 0.06, 0.06, 0.09],
        sigmaSource: .dataset)
    }
  }

  /// Visible keypoints that a figure needs to count as seen.
  var leastVisible: Int { self == .person ? 4 : 2 }

  var plural: String { self == .person ? "people" : "foxes" }

  /// `data.yaml` beside the folders of pictures.
  func dataText(hasValidation: Bool) -> String {
    let skeleton = skeleton
    let head = """
      # Synthetic \(plural): rendered figures with \
      \(self == .person ? "the 17 keypoints of COCO" : "four keypoints of their own").
      # Without `path`, folders are looked up beside this file.
      train: images/train
      val: images/\(hasValidation ? "val" : "train")

      kpt_shape: [\(skeleton.keypointCount), \(skeleton.dimensions)]

      """
    switch self {
    case .person:
      let flip = (skeleton.flipIndices ?? []).map(String.init).joined(separator: ", ")
      let names = skeleton.names.map { "    - \($0)\n" }.joined()
      return head + """
        flip_idx: [\(flip)]

        names:
          0: \(rawValue)

        kpt_names:
          0:
        \(names)
        """
    case .fox:
      let names = skeleton.names
      let limbs = skeleton.limbs.map { "[\(names[$0.0]), \(names[$0.1])]" }.joined(separator: ", ")
      let sigmas = zip(names, skeleton.sigmas).map { "  \($0): \($1)\n" }.joined()
      return head + """
        kpt_names: [\(names.joined(separator: ", "))]
        flip_pairs: [[left_ear, right_ear]] # who changes places in a mirrored picture
        skeleton: [\(limbs)] # limbs to draw
        # How far annotators would be apart, as a share of the object's size: 'poselab data sigmas' estimates it.
        kpt_oks_sigmas:
        \(sigmas)
        names:
          0: \(rawValue)

        """
    }
  }
}
