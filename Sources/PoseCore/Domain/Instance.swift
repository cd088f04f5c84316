/// One labelled object: class, box and keypoints, in the pixels of the picture it belongs to.
public struct Instance: Sendable, Equatable {
  public var classIndex: Int
  public var box: Box
  /// In the skeleton's order; always as many as the skeleton has.
  public var keypoints: [Keypoint]

  public init(classIndex: Int, box: Box, keypoints: [Keypoint]) {
    self.classIndex = classIndex
    self.box = box
    self.keypoints = keypoints
  }
}
