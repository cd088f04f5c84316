import Config
import Data
import Foundation
import PoseCore
import Testing

/// Real photographs, beside the package where a machine has them.
enum SharedFiles {
  static let folder: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["POSELAB_SHARED"].map { URL(filePath: $0) }
    let folder = given ?? package.deletingLastPathComponent().appending(path: "shared")
    return FileManager.default.fileExists(atPath: folder.appending(path: "coco-mini").path)
      ? folder.path : nil
  }()

  static let isThere = folder != nil

  static func miniCOCO() throws -> DatasetSpec {
    try DatasetSpec(contentsOf: (folder ?? "") + "/coco-mini/coco-pose-mini.yaml")
  }
}

@Suite(.enabled(if: SharedFiles.isThere, "needs the shared folder with coco-mini"))
struct `A small part of COCO` {
  @Test(arguments: [(DatasetSplit.train, 34, 86, 6), (.val, 38, 68, 6)])
  func `loads whole`(split: DatasetSplit, images: Int, objects: Int, backgrounds: Int) throws {
    let spec = try SharedFiles.miniCOCO()
    #expect(spec.skeleton == .cocoPerson && spec.warnings.isEmpty)
    let index = try DatasetIndex(spec, split: split)
    #expect(index.count == images)
    #expect(index.report.objects == objects && index.report.trainableObjects == objects)
    #expect(index.report.backgrounds == backgrounds && index.report.missingLabelFiles == backgrounds)
    #expect(index.report.skipped.isEmpty && index.report.mislabelledExtensions.isEmpty)
  }

  @Test(arguments: [DatasetSplit.train, .val])
  func `has the same labels in both forms`(split: DatasetSplit) throws {
    var spec = try SharedFiles.miniCOCO()
    let text = try DatasetIndex(spec, split: split)
    let file = "\(spec.root)/annotations/person_keypoints_\(split.rawValue)2017.json"
    spec.splits[split]?.annotations = SplitSource.Place(path: file)
    let json = try DatasetIndex(spec, split: split)
    #expect(json.paths == text.paths)
    #expect(json.report.trainableObjects == text.report.objects)
    for image in 0..<text.count {
      #expect(json.size(of: image) == text.size(of: image))
      #expect(json.imageID(of: image) == text.imageID(of: image))
      let (a, b) = (json.trainingInstances(of: image), text.trainingInstances(of: image))
      try #require(a.count == b.count)
      for (x, y) in zip(a, b) { #expect(largestDistance(x, y) < 2e-3) }
    }
  }

  /// In pixels; huge where classes or visibilities differ.
  private func largestDistance(_ a: Instance, _ b: Instance) -> Float {
    guard a.classIndex == b.classIndex, a.keypoints.map(\.visibility) == b.keypoints.map(\.visibility) else {
      return .infinity
    }
    let points = zip(a.keypoints, b.keypoints).map { max(abs($0.x - $1.x), abs($0.y - $1.y)) }
    let box = a.box.corners - b.box.corners
    return (points + [abs(box.x), abs(box.y), abs(box.z), abs(box.w)]).max() ?? 0
  }
}
