public import PoseCore

/// The ends of models: from feature maps to boxes, classes and keypoints.
public enum Heads: Plugin {
  public static let name = "Heads"

  public static func register(in registry: inout Registry) throws {
    try registry.heads.register(YOLOPoseHead.yolov8)
    try registry.heads.register(YOLOPoseHead.yolo11)
    try registry.heads.register(YOLOPoseHead.yolo26)
    try registry.heads.register(SharedStemPoseHead.component)
  }
}
