import Data
import Foundation
import Imaging
import PoseCore
import Testing

@Suite struct `Synthetic scenes` {
  let people = SyntheticPeople()

  /// The first scenes of a seed, not square.
  func scenes(_ count: Int, _ options: SyntheticPeople.Options = .init(), seed: UInt64 = 5)
    -> [SyntheticScene]
  {
    (0..<count).map {
      SyntheticPeople(options: options).scene(seed: seed, index: $0, width: 200, height: 150)
    }
  }

  @Test func `are the same for the same seed and index, and others for others`() {
    let scene = people.scene(seed: 3, index: 7, width: 96, height: 80)
    #expect(scene == people.scene(seed: 3, index: 7, width: 96, height: 80))
    #expect(scene.image.width == 96 && scene.image.height == 80)
    #expect(scene != people.scene(seed: 4, index: 7, width: 96, height: 80))
    #expect(scene != people.scene(seed: 3, index: 8, width: 96, height: 80))
  }

  @Test func `have as many people as asked for at most, and never nobody`() {
    for scene in scenes(40) {
      #expect((1...3).contains(scene.people.count))
    }
    #expect(scenes(10, .init(people: 1...1)).allSatisfy { $0.people.count == 1 })
  }

  @Test func `keep boxes inside the picture and visible keypoints inside their box`() {
    for person in scenes(60).flatMap(\.people) {
      let box = person.instance.box
      #expect(box.x1 >= 0 && box.y1 >= 0 && box.x2 <= 200 && box.y2 <= 150)
      #expect(box.width > 3 && box.height > 3)
      #expect(person.visibleArea <= Double(box.area) && person.visibleArea > 0.1 * Double(box.area))
      #expect(person.instance.keypoints.count == 17)
      for keypoint in person.instance.keypoints {
        switch keypoint.visibility {
        case .unlabelled: #expect(keypoint.x == 0 && keypoint.y == 0)
        case .hidden: #expect((0..<200).contains(keypoint.x) && (0..<150).contains(keypoint.y))
        case .visible:
          #expect(keypoint.x >= box.x1 - 1 && keypoint.x <= box.x2 + 1)
          #expect(keypoint.y >= box.y1 - 1 && keypoint.y <= box.y2 + 1)
        }
      }
    }
  }

  @Test func `label everything that is inside when nobody is cut off`() {
    let whole = scenes(40, .init(occlusion: 0, truncation: 0)).flatMap(\.people)
    #expect(whole.allSatisfy { $0.instance.keypoints.allSatisfy { $0.visibility != .unlabelled } })
    let cut = scenes(40, .init(people: 1...1, occlusion: 0, truncation: 1)).flatMap(\.people)
    let missing = cut.count { $0.instance.keypoints.contains { $0.visibility == .unlabelled } }
    #expect(missing > 30)
  }

  @Test func `show faces from the front, own left at the picture's right, and hide them from behind`() {
    var front = 0
    var behind = 0
    var turned = 0
    for person in scenes(150, .init(people: 1...1, occlusion: 0, truncation: 0, facing: 0.4)).flatMap(
      \.people)
    {
      let points = person.instance.keypoints
      // Shoulders well apart: seen from the front or from behind.
      let width = points[5].x - points[6].x
      guard abs(width) > 0.18 * person.instance.box.height else { continue }
      let face = points[0...2].filter { $0.visibility == .visible }
      if width > 0 {
        front += 1
        #expect(!face.isEmpty)
        #expect(points[1].x > points[2].x)
      } else {
        behind += 1
        // A head turned far may show one eye.
        #expect(face.count < 3)
        turned += face.isEmpty ? 0 : 1
      }
    }
    #expect(front > 30 && behind > 10 && 4 * turned < behind)
  }

  @Test func `face the viewer as often as asked for`() {
    func frontal(_ facing: Double) -> Int {
      scenes(40, .init(people: 1...1, truncation: 0, facing: facing)).flatMap(\.people).count {
        $0.instance.keypoints[5].x > $0.instance.keypoints[6].x
      }
    }
    #expect(frontal(1) == 40)
    #expect(frontal(0) < 25)
  }

  @Test func `hide joints behind things and other people`() {
    func hidden(_ options: SyntheticPeople.Options) -> Double {
      let points = scenes(60, options).flatMap(\.people).flatMap(\.instance.keypoints)
      return Double(points.count { $0.visibility == .hidden }) / Double(points.count)
    }
    let alone = hidden(.init(people: 1...1, occlusion: 0, truncation: 0))
    let crowded = hidden(.init(people: 4...4, occlusion: 1, truncation: 0))
    #expect(alone > 0.05, "own body")
    #expect(crowded > alone + 0.05)
  }

  @Test func `keep to the scale asked for`() {
    let small = scenes(20, .init(people: 1...1, scale: 0.2...0.3, truncation: 0)).flatMap(\.people)
    let large = scenes(20, .init(people: 1...1, scale: 0.8...0.9, truncation: 0)).flatMap(\.people)
    func mean(_ people: [SyntheticScene.Person]) -> Float {
      people.map(\.instance.box.height).reduce(0, +) / Float(people.count)
    }
    #expect((0.15 * 150...0.4 * 150).contains(mean(small)))
    #expect((0.6 * 150...150).contains(mean(large)))
  }

  @Test func `draw even where there is no room for anybody`() {
    let scene = people.scene(seed: 1, index: 0, width: 3, height: 2)
    #expect(scene.image.width == 3 && scene.image.height == 2)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["POSELAB_PICTURES"] != nil))
  func `can be looked at`() throws {
    let folder = ProcessInfo.processInfo.environment["POSELAB_PICTURES"] ?? "."
    let illustrator = PoseIllustrator(
      skeleton: .cocoPerson, classNames: ["person"], drawing: PoseDrawing(scale: 0.7, drawsLabels: false))
    for (size, first) in [(160, 0), (160, 16), (480, 32)] {
      let scenes = (first..<first + 16).map { people.scene(seed: 0, index: $0, width: size, height: size) }
      let drawn = scenes.map {
        ContactSheet.Tile(image: $0.image, figures: $0.people.map { illustrator.figure($0.instance) })
      }
      let sheet = ContactSheet(drawn, drawing: illustrator.drawing)
      try Foundation.Data(sheet.render().png()).write(
        to: URL(fileURLWithPath: "\(folder)/synth-\(first).png"))
      let plain = ContactSheet(scenes.map { .init(image: $0.image) })
      try Foundation.Data(plain.render().png()).write(
        to: URL(fileURLWithPath: "\(folder)/synth-plain-\(first).png"))
    }
  }
}
