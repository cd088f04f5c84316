public import PoseCore

/// The parts of models that turn an image into feature maps.
public enum Backbones: Plugin {
  public static let name = "Backbones"

  public static func register(in registry: inout Registry) throws {
    try registry.backbones.register(YOLOv8Backbone.component)
    try registry.backbones.register(YOLO11Backbone.component)
    try registry.backbones.register(YOLO26Backbone.component)
    try registry.backbones.register(ResNet.component)
    try registry.backbones.register(CSPNeXt.component)
    try registry.backbones.register(MobileNetV3.component)
    try registry.backbones.register(HRNet.component)
  }
}
