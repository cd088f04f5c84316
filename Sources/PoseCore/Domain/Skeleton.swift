/// What is known of a data set's keypoints: how many, their names, left/right pairs, limbs and sigmas.
public struct Skeleton: Sendable, Equatable {
  /// Where the sigmas come from; reports always state it.
  public enum SigmaSource: String, Sendable, Codable {
    /// COCO's published sigmas, for 17 keypoints with visibility.
    case coco
    /// `kpt_oks_sigmas` of the dataset YAML.
    case dataset
    /// 1/K for each of K keypoints: a stopgap that is far too lax for most skeletons.
    case uniform
  }

  public var keypointCount: Int
  /// 2 (x, y) or 3 (x, y, visibility).
  public var dimensions: Int
  public var names: [String]
  /// `flipIndices[i]` is the keypoint that takes place `i` in a mirrored picture; nil if the data set gives none.
  public var flipIndices: [Int]?
  /// Pairs of keypoint indices joined by a line in drawings.
  public var limbs: [(Int, Int)]
  public var sigmas: [Float]
  public var sigmaSource: SigmaSource

  public init(
    keypointCount: Int, dimensions: Int, names: [String], flipIndices: [Int]?, limbs: [(Int, Int)],
    sigmas: [Float], sigmaSource: SigmaSource
  ) {
    self.keypointCount = keypointCount
    self.dimensions = dimensions
    self.names = names
    self.flipIndices = flipIndices
    self.limbs = limbs
    self.sigmas = sigmas
    self.sigmaSource = sigmaSource
  }

  public static func == (a: Skeleton, b: Skeleton) -> Bool {
    a.keypointCount == b.keypointCount && a.dimensions == b.dimensions && a.names == b.names
      && a.flipIndices == b.flipIndices && a.sigmas == b.sigmas && a.sigmaSource == b.sigmaSource
      && a.limbs.map(\.0) == b.limbs.map(\.0) && a.limbs.map(\.1) == b.limbs.map(\.1)
  }
}

extension Skeleton {
  /// COCO's person: 17 keypoints, its sigmas (cocodataset.org, "Keypoint evaluation") and limbs.
  public static let cocoPerson = Skeleton(
    keypointCount: 17, dimensions: 3,
    names: [
      "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder",
      "left_elbow",
      "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee",
      "left_ankle", "right_ankle",
    ],
    flipIndices: [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15],
    limbs: [
      (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9),
      (8, 10),
      (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ],
    sigmas: [
      0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087,
      0.089, 0.089,
    ],
    sigmaSource: .coco)
}
