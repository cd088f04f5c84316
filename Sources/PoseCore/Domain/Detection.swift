/// One predicted object, in the pixels of the picture it belongs to.
public struct Detection: Sendable, Equatable {
  public var classIndex: Int
  public var score: Float
  public var box: Box
  public var keypoints: [PredictedKeypoint]

  public init(classIndex: Int, score: Float, box: Box, keypoints: [PredictedKeypoint]) {
    self.classIndex = classIndex
    self.score = score
    self.box = box
    self.keypoints = keypoints
  }
}
