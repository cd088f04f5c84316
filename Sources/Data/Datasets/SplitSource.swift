public import Config

/// Where a split's images and labels are; nothing is looked up yet.
public struct SplitSource: Sendable {
  /// A folder, searched with all folders in it, or a text file with a path on each line.
  public struct Place: Sendable {
    /// As seen from where the program runs.
    public var path: String
    /// Taken where there is nothing at `path`: some tools write `../train/images` and mean `train/images`.
    public var alternative: String?
    /// Where the dataset YAML says so.
    public var location: SourceLocation?

    public init(path: String, alternative: String? = nil, location: SourceLocation? = nil) {
      self.path = path
      self.alternative = alternative
      self.location = location
    }
  }

  public var images: [Place]
  /// A file with the labels of all images, COCO's for one; nil for labels that lie beside the images.
  public var annotations: Place?

  public init(images: [Place], annotations: Place? = nil) {
    self.images = images
    self.annotations = annotations
  }
}
