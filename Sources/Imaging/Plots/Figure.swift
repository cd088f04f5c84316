/// Panels on a page, in rows from the top left; the same page as a picture, a PNG or an SVG file.
public struct Figure: Sendable {
  public var title: String
  public var panels: [any PlotPanel]
  public var columns: Int
  /// The size of a panel, in units of the page.
  public var panelWidth: Int
  public var panelHeight: Int

  public init(
    title: String = "", panels: [any PlotPanel], columns: Int = 1, panelWidth: Int = 400,
    panelHeight: Int = 300
  ) {
    self.title = title
    self.panels = panels
    self.columns = max(1, min(columns, max(1, panels.count)))
    self.panelWidth = max(120, panelWidth)
    self.panelHeight = max(100, panelHeight)
  }

  /// The page's size in its own units.
  public var size: (width: Int, height: Int) {
    let rows = max(1, (panels.count + columns - 1) / columns)
    return (panelWidth * columns, panelHeight * rows + titleHeight)
  }

  /// The page as a picture.
  ///
  /// - Parameter scale: pixels for each unit of the page.
  public func image(scale: Double = 1.5) throws(DrawingError) -> Image { try drawn(scale: scale).image() }

  /// The page as a PNG file.
  public func pngData(scale: Double = 1.5) throws(DrawingError) -> [UInt8] {
    try drawn(scale: scale).pngData()
  }

  /// The page as an SVG document.
  public func svgData() throws(DrawingError) -> [UInt8] {
    let canvas = try Canvas.svg(width: size.width, height: size.height)
    draw(on: canvas)
    return try canvas.svgData()
  }

  /// Draws the page at the canvas's origin.
  public func draw(on canvas: Canvas) {
    if !title.isEmpty {
      canvas.text(
        title, at: Canvas.Point(Double(size.width) / 2, 8), size: 16, color: PlotStyle.ink, bold: true,
        horizontal: .center)
    }
    if panels.isEmpty {
      canvas.text(
        "no data", at: Canvas.Point(Double(size.width) / 2, Double(size.height) / 2),
        size: PlotStyle.textSize,
        color: PlotStyle.faint, horizontal: .center, vertical: .center)
    }
    for (index, panel) in panels.enumerated() {
      panel.draw(
        on: canvas,
        in: Canvas.Rectangle(
          x: Double(index % columns * panelWidth) + 4,
          y: Double(index / columns * panelHeight + titleHeight) + 4,
          width: Double(panelWidth) - 8, height: Double(panelHeight) - 8))
    }
  }

  private var titleHeight: Int { title.isEmpty ? 0 : 32 }

  private func drawn(scale: Double) throws(DrawingError) -> Canvas {
    let canvas = try Canvas(width: size.width, height: size.height, scale: scale)
    draw(on: canvas)
    return canvas
  }
}
