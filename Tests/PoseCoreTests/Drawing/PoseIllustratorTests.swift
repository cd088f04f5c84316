import Imaging
import PoseCore
import Testing

@Suite struct `A pose illustrator` {
  let illustrator = PoseIllustrator(skeleton: .cocoPerson, classNames: ["person"])

  @Test func `draws left limbs as left, right as right and those across as neither`() {
    let person = Instance(
      classIndex: 0, box: Box(x1: 3, y1: 5, x2: 40, y2: 90),
      keypoints: (0..<17).map { Keypoint(x: Float($0), y: Float(2 * $0), visibility: .visible) })
    let figure = illustrator.figure(person)
    #expect(figure.box == Canvas.Rectangle(x: 3, y: 5, width: 37, height: 85))
    #expect(figure.label == "person")
    for limb in figure.limbs {
      switch (limb.from, limb.to) {
      case (5, 6), (11, 12), (1, 2): #expect(limb.side == .middle)
      case (let from, let to): #expect(limb.side == ((from == 0 ? to : from) % 2 == 1 ? .left : .right))
      }
    }
    #expect(
      figure.joints[0].side == .middle && figure.joints[9].side == .left && figure.joints[16].side == .right)
  }

  @Test func `opens hidden keypoints and leaves unlabelled ones out`() {
    var keypoints = [Keypoint](repeating: Keypoint(x: 1, y: 1, visibility: .unlabelled), count: 17)
    keypoints[3].visibility = .hidden
    keypoints[4].visibility = .visible
    let figure = illustrator.figure(
      Instance(classIndex: 0, box: Box(x1: 0, y1: 0, x2: 9, y2: 9), keypoints: keypoints))
    #expect(figure.joints[2...4].map(\.style) == [.absent, .hollow, .filled])
  }

  @Test func `fades keypoints by confidence and leaves out those below one half`() {
    let confidences: [Float] = [1, 0.8, 0.5, 0.49, 0, .nan]
    let detection = Detection(
      classIndex: 4, score: 0.875, box: Box(x1: 0, y1: 0, x2: 9, y2: 9),
      keypoints: (0..<17).map {
        PredictedKeypoint(x: 1, y: 1, confidence: $0 < confidences.count ? confidences[$0] : 1)
      })
    let figure = illustrator.figure(detection)
    #expect(figure.label == "4 0.88")
    #expect(figure.joints[0..<6].map(\.style) == [.filled, .filled, .filled, .absent, .absent, .absent])
    #expect(figure.joints[0].opacity == 1 && figure.joints[2].opacity == 0.5)
  }

  @Test func `leaves the picture as it is without instances`() throws {
    let picture = Image(width: 20, height: 10, fill: (9, 8, 7))
    #expect(try illustrator.draw([Instance](), over: picture) == picture)
    #expect(try illustrator.draw([Detection](), over: picture) == picture)
  }

  @Test func `finds sides in names, else in flip pairs`() {
    var skeleton = Skeleton.cocoPerson
    skeleton.keypointCount = 5
    skeleton.flipIndices = [0, 2, 1, 4, 3]
    skeleton.names = ["tail", "L_paw", "R_paw", "ear-left", "RightEar"]
    #expect(skeleton.sides == [.middle, .left, .right, .left, .right])
    skeleton.names = []
    #expect(skeleton.sides == [.middle, .left, .right, .left, .right])
    skeleton.flipIndices = nil
    #expect(skeleton.sides == [.middle, .middle, .middle, .middle, .middle])
  }
}
