/// What a report is to hold.
public struct ReportOptions: Sendable {
  /// Samples of the bootstrap over images; 0 for no intervals.
  public var samples: Int
  /// Of the bootstrap and of random permutations.
  public var seed: UInt64
  /// The variant whose pictures stand beside the baseline's; nil for the best.
  public var shownVariant: String?
  /// How many pictures of each kind: those where the variant loses most against the baseline, those where it gains
  /// most, and those that are worst for both. 0 for none.
  public var pictures: Int
  /// The longer side of a picture, in pixels.
  public var pictureSide: Int

  public init(
    samples: Int = 2000, seed: UInt64 = 0, shownVariant: String? = nil, pictures: Int = 4,
    pictureSide: Int = 320
  ) {
    self.samples = max(0, samples)
    self.seed = seed
    self.shownVariant = shownVariant
    self.pictures = min(max(0, pictures), 50)
    self.pictureSide = min(max(32, pictureSide), 4096)
  }
}
