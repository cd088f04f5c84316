/// A rotation of space: x to a person's left, y up, z forward (towards the viewer at yaw 0).
struct Rotation {
  /// Where the axes go.
  let x: SIMD3<Double>
  let y: SIMD3<Double>
  let z: SIMD3<Double>

  static let none = Rotation(x: SIMD3(1, 0, 0), y: SIMD3(0, 1, 0), z: SIMD3(0, 0, 1))

  /// About the x axis; a positive angle tips what is up forwards.
  static func aboutX(_ angle: Double) -> Rotation {
    let (s, c) = sineAndCosine(angle)
    return Rotation(x: SIMD3(1, 0, 0), y: SIMD3(0, c, s), z: SIMD3(0, -s, c))
  }

  /// About the y axis; a positive angle turns the front to the left of the body.
  static func aboutY(_ angle: Double) -> Rotation {
    let (s, c) = sineAndCosine(angle)
    return Rotation(x: SIMD3(c, 0, -s), y: SIMD3(0, 1, 0), z: SIMD3(s, 0, c))
  }

  /// About the z axis; a positive angle takes left to up.
  static func aboutZ(_ angle: Double) -> Rotation {
    let (s, c) = sineAndCosine(angle)
    return Rotation(x: SIMD3(c, s, 0), y: SIMD3(-s, c, 0), z: SIMD3(0, 0, 1))
  }

  static func * (a: Rotation, v: SIMD3<Double>) -> SIMD3<Double> { a.x * v.x + a.y * v.y + a.z * v.z }

  /// First `b`, then `a`.
  static func * (a: Rotation, b: Rotation) -> Rotation { Rotation(x: a * b.x, y: a * b.y, z: a * b.z) }

  /// Sine and cosine by their series, in plain arithmetic: libraries differ in the last bit, pictures must not.
  static func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
    let quarter = Double.pi / 2
    let turns = (angle / quarter).rounded()
    let x = angle - turns * quarter
    let square = x * x
    var sine = 0.0
    var cosine = 0.0
    for n in stride(from: 8, through: 1, by: -1) {
      let even = Double(2 * n - 1) * Double(2 * n)
      let odd = Double(2 * n) * Double(2 * n + 1)
      cosine = -square / even * (1 + cosine)
      sine = -square / odd * (1 + sine)
    }
    let s = x * (1 + sine)
    let c = 1 + cosine
    switch Int(turns) & 3 {
    case 0: return (s, c)
    case 1: return (c, -s)
    case 2: return (-s, -c)
    default: return (-c, s)
    }
  }
}
