/// Strengths of the standard augmentations; probabilities are from 0 to 1.
public struct AugmentationOptions: Codable, Sendable, Equatable {
  /// Largest change of hue, saturation and value, as a part of each.
  public var hsvH = 0.015
  public var hsvS = 0.7
  public var hsvV = 0.4
  /// Degrees to either side.
  public var degrees = 0.0
  /// Part of the image's side to either side.
  public var translate = 0.1
  /// Size from 1 - scale to 1 + scale.
  public var scale = 0.5
  /// Degrees to either side.
  public var shear = 0.0
  public var perspective = 0.0
  /// Probability of an upside-down mirror.
  public var flipud = 0.0
  /// Probability of a left-right mirror.
  public var fliplr = 0.5
  /// Probability of joining four images.
  public var mosaic = 1.0
  /// Probability of blending two images.
  public var mixup = 0.0

  public init() {}

  enum CodingKeys: String, CodingKey {
    case degrees, translate, scale, shear, perspective, flipud, fliplr, mosaic, mixup
    case hsvH = "hsv_h"
    case hsvS = "hsv_s"
    case hsvV = "hsv_v"
  }
}
