public import PoseCore
public import Tensor

/// An augmentation that can tell what it is about to draw, for pictures that show it.
public protocol DrawsParameters: Augmentation {
  /// What the augmentation draws from a stream in this state, by name.
  func drawnParameters(_ random: RandomStream) -> [(name: String, value: Double)]
}

extension AffineWarp: DrawsParameters {
  public func drawnParameters(_ random: RandomStream) -> [(name: String, value: Double)] {
    var random = random
    let drawn = draw(from: &random)
    let all = [
      ("degrees", drawn.degrees, degrees), ("scale", drawn.scale, scale), ("shear x", drawn.shearX, shear),
      ("shear y", drawn.shearY, shear), ("shift x", drawn.translateX - 0.5, translate),
      ("shift y", drawn.translateY - 0.5, translate), ("tilt x", drawn.perspectiveX, perspective),
      ("tilt y", drawn.perspectiveY, perspective),
    ]
    return all.filter { $0.2 != 0 }.map { (name: $0.0, value: $0.1) }
  }
}

extension HSVShift: DrawsParameters {
  public func drawnParameters(_ random: RandomStream) -> [(name: String, value: Double)] {
    var random = random
    let gains = gains(&random)
    return [
      (name: "hue", value: gains[0] * hue), (name: "saturation", value: gains[1] * saturation),
      (name: "brightness", value: gains[2] * value),
    ]
  }
}
