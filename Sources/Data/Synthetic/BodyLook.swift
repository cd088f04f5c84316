/// The build, skin, hair and clothes of a figure; colours have channels 0…255.
struct BodyLook {
  enum Sleeves: CaseIterable {
    case none, short, long
  }

  var girth: Double
  var legLength: Double
  var headSize: Double
  var skin: SIMD3<Float>
  var hair: SIMD3<Float>
  var hasLongHair: Bool
  var top: SIMD3<Float>
  /// The other colour of a striped top.
  var stripe: SIMD3<Float>?
  /// What is on the chest, never on the back.
  var badge: SIMD3<Float>
  var sleeves: Sleeves
  var bottom: SIMD3<Float>
  var hasShorts: Bool
  var shoes: SIMD3<Float>

  private static let skins: [SIMD3<Float>] = [
    SIMD3(244, 208, 177), SIMD3(231, 180, 143), SIMD3(210, 153, 108), SIMD3(172, 112, 74), SIMD3(124, 78, 50),
    SIMD3(86, 54, 38),
  ]
  private static let hairs: [SIMD3<Float>] = [
    SIMD3(28, 22, 20), SIMD3(60, 40, 28), SIMD3(104, 66, 36), SIMD3(206, 168, 96), SIMD3(150, 68, 32),
    SIMD3(168, 166, 164),
  ]

  static func random(_ random: inout SceneRandom) -> BodyLook {
    let skin = random.pick(skins) * Float(random.number(0.93...1.05))
    var hair = random.pick(hairs)
    // Hair has to differ from the face, or back and front would look alike.
    if abs(brightness(hair) - brightness(skin)) < 60 { hair = brightness(skin) > 110 ? hairs[0] : hairs[5] }
    let top = random.color(saturation: 0.15...0.9, value: 0.25...0.95)
    let badge = brightness(top) > 120 ? SIMD3<Float>(30, 30, 40) : SIMD3<Float>(240, 235, 220)
    return BodyLook(
      girth: random.number(0.88...1.18), legLength: random.number(0.94...1.05),
      headSize: random.number(1.08...1.26), skin: skin, hair: hair, hasLongHair: random.chance(0.35),
      top: top,
      stripe: random.chance(0.25) ? random.color(saturation: 0.1...0.8, value: 0.3...1) : nil, badge: badge,
      sleeves: random.pick(Sleeves.allCases, weights: [0.15, 0.45, 0.4]),
      bottom: random.color(saturation: 0.1...0.7, value: 0.15...0.75), hasShorts: random.chance(0.3),
      shoes: random.color(saturation: 0...0.6, value: 0.1...0.9))
  }

  static func brightness(_ color: SIMD3<Float>) -> Float { 0.3 * color.x + 0.59 * color.y + 0.11 * color.z }
}
