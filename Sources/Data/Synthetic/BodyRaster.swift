/// A drawn body: what covers each sample, how near it is, and its colour. Samples are `fineness` a pixel a side.
struct BodyRaster {
  /// The region of the sample grid that may hold anything: everything outside it is empty.
  let left: Int
  let top: Int
  let width: Int
  let height: Int
  private(set) var depth: [Float]
  private(set) var color: [SIMD3<Float>]
  /// 0 nothing, else a `Body.Kind`.
  private(set) var kind: [UInt8]
  private let light: SIMD3<Float>
  private let ambient: Float

  /// Draws a body.
  ///
  /// - Parameters:
  ///   - origin: where the body's origin lies, in samples.
  ///   - scale: samples for one unit of the body.
  ///   - canvasWidth, canvasHeight: the sample grid; what lies outside is cut off.
  ///   - light: the direction towards the light, of length 1; z towards the viewer.
  init(
    _ body: Body, origin: SIMD2<Double>, scale: Double, canvasWidth: Int, canvasHeight: Int,
    light: SIMD3<Float>,
    ambient: Float
  ) {
    var low = SIMD2<Double>(repeating: .infinity)
    var high = SIMD2<Double>(repeating: -.infinity)
    func include(_ point: SIMD3<Double>, _ radius: Double) {
      let place = SIMD2(origin.x + scale * point.x, origin.y - scale * point.y)
      low = pointwiseMin(low, place - scale * radius)
      high = pointwiseMax(high, place + scale * radius)
    }
    for sweep in body.sweeps {
      include(sweep.from, sweep.fromRadius)
      include(sweep.to, sweep.toRadius)
    }
    for slab in body.slabs {
      for point in [slab.left.from, slab.left.to, slab.right.from, slab.right.to] {
        include(point, slab.radius)
      }
    }
    left = min(canvasWidth, max(0, Int(low.x.rounded(.down)) - 1))
    top = min(canvasHeight, max(0, Int(low.y.rounded(.down)) - 1))
    width = max(0, min(canvasWidth, Int(high.x.rounded(.up)) + 2) - left)
    height = max(0, min(canvasHeight, Int(high.y.rounded(.up)) + 2) - top)
    depth = [Float](repeating: -.infinity, count: width * height)
    color = [SIMD3<Float>](repeating: .zero, count: width * height)
    kind = [UInt8](repeating: 0, count: width * height)
    self.light = light
    self.ambient = ambient
    func place(_ point: SIMD3<Double>) -> SIMD3<Float> {
      SIMD3(Float(origin.x + scale * point.x), Float(origin.y - scale * point.y), Float(scale * point.z))
    }
    for sweep in body.sweeps {
      draw(
        from: place(sweep.from), to: place(sweep.to),
        radii: (sweep.fromRadius * scale, sweep.toRadius * scale),
        sweep)
    }
    for slab in body.slabs { draw(slab, place, scale) }
  }

  /// The index of a sample of the grid, or nil outside the region.
  func index(_ x: Int, _ y: Int) -> Int? {
    let column = x - left
    let row = y - top
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : nil
  }

  private mutating func draw(
    from: SIMD3<Float>, to: SIMD3<Float>, radii: (from: Double, to: Double), _ sweep: Body.Sweep
  ) {
    let step = to - from
    let length = (step * step).sum().squareRoot()
    let balls = max(1, Int((length / max(0.5, Float(min(radii.from, radii.to)) * 0.15)).rounded(.up)))
    let axis = length > 0 ? step / length : .zero
    for index in 0...balls {
      let t = Float(index) / Float(balls)
      let radius = Float(radii.from) + t * Float(radii.to - radii.from)
      let isEnd = index == 0 || index == balls
      ball(at: from + t * step, radius, sweep.color, sweep.kind, axis: isEnd ? .zero : axis)
    }
  }

  private mutating func draw(_ slab: Body.Slab, _ place: (SIMD3<Double>) -> SIMD3<Float>, _ scale: Double) {
    let radius = Float(slab.radius * scale)
    let (leftFrom, leftTo) = (place(slab.left.from), place(slab.left.to))
    let (rightFrom, rightTo) = (place(slab.right.from), place(slab.right.to))
    let spacing = max(0.7, radius * 0.2)
    func length(_ v: SIMD3<Float>) -> Float { (v * v).sum().squareRoot() }
    let rows = max(1, Int((length(leftTo - leftFrom) / spacing).rounded(.up)))
    let columns = max(1, Int((length(rightFrom - leftFrom) / spacing).rounded(.up)))
    for row in 0...rows {
      let t = Float(row) / Float(rows)
      let start = leftFrom + t * (leftTo - leftFrom)
      let end = rightFrom + t * (rightTo - rightFrom)
      var color = slab.color
      if let stripe = slab.stripe, Int(t * 7) % 2 == 1 { color = stripe }
      for column in 0...columns {
        let u = Float(column) / Float(columns)
        ball(at: start + u * (end - start), radius, color, slab.kind, axis: .zero)
      }
    }
  }

  /// Draws one ball; `axis` is taken out of its normals so that a row of balls looks like a tube.
  private mutating func ball(
    at center: SIMD3<Float>, _ radius: Float, _ base: SIMD3<Float>, _ kind: Body.Kind, axis: SIMD3<Float>
  ) {
    let square = radius * radius
    let firstRow = max(top, Int((center.y - radius - 0.5).rounded(.up)))
    let lastRow = min(top + height - 1, Int((center.y + radius - 0.5).rounded(.down)))
    guard firstRow <= lastRow else { return }
    for y in firstRow...lastRow {
      let dy = Float(y) + 0.5 - center.y
      let rest = square - dy * dy
      guard rest > 0 else { continue }
      let reach = rest.squareRoot()
      let firstColumn = max(left, Int((center.x - reach - 0.5).rounded(.up)))
      let lastColumn = min(left + width - 1, Int((center.x + reach - 0.5).rounded(.down)))
      guard firstColumn <= lastColumn else { continue }
      for x in firstColumn...lastColumn {
        let dx = Float(x) + 0.5 - center.x
        let dz = max(0, rest - dx * dx).squareRoot()
        let sample = (y - top) * width + x - left
        let z = center.z + dz
        if z <= depth[sample] { continue }
        depth[sample] = z
        self.kind[sample] = kind.rawValue
        var normal = SIMD3(dx, -dy, dz) / radius
        let up = SIMD3(axis.x, -axis.y, axis.z)
        normal -= (normal * up).sum() * up
        let lit = max(0, (normal * light).sum())
        color[sample] = base * (ambient + (1 - ambient) * lit) * (0.86 + 0.14 * max(0, normal.z))
      }
    }
  }
}
