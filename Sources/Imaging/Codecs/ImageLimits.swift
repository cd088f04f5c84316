/// What a picture may cost; checked on its header, before memory is taken.
public struct ImageLimits: Sendable, Equatable {
  /// Most pixels (width × height).
  public var pixels: Int
  /// Most scans of a progressive JPEG; each is a pass over the whole picture. Usual files have about 10.
  public var scans: Int

  public init(pixels: Int = 200_000_000, scans: Int = 100) {
    self.pixels = pixels
    self.scans = scans
  }
}
