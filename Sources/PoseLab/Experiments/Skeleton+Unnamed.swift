internal import PoseCore

extension Skeleton {
  /// What is known of the keypoints of a model that says nothing of them: 17 are taken for COCO's.
  init(unnamed layout: HeadLayout) {
    let count = layout.keypointCount
    if count == Skeleton.cocoPerson.keypointCount {
      self = .cocoPerson
      return
    }
    self.init(
      keypointCount: count, dimensions: layout.keypointDimensions, names: [], flipIndices: nil, limbs: [],
      sigmas: Array(repeating: 1 / Float(max(1, count)), count: count), sigmaSource: .uniform)
  }
}
