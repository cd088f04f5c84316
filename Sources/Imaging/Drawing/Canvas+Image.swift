internal import CCairo

extension Canvas {
  /// Draws a picture stretched over a rectangle.
  public func draw(_ image: Image, in area: Rectangle) throws(DrawingError) {
    guard area.isDrawable, area.width > 0, area.height > 0 else { return }
    guard let source = Self.surface(of: image) else {
      throw .surface(width: image.width, height: image.height, reason: "out of memory")
    }
    defer { cairo_surface_destroy(source) }
    let status = cairo_surface_status(source)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .surface(width: image.width, height: image.height, reason: Self.message(status))
    }
    cairo_save(context)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_clip(context)
    cairo_translate(context, area.x, area.y)
    cairo_scale(context, area.width / Double(image.width), area.height / Double(image.height))
    cairo_set_source_surface(context, source, 0, 0)
    cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
    cairo_paint(context)
    cairo_restore(context)
  }

  /// The picture as drawn so far.
  ///
  /// - Throws: `DrawingError.encoding` for an SVG page.
  public func image() throws(DrawingError) -> Image {
    cairo_surface_flush(surface)
    guard cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_IMAGE,
      let data = cairo_image_surface_get_data(surface)
    else { throw .encoding(reason: "the canvas is an SVG page") }
    let width = Int(cairo_image_surface_get_width(surface))
    let height = Int(cairo_image_surface_get_height(surface))
    let rowBytes = Int(cairo_image_surface_get_stride(surface))
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { pixels, count in
      for y in 0..<height {
        let row = UnsafeRawPointer(data + y * rowBytes).assumingMemoryBound(to: UInt32.self)
        var target = y * width * 3
        for x in 0..<width {
          let pixel = row[x]
          pixels[target] = UInt8(truncatingIfNeeded: pixel >> 16)
          pixels[target + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
          pixels[target + 2] = UInt8(truncatingIfNeeded: pixel)
          target += 3
        }
      }
      count = width * height * 3
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// A cairo surface with a copy of the picture's pixels; the caller destroys it.
  static func surface(of image: Image) -> OpaquePointer? {
    let surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, Int32(clamping: image.width), Int32(clamping: image.height))
    guard let surface, let data = cairo_image_surface_get_data(surface) else { return surface }
    let rowBytes = Int(cairo_image_surface_get_stride(surface))
    cairo_surface_flush(surface)
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<image.height {
        let row = UnsafeMutableRawPointer(data + y * rowBytes).assumingMemoryBound(to: UInt32.self)
        var source = y * image.width * 3
        for x in 0..<image.width {
          row[x] =
            UInt32(pixels[source]) << 16 | UInt32(pixels[source + 1]) << 8 | UInt32(pixels[source + 2])
          source += 3
        }
      }
    }
    cairo_surface_mark_dirty(surface)
    return surface
  }
}
