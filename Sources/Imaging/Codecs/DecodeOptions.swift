/// How a picture is decoded.
public struct DecodeOptions: Sendable, Equatable {
  /// The size a JPEG is decoded at. Smaller ones cost far less time: most of the work is never done.
  /// PNG has no such thing and is always decoded at full size.
  public enum JPEGScale: Int, Sendable, CaseIterable {
    case full = 1
    case half = 2
    case quarter = 4
    case eighth = 8

    /// The length of a side after scaling, rounded up.
    public func scaled(_ length: Int) -> Int { (length + rawValue - 1) / rawValue }

    /// The smallest scale at which the longer side still has `side` pixels.
    public static func smallest(
      keepingLongSide side: Int, ofWidth width: Int, height: Int
    ) -> JPEGScale {
      allCases.last { $0.scaled(max(width, height)) >= side } ?? .full
    }
  }

  public var limits: ImageLimits
  public var jpegScale: JPEGScale
  /// Turn the picture upright as its Exif data say.
  public var appliesOrientation: Bool

  public init(
    limits: ImageLimits = ImageLimits(), jpegScale: JPEGScale = .full, appliesOrientation: Bool = true
  ) {
    self.limits = limits
    self.jpegScale = jpegScale
    self.appliesOrientation = appliesOrientation
  }
}
