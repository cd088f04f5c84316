extension Body {
  /// A fox of varied build and pose that looks along +z; its keypoints are nose, left ear, right ear and tail tip.
  ///
  /// - Parameter view: turns it to the viewer's sight.
  static func fox(view: Rotation, _ random: inout SceneRandom) -> Body {
    var body = Body()
    let warmth = Float(random.number(0.75...1.1))
    let coat = SIMD3<Float>(205, Float(random.number(95...130)), Float(random.number(35...60))) * warmth
    let white = SIMD3<Float>(238, 232, 222)
    let dark = SIMD3<Float>(48, 36, 34)
    let length = random.number(0.85...1.15)
    func at(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Double> { view * SIMD3(x, y, z * length) }

    // Trunk, breast and legs.
    body.sweep(at(0, 0.02, -0.2), at(0, 0.03, 0.17), 0.1, 0.11, coat)
    body.sweep(at(0, -0.03, 0.16), at(0, 0.06, 0.24), 0.075, 0.07, white)
    for (x, z) in [(0.06, 0.17), (-0.06, 0.17), (0.06, -0.2), (-0.06, -0.2)] {
      let swing = random.number(-0.09...0.09)
      body.sweep(at(x, -0.04, z), at(x, -0.2, z + swing / 2), 0.045, 0.032, coat)
      body.sweep(at(x, -0.2, z + swing / 2), at(x, -0.33, z + swing), 0.03, 0.026, dark)
    }

    // The head turns about the neck.
    let neck = at(0, 0.12, 0.24)
    let turn =
      view * Rotation.aboutY(random.angle(-45...45)) * Rotation.aboutX(random.angle(-15...25))
      * Rotation.aboutZ(random.angle(-12...12))
    func head(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Double> { neck + turn * SIMD3(x, y, z) }
    body.sweep(at(0, 0.05, 0.2), head(0, 0.05, 0.04), 0.075, 0.07, coat)
    body.sweep(head(0, 0.07, 0.05), head(0, 0.06, 0.09), 0.088, 0.075, coat)
    body.sweep(head(0, 0.045, 0.12), head(0, 0.03, 0.205), 0.045, 0.026, coat)
    body.sweep(head(0, 0.022, 0.11), head(0, 0.012, 0.19), 0.04, 0.02, white)
    body.sweep(head(0, 0.036, 0.222), head(0, 0.034, 0.226), 0.017, 0.017, dark)
    let ear = random.number(0.1...0.14)
    for side in [1.0, -1] {
      body.sweep(head(0.045 * side, 0.13, 0.04), head(0.07 * side, 0.13 + ear, 0.035), 0.036, 0.008, coat)
      body.sweep(
        head(0.047 * side, 0.135, 0.062), head(0.066 * side, 0.1 + ear, 0.05), 0.02, 0.006, dark)
      body.sweep(
        head(0.036 * side, 0.085, 0.122), head(0.037 * side, 0.085, 0.124), 0.013, 0.013, dark)
    }

    // The tail hangs or is carried, to either side.
    let lift = random.number(-0.16...0.14)
    let swing = random.number(-0.16...0.16)
    let root = at(0, 0.05, -0.27)
    let middle = at(swing / 2, 0.05 + lift * 0.6, -0.4)
    let tip = at(swing, 0.05 + lift, -0.53)
    body.sweep(root, middle, 0.035, 0.062, coat)
    body.sweep(middle, middle + (tip - middle) * 0.6, 0.062, 0.048, coat)
    body.sweep(middle + (tip - middle) * 0.6, tip, 0.048, 0.014, white)

    body.joints = [
      Joint(position: head(0, 0.036, 0.236), tolerance: 0.03),
      Joint(position: head(0.07, 0.13 + ear, 0.035), tolerance: 0.03),
      Joint(position: head(-0.07, 0.13 + ear, 0.035), tolerance: 0.03),
      Joint(position: tip, tolerance: 0.035),
    ]
    return body
  }
}
