public import PoseCore

extension ModelSpec {
  /// Gives the model as many classes and keypoints as a data set has.
  ///
  /// - Returns: what differed, each as a sentence.
  public mutating func adapt(to skeleton: Skeleton, classCount: Int) -> [String] {
    var notes: [String] = []
    if let own = self.classCount, own != classCount {
      notes.append("the model has nc \(own), the data set \(classCount): the data set decides")
    }
    self.classCount = classCount
    let shape = KeypointShape(count: skeleton.keypointCount, dimensions: skeleton.dimensions)
    if let own = keypointShape, own != shape {
      notes.append(
        "the model has kpt_shape [\(own.count), \(own.dimensions)], the data set [\(shape.count), "
          + "\(shape.dimensions)]: the data set decides")
    }
    keypointShape = shape
    return notes
  }
}
