import Data
import Foundation
import Imaging
import PoseCore
import Testing

/// The example of keypoints of one's own.
@Suite struct `Synthetic foxes` {
  @Test func `are a data set with four keypoints that needs no remark`() throws {
    let folder = try DatasetFolder()
    let written = try SyntheticPeople(figure: .fox).write(
      to: folder.path + "/foxes", images: 12, size: 96, seed: 2, validationFraction: 0.25)
    let spec = try DatasetSpec(contentsOf: written.dataFile)
    #expect(spec.warnings.isEmpty && spec.flipSuspicions.isEmpty)
    #expect(spec.skeleton == SyntheticFigure.fox.skeleton && spec.classNames == ["fox"])
    let index = try DatasetIndex(spec, split: .train)
    #expect(index.count == 9 && index.report.warnings.isEmpty)
    let foxes = (0..<9).flatMap { index.trainingInstances(of: $0) }
    #expect(foxes.count >= 9)
    for fox in foxes { #expect(fox.keypoints.count { $0.visibility == .visible } >= 2) }
    // COCO's form says the same.
    let coco = try COCOAnnotations.read(folder.path + "/foxes/annotations/fox_keypoints_train.json")
    #expect(coco.count == foxes.count && coco.categories[0].keypointNames == spec.skeleton.names)
    // The very same is there already; people are another data set.
    #expect(
      try SyntheticPeople(figure: .fox).write(
        to: folder.path + "/foxes", images: 12, size: 96, seed: 2, validationFraction: 0.25
      ).wasPresent)
    #expect(throws: SyntheticPeopleError.self) {
      try SyntheticPeople().write(
        to: folder.path + "/foxes", images: 12, size: 96, seed: 2, validationFraction: 0.25)
    }
  }

  @Test func `show left and right as the fox has them`() {
    // Seen from the front a fox's left ear is on the viewer's right, from behind on the left.
    var sides: Set<Bool> = []
    for index in 0..<40 {
      let scene = SyntheticPeople(figure: .fox).scene(seed: 1, index: index, width: 160, height: 120)
      for fox in scene.people {
        #expect(fox.instance.keypoints.count == 4)
        let points = fox.instance.keypoints
        guard points[1].visibility == .visible, points[2].visibility == .visible else { continue }
        sides.insert(points[1].x > points[2].x)
      }
    }
    #expect(sides.count == 2)
  }

  @Test func `have an example among the shipped data sets`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Experiments/datasets/fox-pose.yaml")
    let spec = try DatasetSpec(contentsOf: file.path)
    #expect(spec.skeleton == SyntheticFigure.fox.skeleton && spec.warnings.isEmpty)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["POSELAB_PICTURES"] != nil))
  func `can be looked at`() throws {
    let folder = ProcessInfo.processInfo.environment["POSELAB_PICTURES"] ?? "."
    let illustrator = PoseIllustrator(skeleton: SyntheticFigure.fox.skeleton, classNames: ["fox"])
    let tiles = (0..<12).map { index in
      let scene = SyntheticPeople(figure: .fox).scene(seed: 1, index: index, width: 240, height: 240)
      return ContactSheet.Tile(
        image: scene.image, figures: scene.people.map { illustrator.figure($0.instance) })
    }
    try ContactSheet(tiles).render().write(to: folder + "/foxes.png", durable: false)
  }
}
