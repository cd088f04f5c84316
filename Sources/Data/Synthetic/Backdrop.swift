/// The picture behind the people: gradient, patchy texture, and shapes; and the things in front of them.
struct Backdrop {
  let width: Int
  let height: Int
  /// `height × width`, channels 0…255.
  private(set) var color: [SIMD3<Float>]

  /// - Parameter clutter: 0 gives a plain gradient, 1 a crowd of shapes and strong texture.
  init(width: Int, height: Int, clutter: Double, _ random: inout SceneRandom) {
    self.width = width
    self.height = height
    color = [SIMD3<Float>](repeating: .zero, count: width * height)
    fillGradient(&random)
    let texture = clutter * random.number(0...36)
    for cells in [4, 11, 29] { addTexture(cells: cells, strength: Float(texture) / 1.6, &random) }
    for _ in 0..<Int((clutter * random.number(2...16)).rounded()) {
      fill(Shape.random(width: Double(width), height: Double(height), &random))
    }
  }

  /// Wall and floor, or one sky-like gradient.
  private mutating func fillGradient(_ random: inout SceneRandom) {
    let upper = random.color(saturation: 0...0.45, value: 0.3...1)
    let lower = random.color(saturation: 0...0.45, value: 0.25...0.95)
    let floor = random.color(saturation: 0...0.45, value: 0.25...0.85)
    let hasFloor = random.chance(0.6)
    let horizon = Int(Double(height) * random.number(0.55...0.9))
    let slope = Float(random.number(-0.3...0.3))
    for y in 0..<height {
      for x in 0..<width {
        let t = Float(y) / Float(height) + slope * (Float(x) / Float(width) - 0.5)
        let share = min(1, max(0, t))
        color[y * width + x] =
          hasFloor && y >= horizon ? floor * (0.8 + 0.3 * share) : upper * (1 - share) + lower * share
      }
    }
  }

  /// Brightness patches: random values on a lattice, blended in between.
  private mutating func addTexture(cells: Int, strength: Float, _ random: inout SceneRandom) {
    let lattice = (0..<(cells + 2) * (cells + 2)).map { _ in Float(random.number(-1...1)) }
    guard strength > 0 else { return }
    for y in 0..<height {
      let v = Float(y) / Float(height) * Float(cells)
      let row = Int(v)
      let fy = v - Float(row)
      for x in 0..<width {
        let u = Float(x) / Float(width) * Float(cells)
        let column = Int(u)
        let fx = u - Float(column)
        let start = row * (cells + 2) + column
        let above = lattice[start] * (1 - fx) + lattice[start + 1] * fx
        let below = lattice[start + cells + 2] * (1 - fx) + lattice[start + cells + 3] * fx
        color[y * width + x] += SIMD3(repeating: strength * (above * (1 - fy) + below * fy))
      }
    }
  }

  private mutating func fill(_ shape: Shape) {
    shape.forEachSample(width: width, height: height) { index, shade in color[index] = shape.color * shade }
  }
}

/// A flat thing: a turned rectangle, an ellipse or a bush, in samples.
struct Shape {
  enum Form: CaseIterable {
    case rectangle, ellipse, bush
  }

  var form: Form
  var center: SIMD2<Double>
  /// Half the width and half the height before turning.
  var reach: SIMD2<Double>
  /// The turn, as sine and cosine.
  var turn: (sine: Double, cosine: Double)
  var color: SIMD3<Float>
  /// 0 flat; else how much darker its far end is.
  var gradient: Float

  /// Something in the background, up to half the picture wide.
  static func random(width: Double, height: Double, _ random: inout SceneRandom) -> Shape {
    let thin = random.chance(0.4)
    let size = random.number(0.04...0.25) * min(width, height)
    let reach =
      thin
      ? SIMD2(size * random.number(0.08...0.2), size * random.number(0.8...1.8))
      : SIMD2(size, size * random.number(0.4...1.4))
    return Shape(
      form: random.pick(Form.allCases, weights: [0.55, 0.3, 0.15]),
      center: SIMD2(random.number(0...1) * width, random.number(0...1) * height), reach: reach,
      turn: Rotation.sineAndCosine(random.chance(0.5) ? 0 : random.angle(0...180)),
      color: random.color(saturation: 0...0.8, value: 0.15...0.95), gradient: Float(random.number(0...0.35)))
  }

  /// Calls `body` with the index and brightness of each sample inside.
  func forEachSample(width: Int, height: Int, _ body: (Int, Float) -> Void) {
    let span = SIMD2(
      abs(turn.cosine) * reach.x + abs(turn.sine) * reach.y,
      abs(turn.sine) * reach.x + abs(turn.cosine) * reach.y)
    let firstX = max(0, Int((center.x - span.x).rounded(.down)))
    let lastX = min(width - 1, Int((center.x + span.x).rounded(.up)))
    let firstY = max(0, Int((center.y - span.y).rounded(.down)))
    let lastY = min(height - 1, Int((center.y + span.y).rounded(.up)))
    guard firstX <= lastX, firstY <= lastY, reach.x > 0, reach.y > 0 else { return }
    for y in firstY...lastY {
      for x in firstX...lastX {
        let dx = Double(x) + 0.5 - center.x
        let dy = Double(y) + 0.5 - center.y
        let u = (turn.cosine * dx + turn.sine * dy) / reach.x
        let v = (turn.cosine * dy - turn.sine * dx) / reach.y
        guard contains(u, v) else { continue }
        body(y * width + x, 1 - gradient * Float(0.5 + 0.5 * v))
      }
    }
  }

  /// Whether a place with the shape's own coordinates -1…1 is inside.
  private func contains(_ u: Double, _ v: Double) -> Bool {
    switch form {
    case .rectangle: return abs(u) <= 1 && abs(v) <= 1
    case .ellipse: return u * u + v * v <= 1
    case .bush:
      let leaves: [(Double, Double, Double)] = [
        (0, 0.3, 0.7), (-0.5, 0.1, 0.5), (0.5, 0.2, 0.5), (-0.2, -0.45, 0.5), (0.35, -0.4, 0.45),
        (0.75, 0.7, 0.25), (-0.75, 0.65, 0.3),
      ]
      return leaves.contains { (u - $0.0) * (u - $0.0) + (v - $0.1) * (v - $0.1) <= $0.2 * $0.2 }
    }
  }
}
