/// A figure in space: the rounded shapes to draw, and where its 17 keypoints are.
///
/// Units are the figure's stature; x to the picture's right, y up, z towards the viewer, origin at the pelvis.
struct Body {
  /// What a shape belongs to.
  enum Kind: UInt8 {
    case person = 1
    /// A thing that belongs to the pose, such as a seat: it hides, but is nobody.
    case prop = 2
  }

  /// A ball drawn along a line, its radius changing evenly.
  struct Sweep {
    var from: SIMD3<Double>
    var to: SIMD3<Double>
    var fromRadius: Double
    var toRadius: Double
    var color: SIMD3<Float>
    var kind: Kind = .person
  }

  /// Balls over a four-cornered surface: `from` to `to` on the left edge and on the right edge.
  struct Slab {
    var left: (from: SIMD3<Double>, to: SIMD3<Double>)
    var right: (from: SIMD3<Double>, to: SIMD3<Double>)
    var radius: Double
    var color: SIMD3<Float>
    /// Alternates with `color` along the left edge.
    var stripe: SIMD3<Float>?
    var kind: Kind = .person
  }

  /// A keypoint, and how far behind the surface in front of it it may lie and still count as visible.
  struct Joint {
    var position: SIMD3<Double>
    var tolerance: Double
  }

  var sweeps: [Sweep] = []
  var slabs: [Slab] = []
  /// In the order of the figure's skeleton.
  var joints: [Joint] = []

  /// Nothing yet.
  init() {}

  /// A person, with COCO's 17 keypoints.
  ///
  /// - Parameter view: turns the body, which looks along +z, to the viewer's sight.
  init(pose: BodyPose, look: BodyLook, view: Rotation) {
    let trunk =
      view * Rotation.aboutX(pose.bend) * Rotation.aboutZ(-pose.sway) * Rotation.aboutY(pose.twist)
    let head = trunk * Rotation.aboutY(pose.look) * Rotation.aboutX(pose.nod) * Rotation.aboutZ(-pose.tilt)
    addTrunk(look, trunk)
    let face = addHead(look, trunk: trunk, head: head)
    let left = addArm(pose.leftArm, side: 1, look, trunk)
    let right = addArm(pose.rightArm, side: -1, look, trunk)
    let leftLeg = addLeg(pose.leftLeg, side: 1, look, view)
    let rightLeg = addLeg(pose.rightLeg, side: -1, look, view)
    joints = face
    for index in 0..<3 { joints += [left[index], right[index]] }
    for index in 0..<3 { joints += [leftLeg[index], rightLeg[index]] }
    if pose.isSeated { addSeat(look, view) }
  }

  private mutating func addTrunk(_ look: BodyLook, _ trunk: Rotation) {
    let g = look.girth
    let radius = 0.054 * g
    func at(_ x: Double, _ y: Double, _ z: Double = 0) -> SIMD3<Double> { trunk * SIMD3(x, y, z) }
    slabs.append(
      Slab(
        left: (at(0.066 * g, 0.255), at(0.045 * g, 0.06)),
        right: (at(-0.066 * g, 0.255), at(-0.045 * g, 0.06)),
        radius: radius, color: look.top, stripe: look.stripe))
    // Front of the clothes: collar and badge; nothing like it on the back.
    sweep(at(0, 0.295, 0.02), at(0, 0.262, 0.042 * g), 0.026, 0.02, look.skin)
    sweep(at(0, 0.245, radius - 0.016), at(0, 0.08, radius - 0.016), 0.03, 0.024, look.badge)
    sweep(at(0.045, 0.215, radius - 0.004), at(0.05, 0.2, radius - 0.004), 0.014, 0.014, look.badge)
  }

  /// Returns nose, eyes and ears.
  private mutating func addHead(_ look: BodyLook, trunk: Rotation, head: Rotation) -> [Joint] {
    let k = look.headSize
    let base = trunk * SIMD3(0, 0.285, 0)
    let neck = trunk * SIMD3(0, 0.325, 0.005)
    let center = neck + head * (SIMD3(0, 0.058, 0.01) * k)
    func at(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Double> { center + head * (SIMD3(x, y, z) * k) }
    let dark = SIMD3<Float>(30, 24, 28)
    sweep(base, neck + (center - neck) * 0.4, 0.034, 0.03, look.skin * 0.94)
    sweep(center, at(0, -0.036, 0.012), 0.07 * k, 0.05 * k, look.skin)
    sweep(at(0, 0.019, -0.016), at(0, 0.006, -0.02), 0.0705 * k, 0.0705 * k, look.hair)
    if look.hasLongHair {
      for side in [1.0, -1] {
        sweep(
          at(0.053 * side, 0.01, -0.018), at(0.056 * side, -0.085, -0.03), 0.037 * k, 0.028 * k, look.hair)
      }
      sweep(at(0, 0, -0.025), at(0, -0.1, -0.045), 0.066 * k, 0.045 * k, look.hair)
    }
    for side in [1.0, -1] {
      sweep(
        at(0.066 * side, -0.008, -0.004), at(0.067 * side, -0.014, -0.004), 0.016 * k, 0.013 * k,
        look.skin * 0.92)
      sweep(at(0.029 * side, 0.006, 0.0585), at(0.027 * side, 0.006, 0.0585), 0.0115 * k, 0.0115 * k, dark)
    }
    sweep(at(0, 0.002, 0.066), at(0, -0.016, 0.07), 0.008 * k, 0.0115 * k, look.skin * 0.82)
    sweep(at(0.016, -0.042, 0.0555), at(-0.016, -0.042, 0.0555), 0.0065 * k, 0.0065 * k, SIMD3(150, 50, 50))
    return [
      Joint(position: at(0, -0.014, 0.078), tolerance: 0.022 * k),
      Joint(position: at(0.028, 0.006, 0.066), tolerance: 0.018 * k),
      Joint(position: at(-0.028, 0.006, 0.066), tolerance: 0.018 * k),
      Joint(position: at(0.074, -0.01, -0.004), tolerance: 0.024 * k),
      Joint(position: at(-0.074, -0.01, -0.004), tolerance: 0.024 * k),
    ]
  }

  /// Returns shoulder, elbow and wrist.
  private mutating func addArm(_ arm: BodyPose.Arm, side: Double, _ look: BodyLook, _ trunk: Rotation)
    -> [Joint]
  {
    let g = look.girth
    let upper =
      trunk * Rotation.aboutZ(side * arm.sideways) * Rotation.aboutX(-arm.forward)
      * Rotation.aboutY(-side * arm.turn)
    let lower = upper * Rotation.aboutX(-arm.elbow)
    let shoulder = trunk * SIMD3(side * 0.108 * g, 0.27, 0)
    let elbow = shoulder + upper * SIMD3(0, -0.165, 0)
    let wrist = elbow + lower * SIMD3(0, -0.145, 0)
    let hand = wrist + lower * SIMD3(0, -0.042, 0.006)
    let sleeve = look.sleeves == .none ? look.skin : look.top
    sweep(trunk * SIMD3(side * 0.07 * g, 0.272, 0), shoulder, 0.04 * g, 0.037 * g, look.top)
    sweep(shoulder, elbow, 0.036 * g, 0.029 * g, look.sleeves == .long ? look.top : look.skin)
    if look.sleeves == .short {
      sweep(shoulder, shoulder + (elbow - shoulder) * 0.55, 0.039 * g, 0.036 * g, sleeve)
    }
    sweep(elbow, wrist, 0.028 * g, 0.02 * g, look.sleeves == .long ? look.top * 0.95 : look.skin)
    sweep(wrist, hand, 0.019, 0.021, look.skin * 0.97)
    return [
      Joint(position: shoulder, tolerance: 0.075 * g), Joint(position: elbow, tolerance: 0.055 * g),
      Joint(position: wrist, tolerance: 0.045 * g),
    ]
  }

  /// Returns hip, knee and ankle.
  private mutating func addLeg(_ leg: BodyPose.Leg, side: Double, _ look: BodyLook, _ pelvis: Rotation)
    -> [Joint]
  {
    let g = look.girth
    let upper = pelvis * Rotation.aboutZ(side * leg.sideways) * Rotation.aboutX(-leg.forward)
    let lower = upper * Rotation.aboutX(leg.knee)
    let hip = pelvis * SIMD3(side * 0.055 * g, 0, 0)
    let knee = hip + upper * SIMD3(0, -0.235 * look.legLength, 0)
    let ankle = knee + lower * SIMD3(0, -0.228 * look.legLength, 0)
    sweep(pelvis * SIMD3(side * 0.035 * g, 0.05, 0), hip, 0.054 * g, 0.056 * g, look.bottom)
    let cut = look.hasShorts ? 0.75 : 1
    if look.hasShorts { sweep(hip, knee, 0.05 * g, 0.038 * g, look.skin) }
    sweep(hip, hip + (knee - hip) * cut, 0.056 * g, (look.hasShorts ? 0.047 : 0.041) * g, look.bottom)
    sweep(knee, ankle, 0.039 * g, 0.026 * g, look.hasShorts ? look.skin : look.bottom * 0.95)
    sweep(
      ankle + lower * SIMD3(0, -0.016, -0.012), ankle + lower * SIMD3(0, -0.03, 0.095), 0.027, 0.02,
      look.shoes)
    return [
      Joint(position: hip, tolerance: 0.08 * g), Joint(position: knee, tolerance: 0.065 * g),
      Joint(position: ankle, tolerance: 0.055 * g),
    ]
  }

  private mutating func addSeat(_ look: BodyLook, _ view: Rotation) {
    let color = SIMD3<Float>(120, 84, 52) * (BodyLook.brightness(look.bottom) > 100 ? 0.6 : 1.2)
    func at(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Double> { view * SIMD3(x, y, z) }
    slabs.append(
      Slab(
        left: (at(0.11, -0.085, -0.1), at(0.11, -0.085, 0.11)),
        right: (at(-0.11, -0.085, -0.1), at(-0.11, -0.085, 0.11)), radius: 0.022, color: color, kind: .prop))
    for x in [0.11, -0.11] {
      for z in [0.1, -0.1] {
        sweeps.append(
          Sweep(
            from: at(x, -0.09, z), to: at(x, -0.32, z), fromRadius: 0.013, toRadius: 0.013,
            color: color * 0.85,
            kind: .prop))
      }
    }
  }

  mutating func sweep(
    _ from: SIMD3<Double>, _ to: SIMD3<Double>, _ fromRadius: Double, _ toRadius: Double,
    _ color: SIMD3<Float>
  ) {
    sweeps.append(Sweep(from: from, to: to, fromRadius: fromRadius, toRadius: toRadius, color: color))
  }

  /// The left, right, lower and upper ends of the person (without props).
  var extent: (minX: Double, maxX: Double, minY: Double, maxY: Double) {
    var (minX, maxX, minY, maxY) = (Double.infinity, -Double.infinity, Double.infinity, -Double.infinity)
    for sweep in sweeps where sweep.kind == .person {
      for (point, radius) in [(sweep.from, sweep.fromRadius), (sweep.to, sweep.toRadius)] {
        minX = min(minX, point.x - radius)
        maxX = max(maxX, point.x + radius)
        minY = min(minY, point.y - radius)
        maxY = max(maxY, point.y + radius)
      }
    }
    return (minX, maxX, minY, maxY)
  }
}
