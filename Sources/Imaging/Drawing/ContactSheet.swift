/// A grid of pictures with captions, as for a look at a batch.
public struct ContactSheet: Sendable {
  /// One picture; its figures are in its own pixels and are drawn at the tile's resolution.
  public struct Tile: Sendable {
    public var image: Image
    public var caption: String
    public var figures: [PoseFigure]

    public init(image: Image, caption: String = "", figures: [PoseFigure] = []) {
      self.image = image
      self.caption = caption
      self.figures = figures
    }
  }

  public var tiles: [Tile]
  public var drawing: PoseDrawing
  /// The sheet is at most this wide and high, in pixels.
  public var maximumSide: Int

  /// - Parameter limit: the first so many tiles are shown.
  public init(
    _ tiles: [Tile], limit: Int = 16, maximumSide: Int = 1920, drawing: PoseDrawing = PoseDrawing()
  ) {
    self.tiles = Array(tiles.prefix(max(1, limit)))
    self.maximumSide = max(64, maximumSide)
    self.drawing = drawing
  }

  /// Draws the sheet; without tiles it is one grey tile.
  public func render() throws(DrawingError) -> Image {
    let columns = max(1, Int(Double(tiles.count).squareRoot().rounded(.up)))
    let rows = max(1, (tiles.count + columns - 1) / columns)
    let largest = tiles.reduce((width: 1, height: 1)) {
      (max($0.width, $1.image.width), max($0.height, $1.image.height))
    }
    let (width, height) = cell(largest: largest, columns: columns, rows: rows)
    let canvas = try Canvas(width: width * columns, height: height * rows, background: .border)
    for (index, tile) in tiles.enumerated() {
      let area = Canvas.Rectangle(
        x: Double(index % columns * width), y: Double(index / columns * height), width: Double(width),
        height: Double(height))
      try draw(tile, on: canvas, in: area)
    }
    return try canvas.image()
  }

  /// A cell has the shape of the largest picture; small pictures grow up to 384 pixels so that labels fit.
  private func cell(
    largest: (width: Int, height: Int), columns: Int, rows: Int
  ) -> (width: Int, height: Int) {
    let longest = Double(max(largest.width, largest.height))
    let room = min(
      Double(maximumSide) / Double(columns) / Double(largest.width),
      Double(maximumSide) / Double(rows) / Double(largest.height))
    let scale = min(room, max(1, 384 / longest))
    return (max(1, Int(Double(largest.width) * scale)), max(1, Int(Double(largest.height) * scale)))
  }

  private func draw(_ tile: Tile, on canvas: Canvas, in area: Canvas.Rectangle) throws(DrawingError) {
    let scale = min(area.width / Double(tile.image.width), area.height / Double(tile.image.height))
    let place = Canvas.Rectangle(
      x: area.x, y: area.y, width: Double(tile.image.width) * scale, height: Double(tile.image.height) * scale
    )
    try canvas.draw(tile.image, in: place)
    canvas.clipped(to: place) {
      canvas.transformed(origin: Canvas.Point(place.x, place.y), scale: 1) {
        drawing.draw(
          tile.figures.map { $0.scaled(scale) }, on: canvas, width: place.width, height: place.height)
      }
    }
    canvas.rectangle(area, stroke: .white, lineWidth: 2)
    guard !tile.caption.isEmpty else { return }
    canvas.clipped(to: area) {
      let size = min(16, max(9, area.width / 26))
      canvas.text(
        tile.caption, at: Canvas.Point(area.x + 1, area.maxY - 1), size: size, color: .white,
        vertical: .trailing,
        background: Color.black.faded(0.55), padding: 3)
    }
  }
}

extension PoseFigure {
  /// The figure with all its places multiplied by a factor.
  public func scaled(_ factor: Double) -> PoseFigure {
    var scaled = self
    scaled.box = box.map {
      Canvas.Rectangle(
        x: $0.x * factor, y: $0.y * factor, width: $0.width * factor, height: $0.height * factor)
    }
    for index in joints.indices {
      scaled.joints[index].position = Canvas.Point(
        joints[index].position.x * factor, joints[index].position.y * factor)
    }
    return scaled
  }
}
