import Data
import Downloads
import Foundation
import Imaging
import Interchange
import Synchronization
import Testing

@Suite struct `Downloading COCO-Pose` {
  typealias Answer = LoopbackServer.Answer

  /// A server with files of COCO's names and shapes: three pictures a split, the second without keypoints.
  private static func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var annotations = ZipWriter()
    for (number, split) in ["train", "val"].enumerated() {
      var pictures = ZipWriter()
      var (images, objects): ([String], [String]) = ([], [])
      for index in 1...3 {
        let id = 10 * number + index
        let name = String(format: "%012d.jpg", id)
        let bytes = try picture(width: 40 + index, height: 30)
        pictures.add("\(split)2017/\(name)", bytes: bytes)
        files["\(split)2017/\(name)"] = bytes
        images.append("{\"id\":\(id),\"width\":\(40 + index),\"height\":30,\"file_name\":\"\(name)\"}")
        let visibility = index == 2 ? 0 : 2
        let keypoints = (0..<17).map { $0 == 0 ? "10,15,\(visibility)" : "0,0,0" }.joined(separator: ",")
        objects.append(
          "{\"id\":\(id),\"image_id\":\(id),\"category_id\":1,\"iscrowd\":0,\"area\":200,\"bbox\":[4,6,20,15],"
            + "\"num_keypoints\":\(visibility / 2),\"keypoints\":[\(keypoints)]}")
        objects.append(
          "{\"id\":\(id + 100),\"image_id\":\(id),\"category_id\":1,\"iscrowd\":1,\"area\":200,"
            + "\"bbox\":[4,6,20,15],\"keypoints\":[\(keypoints)]}")
      }
      files["zips/\(split)2017.zip"] = try pictures.bytes()
      let text =
        "{\"images\":[\(images.joined(separator: ","))],\"annotations\":[\(objects.joined(separator: ","))],"
        + "\"categories\":[{\"id\":1,\"name\":\"person\",\"keypoints\":[\"nose\"],\"skeleton\":[]}]}"
      annotations.add("annotations/person_keypoints_\(split)2017.json", bytes: Array(text.utf8))
      annotations.add("annotations/captions_\(split)2017.json", bytes: Array("{}".utf8))
    }
    files["annotations/annotations_trainval2017.zip"] = try annotations.bytes()
    var test = ZipWriter()
    test.add(
      "annotations/image_info_test-dev2017.json",
      bytes: Array(
        "{\"images\":[{\"id\":91,\"file_name\":\"000000000091.jpg\",\"width\":20,\"height\":10}]}".utf8))
    files["annotations/image_info_test2017.zip"] = try test.bytes()
    files["test2017/000000000091.jpg"] = try picture(width: 20, height: 10)
    return files
  }

  private static func picture(width: Int, height: Int) throws -> [UInt8] {
    let folder = try ScratchFolder()
    try Image(width: width, height: height).write(to: folder.path + "/a.jpg")
    return folder.bytes("a.jpg") ?? []
  }

  private static func server() throws -> LoopbackServer {
    let files = try files()
    return try LoopbackServer { request in
      guard let bytes = files[request.path] else { return Answer(status: 404) }
      var answer = Answer.file(bytes, for: request)
      // The first answer breaks off in the middle.
      if request.earlier == 0 { answer.cutAfter = answer.body.count / 2 }
      return answer
    }
  }

  private func download(
    _ server: LoopbackServer, _ splits: [COCOPose.Split], _ images: COCOPoseDownload.Images
  ) -> COCOPoseDownload {
    var options = COCOPoseDownload.Options()
    options.splits = splits
    options.images = images
    options.download.pause = .milliseconds(5)
    let root = server.url("")
    return COCOPoseDownload(source: COCOPose(server: root), options: options)
  }

  @Test(arguments: COCOPoseDownload.Images.allCases)
  func `ends in lists, pictures and labels that the data set's description finds`(
    images: COCOPoseDownload.Images
  ) throws {
    let server = try Self.server()
    let folder = try ScratchFolder()
    let summary = try download(server, [.train, .val], images).run(to: folder.path) { _ in }
    #expect(summary.images.map(\.count) == [2, 2] && summary.failures.isEmpty)
    let kept = images == .all ? 3 : 2
    #expect(folder.files.count { $0.hasPrefix("images/train2017/") } == kept)
    #expect(
      folder.bytes("val2017.txt")
        == Array("./images/val2017/000000000011.jpg\n./images/val2017/000000000013.jpg\n".utf8))
    let label = try #require(folder.bytes("labels/train2017/000000000001.txt"))
    let zeros = String(repeating: " 0 0 0", count: 16)
    #expect(
      String(decoding: label, as: UTF8.self) == "0 0.341463 0.45 0.487805 0.5 0.243902 0.5 2\(zeros)\n")
    #expect(!folder.files.contains { $0.hasPrefix("archives/") || $0.hasSuffix(".part") })

    let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Experiments/datasets/coco-pose.yaml")
    let text = try String(contentsOf: shipped, encoding: .utf8).replacing(
      "path: ../../datasets/coco-pose # relative to this file", with: "path: \(folder.path)")
    let index = try DatasetIndex(try DatasetSpec(text: text, file: "coco-pose.yaml"), split: .train)
    #expect(index.count == 2)

    // Once more there is nothing to do.
    let before = server.requests.count
    _ = try download(server, [.train, .val], images).run(to: folder.path) { _ in }
    #expect(server.requests.count == before)
  }

  @Test func `fetches the names and pictures of test-dev`() throws {
    let server = try Self.server()
    let folder = try ScratchFolder()
    let summary = try download(server, [.test], .labelled).run(to: folder.path) { _ in }
    #expect(summary.images.map(\.count) == [1])
    #expect(folder.bytes("test-dev2017.txt") == Array("./images/test2017/000000000091.jpg\n".utf8))
    #expect(folder.files.contains("images/test2017/000000000091.jpg"))
    #expect(!folder.files.contains { $0.hasPrefix("labels/") })
  }

  @Test func `names pictures that cannot be had`() throws {
    var files = try Self.files()
    files["train2017/000000000003.jpg"] = nil
    files["train2017/000000000001.jpg"] = try Self.picture(width: 9, height: 9)
    let served = files
    let server = try LoopbackServer { request in
      served[request.path].map { .file($0, for: request) } ?? Answer(status: 404)
    }
    let folder = try ScratchFolder()
    let summary = try download(server, [.train], .labelled).run(to: folder.path) { _ in }
    #expect(summary.failures.count == 2)
    #expect(summary.failures.first?.description.contains("9×9 pixels, annotated 41×30") == true)
    #expect(summary.failures.last?.description.contains("the server answers 404") == true)
  }

  @Test func `has the published sizes`() {
    #expect(COCOPose.Split.allCases.map(\.imageCount) == [56_599, 2_346, 20_288])
    #expect(COCOPose().isOfficial && COCOPose().server.absoluteString == "http://images.cocodataset.org")
  }
}
