public import Imaging

/// A labelled object beside its mirror image, with names at the keypoints in question.
///
/// In the mirror image keypoints have changed places as the flip indices say, so every name must be true there as
/// in an original: what looks like a left ear is named so. Who sees a wrong name knows that the flip indices are wrong.
public struct FlipComparison: Sendable {
  public var skeleton: Skeleton
  /// Pairs of keypoint indices to show; each pair has its own colour.
  public var pairs: [(Int, Int)]
  /// Long side of each half's picture, in pixels.
  public var pictureSide = 560

  /// - Precondition: the skeleton has flip indices.
  public init(skeleton: Skeleton, pairs: [(Int, Int)]) {
    precondition(skeleton.flipIndices != nil, "FlipComparison: no flip indices")
    self.skeleton = skeleton
    self.pairs = pairs
  }

  /// How well an object shows the pairs: keypoints of them that are labelled, then how large they are apart.
  ///
  /// - Returns: nil if no pair is labelled on both ends.
  public func rating(of instance: Instance) -> (labelled: Int, spread: Float)? {
    let points = instance.keypoints
    let shown = pairs.filter { a, b in
      points.indices.contains(a) && points.indices.contains(b) && points[a].visibility != .unlabelled
        && points[b].visibility != .unlabelled
    }
    if shown.isEmpty { return nil }
    let spread = shown.map { a, b in
      max(abs(points[a].x - points[b].x), abs(points[a].y - points[b].y))
    }.min()
    return (shown.count, spread ?? 0)
  }

  /// Draws both halves.
  ///
  /// - Parameters:
  ///   - instance: in the pixels of `image`.
  ///   - image: the whole picture; the surroundings of the object are cut out.
  public func render(_ instance: Instance, in image: Image) throws(DrawingError) -> Image {
    let (cutout, object) = Self.cutOut(instance, from: image)
    let flips = skeleton.flipIndices ?? []
    let halves: [(String, Image, Instance)] = [
      ("as labelled", cutout, object),
      (
        "mirrored: all names must be true here, too", cutout.flippedHorizontally(),
        object.mirrored(width: cutout.width, flipIndices: flips)
      ),
    ]
    let scale = Double(pictureSide) / Double(max(cutout.width, cutout.height))
    let picture = Canvas.Rectangle(
      x: 0, y: Self.headHeight, width: (Double(cutout.width) * scale).rounded(),
      height: (Double(cutout.height) * scale).rounded())
    let width = Int(picture.width + Self.namesWidth)
    let canvas = try Canvas(
      width: 2 * width, height: Int(max(picture.maxY, Self.headHeight + 200)),
      background: Color(hex: 0x202020))
    for (index, half) in halves.enumerated() {
      let place = Canvas.Rectangle(
        x: Double(index * width), y: picture.y, width: picture.width, height: picture.height)
      canvas.text(
        half.0, at: Canvas.Point(place.x + 6, Self.headHeight / 2), size: 15, color: .white, bold: true,
        vertical: .center)
      try canvas.draw(half.1, in: place)
      draw(half.2, scale: scale, in: place, on: canvas)
    }
    return try canvas.image()
  }

  private static let headHeight = 30.0
  private static let namesWidth = 200.0
  private static let textSize = 13.0
  private static let lineHeight = 19.0

  /// One keypoint and where its name is written.
  private struct Tag {
    var name: String
    var point: Canvas.Point
    var color: Color
    var y: Double
  }

  private func draw(_ instance: Instance, scale: Double, in place: Canvas.Rectangle, on canvas: Canvas) {
    let illustrator = PoseIllustrator(skeleton: skeleton, classNames: [])
    var figure = illustrator.figure(instance).scaled(scale)
    figure.box = nil
    canvas.clipped(to: place) {
      canvas.transformed(origin: Canvas.Point(place.x, place.y), scale: 1) {
        PoseDrawing(scale: 0.7).draw([figure], on: canvas, width: place.width, height: place.height)
      }
    }
    let column = place.maxX + 10
    for tag in tags(instance, scale: scale, in: place, height: canvas.height) {
      canvas.line(
        from: tag.point, to: Canvas.Point(column, tag.y), color: Color.black.faded(0.5), width: 2.6)
      canvas.line(from: tag.point, to: Canvas.Point(column, tag.y), color: tag.color, width: 1.2)
      canvas.circle(center: tag.point, radius: 4.5, fill: tag.color, stroke: .black, lineWidth: 1)
      canvas.text(
        tag.name, at: Canvas.Point(column + 3, tag.y), size: Self.textSize, color: tag.color.readable,
        vertical: .center, background: tag.color, padding: 2)
    }
  }

  /// Names from top to bottom in the order of their keypoints, moved apart; what has no room is left out.
  private func tags(
    _ instance: Instance, scale: Double, in place: Canvas.Rectangle, height: Double
  ) -> [Tag] {
    var tags: [Tag] = []
    var taken: Set<Int> = []
    let room = Int((height - place.y) / Self.lineHeight)
    for (number, pair) in pairs.enumerated() {
      for index in [pair.0, pair.1] {
        guard instance.keypoints.indices.contains(index), taken.count < room else { continue }
        let keypoint = instance.keypoints[index]
        guard keypoint.visibility != .unlabelled, taken.insert(index).inserted else { continue }
        let point = Canvas.Point(
          place.x + Double(keypoint.x) * scale, place.y + Double(keypoint.y) * scale)
        let name = skeleton.names.indices.contains(index) ? skeleton.names[index] : "\(index)"
        tags.append(
          Tag(name: "\(index) \(name)", point: point, color: Palette.categories[number], y: point.y))
      }
    }
    tags.sort { ($0.point.y, $0.point.x, $0.name) < ($1.point.y, $1.point.x, $1.name) }
    var least = place.y + Self.lineHeight / 2
    for index in tags.indices {
      tags[index].y = max(tags[index].y, least)
      least = tags[index].y + Self.lineHeight
    }
    var most = height - Self.lineHeight / 2
    for index in tags.indices.reversed() {
      tags[index].y = min(tags[index].y, most)
      most = tags[index].y - Self.lineHeight
    }
    return tags
  }

  /// The object with a sixth of its size around it.
  private static func cutOut(_ instance: Instance, from image: Image) -> (Image, Instance) {
    var (low, high) = (
      SIMD2(instance.box.x1, instance.box.y1), SIMD2(instance.box.x2, instance.box.y2)
    )
    for keypoint in instance.keypoints where keypoint.visibility != .unlabelled {
      low = pointwiseMin(low, SIMD2(keypoint.x, keypoint.y))
      high = pointwiseMax(high, SIMD2(keypoint.x, keypoint.y))
    }
    let margin = max((high - low).max() / 6, 4)
    low = image.size.clip(low - margin)
    high = image.size.clip(high + margin)
    let (x, y) = (min(Int(low.x), image.width - 1), min(Int(low.y), image.height - 1))
    var cutout = Image(
      width: max(1, Int(high.x.rounded(.up)) - x), height: max(1, Int(high.y.rounded(.up)) - y))
    cutout.paste(image, x: -x, y: -y)
    return (cutout, instance.shifted(x: -Float(x), y: -Float(y)))
  }
}
