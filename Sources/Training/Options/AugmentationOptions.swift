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
  /// Probability of replacing a rectangle by a part of another image.
  public var cutmix = 0.0
  /// Share of the objects that are pasted once more, box and all.
  public var copyPaste = 0.0
  /// Where those come from: `flip` or `mixup`.
  public var copyPasteMode = "flip"
  /// Probability of exchanging red and blue.
  public var bgr = 0.0
  /// Batches' sizes reach from 1 - this to 1 + this times `imgsz`.
  public var multiScale = 0.0

  public init() {}

  enum CodingKeys: String, CodingKey {
    case degrees, translate, scale, shear, perspective, flipud, fliplr, mosaic, mixup, cutmix, bgr
    case copyPaste = "copy_paste"
    case copyPasteMode = "copy_paste_mode"
    case multiScale = "multi_scale"
    case hsvH = "hsv_h"
    case hsvS = "hsv_s"
    case hsvV = "hsv_v"
  }

  /// Those that came later are missing in the files of older runs.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&hsvH, .hsvH)
    try read(&hsvS, .hsvS)
    try read(&hsvV, .hsvV)
    try read(&degrees, .degrees)
    try read(&translate, .translate)
    try read(&scale, .scale)
    try read(&shear, .shear)
    try read(&perspective, .perspective)
    try read(&flipud, .flipud)
    try read(&fliplr, .fliplr)
    try read(&mosaic, .mosaic)
    try read(&mixup, .mixup)
    try read(&cutmix, .cutmix)
    try read(&copyPaste, .copyPaste)
    try read(&copyPasteMode, .copyPasteMode)
    try read(&bgr, .bgr)
    try read(&multiScale, .multiScale)
  }
}
