public import Data
public import Imaging
internal import PoseCore

extension DatasetIndex {
  /// What its labels hold, counted for a picture.
  public var labelStatistics: LabelStatistics {
    var classes = classNames.map { LabelStatistics.ClassCount($0) }
    var keypoints = (0..<skeleton.keypointCount).map { index in
      LabelStatistics.KeypointCount(
        skeleton.names.indices.contains(index) ? skeleton.names[index] : "\(index)")
    }
    var boxes: [LabelStatistics.RelativeBox] = []
    for image in 0..<count {
      let size = size(of: image)
      let (width, height) = (Double(size.width), Double(size.height))
      for instance in trainingInstances(of: image) {
        if classes.indices.contains(instance.classIndex) { classes[instance.classIndex].instances += 1 }
        let box = instance.box
        boxes.append(
          LabelStatistics.RelativeBox(
            centerX: Double(box.x1 + box.x2) / 2 / width, centerY: Double(box.y1 + box.y2) / 2 / height,
            width: Double(box.width) / width, height: Double(box.height) / height))
        for (index, keypoint) in instance.keypoints.enumerated() where keypoints.indices.contains(index) {
          switch keypoint.visibility {
          case .visible: keypoints[index].visible += 1
          case .hidden: keypoints[index].hidden += 1
          case .unlabelled: keypoints[index].unlabelled += 1
          }
        }
      }
    }
    return LabelStatistics(classes: classes, boxes: boxes, keypoints: keypoints)
  }
}
