/// The joint angles of a figure, in radians.
struct BodyPose {
  /// An arm: the upper arm raised forwards, then sideways away from the body, turned about itself; the elbow bent.
  struct Arm {
    var forward = 0.0
    var sideways = 0.1
    var turn = 0.0
    var elbow = 0.2
  }

  /// A leg: the thigh raised forwards, then spread sideways; the knee bent.
  struct Leg {
    var forward = 0.0
    var sideways = 0.05
    var knee = 0.05
  }

  /// Trunk relative to the pelvis: bent forwards, to the left, and turned.
  var bend = 0.0
  var sway = 0.0
  var twist = 0.0
  /// Head relative to the trunk.
  var nod = 0.0
  var tilt = 0.0
  var look = 0.0
  var leftArm = Arm()
  var rightArm = Arm()
  var leftLeg = Leg()
  var rightLeg = Leg()
  /// Whether a seat is drawn beneath.
  var isSeated = false

  /// What a figure does.
  enum Activity: CaseIterable {
    case standing, walking, armsUp, gesturing, sitting, leaning
  }

  /// A random pose: mostly upright activities, no two alike.
  static func random(_ random: inout SceneRandom) -> BodyPose {
    let activity = random.pick(Activity.allCases, weights: [0.26, 0.24, 0.12, 0.16, 0.12, 0.1])
    var pose = BodyPose()
    pose.relax(&random)
    switch activity {
    case .standing: break
    case .walking: pose.walk(&random)
    case .armsUp:
      pose.leftArm = raised(&random)
      pose.rightArm = random.chance(0.6) ? raised(&random) : pose.rightArm
    case .gesturing:
      pose.leftArm = random.chance(0.65) ? gesture(&random) : pose.leftArm
      pose.rightArm = random.chance(0.65) ? gesture(&random) : pose.rightArm
    case .sitting: pose.sit(&random)
    case .leaning:
      pose.bend = random.angle(10...50)
      pose.sway = random.angle(-25...25)
      pose.leftArm.forward += pose.bend
      pose.rightArm.forward += pose.bend
    }
    if random.chance(0.5) { swap(&pose.leftArm, &pose.rightArm) }
    return pose
  }

  /// Stands at ease.
  private mutating func relax(_ random: inout SceneRandom) {
    bend = random.angle(-4...6)
    sway = random.angle(-5...5)
    twist = random.angle(-12...12)
    nod = random.angle(-12...18)
    tilt = random.angle(-10...10)
    look = random.angle(-22...22)
    leftArm = Self.hanging(&random)
    rightArm = Self.hanging(&random)
    leftLeg = Leg(
      forward: random.angle(-6...8), sideways: random.angle(1...10), knee: random.angle(0...10))
    rightLeg = Leg(
      forward: random.angle(-6...8), sideways: random.angle(1...10), knee: random.angle(0...10))
  }

  private mutating func walk(_ random: inout SceneRandom) {
    let stride = random.angle(14...48)
    let effort = random.unit()
    let front = Leg(forward: stride, sideways: random.angle(0...4), knee: random.angle(2...20) + effort * 0.5)
    let back = Leg(
      forward: -stride * 0.8, sideways: random.angle(0...4), knee: random.angle(10...30) + effort * 1.1)
    let elbow = random.angle(10...30) + effort * 1.1
    let forwardArm = Arm(forward: stride * 0.9, sideways: random.angle(3...12), turn: 0, elbow: elbow)
    let backArm = Arm(forward: -stride * 0.9, sideways: random.angle(3...12), turn: 0, elbow: elbow)
    bend = effort * 0.25
    let leftFirst = random.chance(0.5)
    (leftLeg, rightLeg) = leftFirst ? (front, back) : (back, front)
    (leftArm, rightArm) = leftFirst ? (backArm, forwardArm) : (forwardArm, backArm)
  }

  private mutating func sit(_ random: inout SceneRandom) {
    isSeated = true
    bend = random.angle(-8...18)
    for side in 0..<2 {
      let leg = Leg(
        forward: random.angle(75...95), sideways: random.angle(2...18), knee: random.angle(65...105))
      let arm = Arm(
        forward: random.angle(10...50), sideways: random.angle(0...15), turn: random.angle(-20...30),
        elbow: random.angle(20...80))
      if side == 0 { (leftLeg, leftArm) = (leg, arm) } else { (rightLeg, rightArm) = (leg, arm) }
    }
  }

  private static func hanging(_ random: inout SceneRandom) -> Arm {
    if random.chance(0.15) {  // Hand on the hip.
      return Arm(
        forward: random.angle(-20...0), sideways: random.angle(38...52), turn: random.angle(75...95),
        elbow: random.angle(85...105))
    }
    return Arm(
      forward: random.angle(-12...18), sideways: random.angle(5...22), turn: random.angle(-10...40),
      elbow: random.angle(3...35))
  }

  private static func raised(_ random: inout SceneRandom) -> Arm {
    Arm(
      forward: random.angle(-10...20), sideways: random.angle(110...172), turn: random.angle(-40...40),
      elbow: random.angle(0...60))
  }

  private static func gesture(_ random: inout SceneRandom) -> Arm {
    if random.chance(0.5) {
      return Arm(
        forward: random.angle(-10...15), sideways: random.angle(45...100), turn: random.angle(-90...30),
        elbow: random.angle(0...110))
    }
    return Arm(
      forward: random.angle(25...95), sideways: random.angle(0...35), turn: random.angle(-20...50),
      elbow: random.angle(10...110))
  }
}
