/// Draws boxes, labels and skeletons; line widths and text grow with the picture.
public struct PoseDrawing: Sendable {
  /// Factor on line width, joint size and text.
  public var scale: Double
  public var drawsBoxes: Bool
  public var drawsLabels: Bool

  public init(scale: Double = 1, drawsBoxes: Bool = true, drawsLabels: Bool = true) {
    self.scale = scale
    self.drawsBoxes = drawsBoxes
    self.drawsLabels = drawsLabels
  }

  /// A copy of the picture with the figures drawn over it.
  public func draw(_ figures: [PoseFigure], over image: Image) throws(DrawingError) -> Image {
    let canvas = try Canvas(image)
    draw(figures, on: canvas, width: Double(image.width), height: Double(image.height))
    return try canvas.image()
  }

  /// Draws figures on a canvas: boxes below, then skeletons, labels on top.
  ///
  /// - Parameters:
  ///   - width: of the picture the figures belong to, in the canvas's present units.
  ///   - height: of that picture.
  public func draw(_ figures: [PoseFigure], on canvas: Canvas, width: Double, height: Double) {
    let unit = scale * Self.lineWidth(width: width, height: height)
    if drawsBoxes {
      for figure in figures {
        guard let box = figure.box else { continue }
        canvas.rectangle(box, stroke: figure.color, lineWidth: unit)
      }
    }
    for figure in figures { drawSkeleton(figure, on: canvas, unit: unit) }
    guard drawsLabels else { return }
    for figure in figures {
      guard let box = figure.box, let label = figure.label else { continue }
      drawLabel(label, box: box, color: figure.color, on: canvas, unit: unit, pageWidth: width)
    }
  }

  /// The line width for a picture of this size: 1 to 8 pixels, 2 at 640.
  public static func lineWidth(width: Double, height: Double) -> Double {
    min(8, max(1, (width + height) / 2 / 320))
  }

  private func drawSkeleton(_ figure: PoseFigure, on canvas: Canvas, unit: Double) {
    for (index, limb) in figure.limbs.enumerated() {
      guard let from = Self.drawnJoint(limb.from, of: figure), let to = Self.drawnJoint(limb.to, of: figure)
      else {
        continue
      }
      let color = Self.palette(limb.side)[index].faded(min(from.opacity, to.opacity))
      canvas.line(from: from.position, to: to.position, color: color, width: 1.6 * unit)
    }
    for index in figure.joints.indices {
      guard let joint = Self.drawnJoint(index, of: figure) else { continue }
      let color = Self.palette(joint.side)[0].faded(joint.opacity)
      let rim = Color.black.faded(0.7 * joint.opacity)
      if joint.style == .filled {
        canvas.circle(
          center: joint.position, radius: 2 * unit, fill: color, stroke: rim, lineWidth: 0.5 * unit)
      } else {
        canvas.circle(center: joint.position, radius: 2 * unit, stroke: rim, lineWidth: 1.3 * unit)
        canvas.circle(center: joint.position, radius: 2 * unit, stroke: color, lineWidth: 0.7 * unit)
      }
    }
  }

  private func drawLabel(
    _ label: String, box: Canvas.Rectangle, color: Color, on canvas: Canvas, unit: Double, pageWidth: Double
  ) {
    let size = max(8 * scale, 5.5 * unit)
    let padding = 0.15 * size
    let extent = canvas.textSize(label, size: size)
    let boxHeight = extent.height + 2 * padding
    let x = max(0, min(box.x - unit / 2, pageWidth - extent.width - 2 * padding))
    let above = box.y - unit / 2 - boxHeight
    canvas.text(
      label, at: Canvas.Point(x, above >= 0 ? above : max(0, box.y)), size: size, color: color.readable,
      background: color.faded(0.85), padding: padding)
  }

  private static func drawnJoint(_ index: Int, of figure: PoseFigure) -> PoseFigure.Joint? {
    guard figure.joints.indices.contains(index) else { return nil }
    let joint = figure.joints[index]
    return joint.style == .absent || joint.opacity <= 0 ? nil : joint
  }

  private static func palette(_ side: PoseFigure.Side) -> Palette {
    switch side {
    case .left: .left
    case .right: .right
    case .middle: .middle
    }
  }
}
