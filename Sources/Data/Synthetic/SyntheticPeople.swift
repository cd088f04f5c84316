/// Makes pictures of articulated figures whose 17 COCO keypoints, boxes and visibilities are known exactly.
///
/// A figure is a skeleton of varied build, pose and view in three dimensions, clothed in rounded shapes and drawn
/// with a depth buffer. Left and right are the figure's own: faces, badges and feet show which way it looks.
/// A keypoint is visible if what is drawn at its place is that part of that figure, hidden if the figure's own
/// body, another figure or a thing covers it, and unlabelled outside the picture.
public struct SyntheticPeople: Sendable {
  /// What the pictures hold.
  public struct Options: Sendable, Equatable, Codable {
    /// How many figures a picture has; those hardly seen are left out again.
    public var people: ClosedRange<Int>
    /// The figures' stature as a share of the picture's height (standing upright; crowds are a little smaller).
    public var scale: ClosedRange<Double>
    /// How busy the background is, 0…1.
    public var clutter: Double
    /// How often figures overlap or stand behind things, 0…1.
    public var occlusion: Double
    /// How often the picture's edge cuts a figure off, 0…1.
    public var truncation: Double
    /// The share of figures that face the viewer, give or take; the others show a side or the back equally often.
    public var facing: Double
    /// JPEG quality, 1…100.
    public var quality: Int

    public init(
      people: ClosedRange<Int> = 1...3, scale: ClosedRange<Double> = 0.5...0.95, clutter: Double = 0.5,
      occlusion: Double = 0.2, truncation: Double = 0.1, facing: Double = 0.7, quality: Int = 92
    ) {
      self.people = people
      self.scale = scale
      self.clutter = clutter
      self.occlusion = occlusion
      self.truncation = truncation
      self.facing = facing
      self.quality = quality
    }

    /// What is wrong with the options, in words; nil if nothing is.
    var fault: String? {
      func isShare(_ value: Double) -> Bool { (0...1).contains(value) }
      if people.lowerBound < 1 || people.upperBound > 50 { return "people must lie in 1...50" }
      if !(scale.lowerBound >= 0.05 && scale.upperBound <= 4) { return "scale must lie in 0.05...4" }
      if !isShare(clutter) { return "clutter must lie in 0...1" }
      if !isShare(occlusion) { return "occlusion must lie in 0...1" }
      if !isShare(truncation) { return "truncation must lie in 0...1" }
      if !isShare(facing) { return "facing must lie in 0...1" }
      if !(1...100).contains(quality) { return "quality must lie in 1...100" }
      return nil
    }
  }

  public var options: Options
  /// Figures of another kind take the people's places.
  public var figure: SyntheticFigure

  public init(options: Options = Options(), figure: SyntheticFigure = .person) {
    self.options = options
    self.figure = figure
  }

  /// Renders picture `index`, which depends on the options, the seed, the index and the size alone.
  ///
  /// Nobody is in it only if the picture is so small that nobody could be seen.
  ///
  /// - Precondition: `width` and `height` are positive.
  public func scene(seed: UInt64, index: Int, width: Int, height: Int) -> SyntheticScene {
    precondition(width > 0 && height > 0, "SyntheticPeople: picture size \(width)×\(height)")
    var attempt = 0
    while true {
      // After some failures only easy scenes.
      var options = options
      if attempt >= 8 { options.scale = 0.5...0.9 }
      var composer = SceneComposer(
        options: options, figure: figure, seed: seed, index: index, attempt: attempt, width: width,
        height: height)
      if let scene = composer.compose(isPlain: attempt >= 6) { return scene }
      if attempt == 16 { return composer.emptyScene() }
      attempt += 1
    }
  }
}
