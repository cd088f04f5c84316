public import Imaging

/// Draws labelled instances and detections over pictures, for one skeleton and its class names.
public struct PoseIllustrator: Sendable {
  public var skeleton: Skeleton
  /// Class names by index; a class without a name shows its number.
  public var classNames: [String]
  public var drawing: PoseDrawing
  /// Predicted keypoints less certain than this are left out; the others are the fainter the less certain.
  public var minimumConfidence: Float
  private let sides: [PoseFigure.Side]

  public init(
    skeleton: Skeleton, classNames: [String], drawing: PoseDrawing = PoseDrawing(),
    minimumConfidence: Float = 0.5
  ) {
    self.skeleton = skeleton
    self.classNames = classNames
    self.drawing = drawing
    self.minimumConfidence = minimumConfidence
    sides = skeleton.sides
  }

  /// A copy of the picture with labelled instances drawn over it; hidden keypoints are rings.
  public func draw(_ instances: [Instance], over image: Image) throws(DrawingError) -> Image {
    try drawing.draw(instances.map(figure), over: image)
  }

  /// A copy of the picture with detections drawn over it, the most certain on top.
  public func draw(_ detections: [Detection], over image: Image) throws(DrawingError) -> Image {
    try drawing.draw(detections.sorted { $0.score < $1.score }.map(figure), over: image)
  }

  /// What to draw for a labelled instance.
  public func figure(_ instance: Instance) -> PoseFigure {
    let joints = instance.keypoints.enumerated().map { index, keypoint in
      let style: PoseFigure.JointStyle =
        switch keypoint.visibility {
        case .unlabelled: .absent
        case .hidden: .hollow
        case .visible: .filled
        }
      return PoseFigure.Joint(
        position: Canvas.Point(Double(keypoint.x), Double(keypoint.y)), side: side(index), style: style)
    }
    return figure(
      box: instance.box, classIndex: instance.classIndex, label: name(instance.classIndex), joints: joints)
  }

  /// What to draw for a detection.
  public func figure(_ detection: Detection) -> PoseFigure {
    let joints = detection.keypoints.enumerated().map { index, keypoint in
      PoseFigure.Joint(
        position: Canvas.Point(Double(keypoint.x), Double(keypoint.y)), side: side(index),
        style: keypoint.confidence >= minimumConfidence ? .filled : .absent,
        opacity: min(1, max(0.35, Double(keypoint.confidence))))
    }
    return figure(
      box: detection.box, classIndex: detection.classIndex,
      label: name(detection.classIndex) + " " + Self.twoPlaces(detection.score), joints: joints)
  }

  private func figure(box: Box, classIndex: Int, label: String, joints: [PoseFigure.Joint]) -> PoseFigure {
    PoseFigure(
      box: Canvas.Rectangle(
        x: Double(box.x1), y: Double(box.y1), width: Double(box.width), height: Double(box.height)),
      label: label, color: Palette.categories[classIndex], joints: joints,
      limbs: skeleton.limbs.map { from, to in
        PoseFigure.Limb(from: from, to: to, side: Self.side(of: side(from), side(to)))
      })
  }

  private func name(_ classIndex: Int) -> String {
    classNames.indices.contains(classIndex) ? classNames[classIndex] : String(classIndex)
  }

  private func side(_ keypoint: Int) -> PoseFigure.Side {
    sides.indices.contains(keypoint) ? sides[keypoint] : .middle
  }

  /// A limb belongs to a side if no end of it belongs to the other.
  private static func side(of a: PoseFigure.Side, _ b: PoseFigure.Side) -> PoseFigure.Side {
    a == b ? a : a == .middle ? b : b == .middle ? a : .middle
  }

  private static func twoPlaces(_ score: Float) -> String {
    guard score.isFinite else { return String(score) }
    let hundredths = Int((min(max(score, 0), 1) * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
