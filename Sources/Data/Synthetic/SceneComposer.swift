internal import Imaging
internal import PoseCore

/// Builds one scene: invents figures and things, draws them from far to near, and reads the labels off.
struct SceneComposer {
  /// Samples a pixel, each way.
  static let fineness = 2
  /// The owner of samples that belong to a thing; people are 1…254, 0 is the background.
  private static let thing: UInt8 = 255

  private struct Figure {
    var body: Body
    /// Place of the body's origin, in samples.
    var origin: SIMD2<Double>
    /// Samples for one unit of the body.
    var scale: Double
    /// Left, top, right and bottom, in samples.
    var bounds: (left: Double, top: Double, right: Double, bottom: Double)
    /// What stands in front of it.
    var cover: Shape?
  }

  let options: SyntheticPeople.Options
  let figure: SyntheticFigure
  /// Of the sample grid.
  let width: Int
  let height: Int
  private var random: SceneRandom
  private var backdrop: [SIMD3<Float>]
  private var color: [SIMD3<Float>]
  private var owner: [UInt8]

  init(
    options: SyntheticPeople.Options, figure: SyntheticFigure, seed: UInt64, index: Int, attempt: Int,
    width: Int, height: Int
  ) {
    self.options = options
    self.figure = figure
    self.width = width * Self.fineness
    self.height = height * Self.fineness
    random = SceneRandom(seed: seed, index: index, attempt: attempt)
    backdrop = []
    color = []
    owner = []
  }

  /// The scene, or nil if nobody in it can be seen well enough.
  mutating func compose(isPlain: Bool) -> SyntheticScene? {
    let lamp = SIMD3(random.number(-0.7...0.7), random.number(0.1...0.9), random.number(0.5...1))
    let length = (lamp * lamp).sum().squareRoot()
    let light = SIMD3<Float>(lamp / length)
    let ambient = Float(random.number(0.45...0.7))
    backdrop = Backdrop(width: width, height: height, clutter: options.clutter, &random).color
    var figures = inventFigures(isPlain: isPlain)
    // Larger figures are nearer.
    figures.sort { $0.scale < $1.scale }
    let rasters = figures.map {
      BodyRaster(
        $0.body, origin: $0.origin, scale: $0.scale, canvasWidth: width, canvasHeight: height, light: light,
        ambient: ambient)
    }
    var present = Array(figures.indices)
    var labels: [SyntheticScene.Person?] = []
    while !present.isEmpty {
      color = backdrop
      owner = [UInt8](repeating: 0, count: width * height)
      for index in present { paint(rasters[index], as: UInt8(index + 1), cover: figures[index].cover) }
      labels = present.map { label(figures[$0], rasters[$0], as: UInt8($0 + 1)) }
      // Who is hardly seen leaves, the farthest first, and the others are drawn anew.
      guard let hidden = labels.firstIndex(where: { $0 == nil }) else { break }
      present.remove(at: hidden)
    }
    guard !present.isEmpty else { return nil }
    return SyntheticScene(image: develop(), people: labels.compactMap { $0 })
  }

  /// The last scene composed, without anybody.
  mutating func emptyScene() -> SyntheticScene {
    color = backdrop
    return SyntheticScene(image: develop(), people: [])
  }
}

// MARK: - Inventing

extension SceneComposer {
  private mutating func inventFigures(isPlain: Bool) -> [Figure] {
    let people = isPlain ? 1 : random.integer(options.people)
    var figures: [Figure] = []
    for _ in 0..<people {
      // A crowd has to be smaller to fit.
      let crowding = 1 - 0.1 * Double(min(people, 4) - 1)
      let stature = random.number(options.scale) * (people > 1 ? crowding : 1)
      let body = inventBody()
      let truncated = !isPlain && random.chance(options.truncation)
      let mayOverlap = random.chance(options.occlusion)
      var best: Figure?
      var least = Double.infinity
      for _ in 0..<(mayOverlap ? 1 : 8) {
        let candidate = place(body, stature: stature * Double(height), truncated: truncated)
        let overlap = figures.reduce(0) { $0 + Self.overlap($1, candidate) }
        if overlap < least {
          least = overlap
          best = candidate
        }
      }
      guard var figure = best else { continue }
      if !isPlain, random.chance(options.occlusion * 0.6) { figure.cover = inventCover(of: figure) }
      figures.append(figure)
    }
    return figures
  }

  private mutating func inventBody() -> Body {
    if figure == .fox {
      let view =
        Rotation.aboutZ(random.angle(-6...6)) * Rotation.aboutX(random.angle(0...20))
        * Rotation.aboutY(random.angle(-180...180))
      return .fox(view: view, &random)
    }
    let look = BodyLook.random(&random)
    let pose = BodyPose.random(&random)
    let turned = (1 - options.facing) / 3
    let facing = random.pick([0.0, 90, -90, 180], weights: [options.facing, turned, turned, turned])
    let yaw = (facing + random.number(-32...32)) * Double.pi / 180
    let view =
      Rotation.aboutZ(random.angle(-6...6)) * Rotation.aboutX(random.angle(-4...14)) * Rotation.aboutY(yaw)
    return Body(pose: pose, look: look, view: view)
  }

  /// Finds room for a body of the given stature (in samples), all inside the picture or cut off by its edge.
  private mutating func place(_ body: Body, stature: Double, truncated: Bool) -> Figure {
    let extent = body.extent
    let size = SIMD2(extent.maxX - extent.minX, extent.maxY - extent.minY)
    let room = SIMD2(Double(width), Double(height))
    var scale = stature
    if !truncated { scale = min(scale, 0.97 * room.x / size.x, 0.97 * room.y / size.y) }
    let box = size * scale
    let free = room - box
    var corner = SIMD2(random.number(0...1) * free.x, random.number(0...1) * max(0, free.y))
    // People stand lower in the picture more often than they float.
    corner.y = max(corner.y, random.number(0...1) * free.y)
    if truncated {
      let cut = random.number(0.12...0.42)
      switch random.pick([0, 1, 2, 3], weights: [0.27, 0.27, 0.36, 0.1]) {
      case 0: corner.x = -cut * box.x
      case 1: corner.x = room.x - (1 - cut) * box.x
      case 2: corner.y = room.y - (1 - cut) * box.y
      default: corner.y = -cut * 0.6 * box.y
      }
    }
    return Figure(
      body: body, origin: SIMD2(corner.x - extent.minX * scale, corner.y + extent.maxY * scale), scale: scale,
      bounds: (corner.x, corner.y, corner.x + box.x, corner.y + box.y))
  }

  /// The shared share of the smaller of two figures' bounds.
  private static func overlap(_ a: Figure, _ b: Figure) -> Double {
    let width = max(0, min(a.bounds.right, b.bounds.right) - max(a.bounds.left, b.bounds.left))
    let height = max(0, min(a.bounds.bottom, b.bounds.bottom) - max(a.bounds.top, b.bounds.top))
    func area(_ f: Figure) -> Double { (f.bounds.right - f.bounds.left) * (f.bounds.bottom - f.bounds.top) }
    return width * height / max(1, min(area(a), area(b)))
  }

  /// A post, a box or a bush in front of part of a figure.
  private mutating func inventCover(of figure: Figure) -> Shape {
    let box = SIMD2(figure.bounds.right - figure.bounds.left, figure.bounds.bottom - figure.bounds.top)
    let middle = SIMD2(figure.bounds.left, figure.bounds.top) + box / 2
    let tint = random.color(saturation: 0.1...0.8, value: 0.2...0.85)
    let gradient = Float(random.number(0...0.3))
    switch random.integer(0...2) {
    case 0:
      return Shape(
        form: .rectangle, center: SIMD2(middle.x + random.number(-0.4...0.4) * box.x, middle.y),
        reach: SIMD2(random.number(0.05...0.12) * box.x, box.y), turn: (0, 1), color: tint, gradient: gradient
      )
    case 1:
      return Shape(
        form: .rectangle,
        center: SIMD2(middle.x + random.number(-0.3...0.3) * box.x, figure.bounds.bottom + 0.02 * box.y),
        reach: SIMD2(random.number(0.5...0.9) * box.x, random.number(0.14...0.36) * box.y), turn: (0, 1),
        color: tint, gradient: gradient)
    default:
      let side = random.number(0.1...0.22) * box.y
      return Shape(
        form: random.chance(0.6) ? .bush : .ellipse,
        center: SIMD2(
          middle.x + random.number(-0.45...0.45) * box.x, middle.y + random.number(-0.1...0.5) * box.y),
        reach: SIMD2(side, side), turn: (0, 1), color: tint, gradient: gradient)
    }
  }
}

// MARK: - Drawing and labelling

extension SceneComposer {
  private mutating func paint(_ raster: BodyRaster, as number: UInt8, cover: Shape?) {
    for row in 0..<raster.height {
      let start = (raster.top + row) * width + raster.left
      for column in 0..<raster.width {
        let sample = row * raster.width + column
        let kind = raster.kind[sample]
        if kind == 0 { continue }
        color[start + column] = raster.color[sample]
        owner[start + column] = kind == Body.Kind.person.rawValue ? number : Self.thing
      }
    }
    guard let cover else { return }
    cover.forEachSample(width: width, height: height) { index, shade in
      color[index] = cover.color * shade
      owner[index] = Self.thing
    }
  }

  /// The label of a figure as finally drawn, or nil if too little of it is seen.
  private func label(_ figure: Figure, _ raster: BodyRaster, as number: UInt8) -> SyntheticScene.Person? {
    var (minX, maxX, minY, maxY) = (Int.max, -1, Int.max, -1)
    var seen = 0
    var drawn = 0
    for y in raster.top..<raster.top + raster.height {
      for x in raster.left..<raster.left + raster.width {
        if let sample = raster.index(x, y), raster.kind[sample] == Body.Kind.person.rawValue { drawn += 1 }
        guard owner[y * width + x] == number else { continue }
        seen += 1
        (minX, maxX) = (min(minX, x), max(maxX, x))
        (minY, maxY) = (min(minY, y), max(maxY, y))
      }
    }
    let keypoints = figure.body.joints.map { keypoint($0, figure, raster, number) }
    let visible = keypoints.count { $0.visibility == .visible }
    let smallest = 0.004 * Double(width * height)
    guard visible >= self.figure.leastVisible, Double(seen) >= max(smallest, 0.3 * Double(drawn)) else {
      return nil
    }
    let unit = Float(Self.fineness)
    let box = Box(
      x1: Float(minX) / unit, y1: Float(minY) / unit, x2: Float(maxX + 1) / unit, y2: Float(maxY + 1) / unit)
    return SyntheticScene.Person(
      instance: Instance(classIndex: 0, box: box, keypoints: keypoints),
      visibleArea: Double(seen) / Double(Self.fineness * Self.fineness))
  }

  private func keypoint(_ joint: Body.Joint, _ figure: Figure, _ raster: BodyRaster, _ number: UInt8)
    -> Keypoint
  {
    let x = figure.origin.x + figure.scale * joint.position.x
    let y = figure.origin.y - figure.scale * joint.position.y
    let unit = Double(Self.fineness)
    // Thousandths of a pixel, as the label files have them.
    let place = (x: (x / unit * 1000).rounded() / 1000, y: (y / unit * 1000).rounded() / 1000)
    guard place.x >= 0, place.y >= 0, place.x < Double(width) / unit, place.y < Double(height) / unit else {
      return Keypoint(x: 0, y: 0, visibility: .unlabelled)
    }
    let farthest = Float(figure.scale * (joint.position.z + joint.tolerance))
    let column = Int(x.rounded(.down))
    let row = Int(y.rounded(.down))
    var isVisible = false
    for sampleY in max(0, row - 1)...min(height - 1, row + 1) {
      for sampleX in max(0, column - 1)...min(width - 1, column + 1)
      where owner[sampleY * width + sampleX] == number {
        if let sample = raster.index(sampleX, sampleY), raster.depth[sample] <= farthest { isVisible = true }
      }
    }
    return Keypoint(x: Float(place.x), y: Float(place.y), visibility: isVisible ? .visible : .hidden)
  }

  /// Averages the samples of each pixel and adds what a camera adds: colour cast, exposure and noise.
  private mutating func develop() -> Image {
    let unit = Self.fineness
    let cast = SIMD3<Float>(
      Float(random.number(0.93...1.07)), Float(random.number(0.95...1.05)), Float(random.number(0.93...1.07)))
    let exposure = Float(random.number(0.88...1.12))
    let noise = Float(random.number(0...7))
    let (columns, rows) = (width / unit, height / unit)
    var pixels = [UInt8](repeating: 0, count: columns * rows * 3)
    for y in 0..<rows {
      for x in 0..<columns {
        var sum = SIMD3<Float>.zero
        for sampleY in y * unit..<(y + 1) * unit {
          for sampleX in x * unit..<(x + 1) * unit { sum += color[sampleY * width + sampleX] }
        }
        let bits = random.bits()
        let grain =
          SIMD3<Float>(
            Float(bits & 1023), Float(bits >> 10 & 1023), Float(bits >> 20 & 1023)) / 511.5 - 1
        let value = sum / Float(unit * unit) * cast * exposure + noise * grain
        let start = (y * columns + x) * 3
        for channel in 0..<3 { pixels[start + channel] = UInt8(min(255, max(0, value[channel].rounded()))) }
      }
    }
    return Image(width: columns, height: rows, pixels: pixels)
  }
}
