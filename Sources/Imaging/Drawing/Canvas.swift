internal import CCairo

/// A surface to draw on: a picture, a blank page or an SVG page, all by the same calls.
///
/// Coordinates are in units of the page, x to the right and y downwards; pixel `i` covers `i ..< i + 1`.
/// Whatever is not finite is left out. Drawing the same on the same machine gives the same bytes; text
/// depends on the fonts installed (DejaVu Sans where it is found, else what cairo falls back to).
public final class Canvas {
  /// A place on the canvas.
  public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }

    var isDrawable: Bool { abs(x) < Canvas.limit && abs(y) < Canvas.limit }
  }

  /// An upright rectangle by its top left corner and its size.
  public struct Rectangle: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    public var maxX: Double { x + width }
    public var maxY: Double { y + height }
    public var center: Point { Point(x + width / 2, y + height / 2) }

    /// The rectangle with its edges moved inwards.
    public func inset(left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0) -> Rectangle {
      Rectangle(x: x + left, y: y + top, width: width - left - right, height: height - top - bottom)
    }

    var isDrawable: Bool { Point(x, y).isDrawable && Point(maxX, maxY).isDrawable }
  }

  /// Cairo's fixed point ends at ±2²³; beyond this nothing is drawn.
  static let limit = 4e6

  /// The page's size in its own units.
  public let width: Double
  public let height: Double
  let context: OpaquePointer
  let surface: OpaquePointer
  private let document: ByteSink?

  private init(surface: OpaquePointer?, width: Int, height: Int, scale: Double, document: ByteSink?)
    throws(DrawingError)
  {
    guard let surface, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
      let context = cairo_create(surface), cairo_status(context) == CAIRO_STATUS_SUCCESS
    else {
      let reason = surface.map { Self.message(cairo_surface_status($0)) } ?? "out of memory"
      surface.map { cairo_surface_destroy($0) }
      throw .surface(width: width, height: height, reason: reason)
    }
    self.surface = surface
    self.context = context
    self.width = Double(width)
    self.height = Double(height)
    self.document = document
    cairo_scale(context, scale, scale)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    selectFont()
  }

  /// A blank page.
  ///
  /// - Parameter scale: pixels for each unit of the page.
  public convenience init(width: Int, height: Int, scale: Double = 1, background: Color = .white)
    throws(DrawingError)
  {
    let pixels = (
      width: Int32(clamping: Int((Double(width) * scale).rounded(.up))),
      height: Int32(clamping: Int((Double(height) * scale).rounded(.up)))
    )
    try self.init(
      surface: cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels.width, pixels.height), width: width,
      height: height, scale: scale, document: nil)
    setSource(background)
    cairo_paint(context)
  }

  /// A copy of a picture to draw over.
  public convenience init(_ image: Image) throws(DrawingError) {
    try self.init(
      surface: Self.surface(of: image), width: image.width, height: image.height, scale: 1, document: nil)
  }

  /// A blank SVG page; `svgData` gives the document.
  public static func svg(width: Int, height: Int, background: Color = .white) throws(DrawingError) -> Canvas {
    let document = ByteSink()
    let surface = cairo_svg_surface_create_for_stream(
      ByteSink.receive, document.opaque, Double(width), Double(height))
    let canvas = try Canvas(surface: surface, width: width, height: height, scale: 1, document: document)
    canvas.setSource(background)
    cairo_paint(canvas.context)
    return canvas
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_finish(surface)
    cairo_surface_destroy(surface)
  }

  /// Runs `body` with all drawing confined to a rectangle.
  public func clipped<Failure: Error>(to area: Rectangle, _ body: () throws(Failure) -> Void) throws(Failure)
  {
    cairo_save(context)
    defer { cairo_restore(context) }
    if area.isDrawable {
      cairo_rectangle(context, area.x, area.y, max(0, area.width), max(0, area.height))
      cairo_clip(context)
    }
    try body()
  }

  /// Runs `body` in the coordinates `(x, y) → origin + scale × (x, y)`.
  public func transformed<Failure: Error>(
    origin: Point, scale: Double, _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    cairo_save(context)
    defer { cairo_restore(context) }
    if origin.isDrawable, scale.isFinite, scale > 0 {
      cairo_translate(context, origin.x, origin.y)
      cairo_scale(context, scale, scale)
    }
    try body()
  }

  func setSource(_ color: Color) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
  }

  /// The SVG document so far; nothing can be drawn afterwards.
  ///
  /// - Throws: `DrawingError.encoding` if the canvas is no SVG page or drawing failed.
  public func svgData() throws(DrawingError) -> [UInt8] {
    guard let document else { throw .encoding(reason: "the canvas is no SVG page") }
    cairo_surface_finish(surface)
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_SURFACE_FINISHED else {
      throw .encoding(reason: Self.message(status))
    }
    return document.bytes
  }

  /// The picture as a PNG file.
  ///
  /// - Throws: `DrawingError.encoding` for an SVG page.
  public func pngData() throws(DrawingError) -> [UInt8] {
    guard document == nil else { throw .encoding(reason: "the canvas is an SVG page") }
    let sink = ByteSink()
    let status = cairo_surface_write_to_png_stream(surface, ByteSink.receive, sink.opaque)
    guard status == CAIRO_STATUS_SUCCESS else { throw .encoding(reason: Self.message(status)) }
    return sink.bytes
  }

  static func message(_ status: cairo_status_t) -> String { String(cString: cairo_status_to_string(status)) }
}

/// Collects what cairo writes.
final class ByteSink {
  var bytes: [UInt8] = []

  /// Borrowed: the sink must outlive the surface that writes to it.
  var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let receive:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> cairo_status_t =
      { sink, data, count in
        guard let sink, let data else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<ByteSink>.fromOpaque(sink).takeUnretainedValue().bytes
          .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
        return CAIRO_STATUS_SUCCESS
      }
}
