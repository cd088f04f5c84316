import Config
import Data
import Foundation
import PoseCore
import Testing

/// The descriptions of public data sets that PoseLab brings.
@Suite struct `The data sets that are brought along` {
  static let files: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Experiments/datasets").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { folder + "/" + $0 }
  }()

  @Test func `are these`() {
    let names = Self.files.map { ($0 as NSString).lastPathComponent }
    #expect(
      Set(names).isSuperset(of: [
        "animal-pose.yaml", "coco-pose.yaml", "coco128-pose.yaml", "coco8-pose.yaml", "dog-pose.yaml",
        "fox-pose.yaml", "hand-keypoints.yaml", "tiger-pose.yaml",
      ]))
  }

  @Test(arguments: files) func `mirror as their names say`(file: String) throws {
    let spec = try DatasetSpec(contentsOf: file)
    #expect(spec.flipSuspicions.isEmpty)
    let skeleton = spec.skeleton
    #expect(skeleton.names.count == skeleton.keypointCount)
    let flips = try #require(skeleton.flipIndices)
    // Names without sides stay what they are.
    #expect(flips == Skeleton.flipIndices(from: skeleton.names) ?? Array(0..<skeleton.keypointCount))
    for (index, flip) in flips.enumerated() { #expect(flips[flip] == index) }
    #expect(spec.splits[.train] != nil && spec.splits[.val] != nil)
    // Nothing is warned of but missing sigmas.
    #expect(spec.warnings.allSatisfy { $0.message.contains("kpt_oks_sigmas") })
  }

  @Test func `have as many keypoints and classes as is known of them`() throws {
    let expected = [
      "animal-pose": (17, 3, 54), "coco8-pose": (17, 3, 1), "coco128-pose": (17, 3, 1),
      "dog-pose": (24, 3, 1),
      "hand-keypoints": (21, 3, 1), "tiger-pose": (12, 2, 1), "coco-pose": (17, 3, 1),
    ]
    for file in Self.files {
      let name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
      guard let (keypoints, dimensions, classes) = expected[name] else { continue }
      let spec = try DatasetSpec(contentsOf: file)
      #expect(spec.skeleton.keypointCount == keypoints && spec.skeleton.dimensions == dimensions, "\(name)")
      #expect(spec.classNames.count == classes, "\(name)")
    }
  }
}
