import Config
import Data
import Foundation
import Imaging
import Interchange
import PoseCore
import Testing
import Training

@Suite struct `Files of detections` {
  private static let points = (0..<17).map {
    PredictedKeypoint(x: Float($0) + 0.25, y: 2 * Float($0), confidence: 0.5)
  }

  private func detection(_ score: Float, keypoints: Int = 17, classIndex: Int = 0) -> Detection {
    Detection(
      classIndex: classIndex, score: score, box: Box(x1: 1, y1: 2, x2: 4.5, y2: 8),
      keypoints: Array(Self.points.prefix(keypoints)))
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "poselab-files-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `for COCO's server keep its rules`() throws {
    try withFolder { folder in
      let writer = try COCOSubmission(folder: folder, name: "my model/2")
      try writer.write((0..<25).map { detection(Float($0) / 32) }, imageID: 397_133)
      try writer.write([], imageID: 5)
      try writer.write([detection(0.987_654)], imageID: 6)
      try writer.finish()
      let stem = "person_keypoints_test-dev2017_my-model-2_results"
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [stem + ".zip"])
      let archive = try ZipArchive(path: folder + "/" + stem + ".zip")
      let bytes = try archive.bytes(of: stem + ".json", limit: 1 << 20)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Foundation.Data(bytes)) as? [[String: Any]])
      #expect(rows.count == 21 && writer.count == 21)
      for row in rows {
        #expect(row.keys.sorted() == ["category_id", "image_id", "keypoints", "score"])
        #expect(row["category_id"] as? Int == 1)
        let numbers = try #require(row["keypoints"] as? [Double])
        #expect(numbers.count == 51 && numbers.prefix(6) == [0.25, 0, 1, 1.25, 2, 1])
      }
      // The best twenty of an image.
      #expect(rows.prefix(20).map { $0["score"] as? Double } == (5..<25).reversed().map { Double($0) / 32 })
      #expect(rows.map { $0["image_id"] as? Int } == Array(repeating: 397_133, count: 20) + [6])
      #expect(rows[20]["score"] as? Double == 0.98765)
    }
  }

  @Test func `for COCO's server refuse what it would refuse`() throws {
    try withFolder { folder in
      let writer = try COCOSubmission(folder: folder, name: "m")
      #expect(throws: COCOFileError.self) { try writer.write([detection(.nan)], imageID: 1) }
      #expect(throws: COCOFileError.self) { try writer.write([detection(0.5, keypoints: 16)], imageID: 1) }
      #expect(throws: COCOFileError.self) { try writer.write([detection(0.5, classIndex: 1)], imageID: 1) }
      #expect(throws: COCOFileError.self) { try writer.write([detection(0.5)], imageID: -1) }
      var far = detection(0.5)
      far.keypoints[3].y = .infinity
      #expect(throws: COCOFileError.self) { try writer.write([far], imageID: 1) }
    }
  }

  @Test func `name columns by the skeleton, and quote names`() {
    let skeleton = Skeleton(
      keypointCount: 2, dimensions: 3, names: ["nose", "tail, base"], flipIndices: nil, limbs: [],
      sigmas: [0.1, 0.1], sigmaSource: .uniform)
    let table = DetectionTable(skeleton: skeleton, classNames: ["dog", "the \"cat\""])
    #expect(
      table.header
        == "image,class,name,score,x1,y1,x2,y2,nose_x,nose_y,nose_confidence,"
        + "\"tail, base_x\",\"tail, base_y\",\"tail, base_confidence\"\n")
    #expect(
      table.rows(
        [detection(0.5, keypoints: 2, classIndex: 1), detection(0.25, keypoints: 2)], image: "a,b.jpg")
        == "\"a,b.jpg\",1,\"the \"\"cat\"\"\",0.5,1,2,4.5,8,0.25,0,0.5,1.25,2,0.5\n"
        + "\"a,b.jpg\",0,dog,0.25,1,2,4.5,8,0.25,0,0.5,1.25,2,0.5\n")
  }

  /// A model that finds something in every picture, without any training.
  private func validation(
    _ workshop: Workshop, _ data: DatasetSpec, _ change: (inout TrainingOptions) -> Void
  ) throws -> ValidationRun {
    let spec = try workshop.spec {
      $0.evaluation.conf = 0
      $0.evaluation.maxDet = 3
      $0.evaluation.split = "test"
      change(&$0)
    }
    var model = spec.model
    _ = model.adapt(to: data.skeleton, classCount: data.classNames.count)
    let registry = try Workshop.registry()
    let device = try TrainingAssembly.device(spec.options.execution, registry)
    return try ValidationRun(
      network: PoseNetwork(try PoseModel(model, registry: registry), device: device, seed: 1),
      description: ModelDescription(
        spec: spec.modelText, skeleton: data.skeleton, classNames: data.classNames, imageSize: 64),
      data: data, options: spec.options, imageSize: 64, metrics: spec.metrics, registry: registry,
      modelName: "pico")
  }

  @Test func `are written of splits without labels`() throws {
    let workshop = try Workshop()
    let made = try workshop.data()
    // The pictures under COCO's ids, and a file that knows no labels.
    let pictures = workshop.folder + "/test2017"
    try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
    let sources = try #require(made.splits[.val]).imagePaths().prefix(3)
    var entries: [String] = []
    for (path, id) in zip(sources, [581_918, 12, 397_133]) {
      let name = String(repeating: "0", count: 12 - String(id).count) + "\(id).jpg"
      try FileManager.default.copyItem(atPath: path, toPath: pictures + "/" + name)
      entries.append("{\"id\":\(id),\"width\":64,\"height\":64,\"file_name\":\"\(name)\"}")
    }
    let info =
      "{\"images\":[\(entries.joined(separator: ","))],\"categories\":[{\"id\":1,\"name\":\"person\"}]}"
    try info.write(toFile: workshop.folder + "/info.json", atomically: true, encoding: .utf8)
    let yaml = """
      test: test2017
      annotations: {test: info.json}
      names: [person]
      kpt_shape: [17, 3]
      flip_idx: [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]

      """
    try yaml.write(toFile: workshop.folder + "/test.yaml", atomically: true, encoding: .utf8)
    let data = try DatasetSpec(contentsOf: workshop.folder + "/test.yaml")
    let run = try validation(workshop, data) {
      // There is nothing to choose images by.
      $0.evaluation.images = "labelled"
      $0.evaluation.saveJSON = true
      $0.evaluation.saveText = true
      $0.evaluation.saveConf = true
      $0.evaluation.saveCSV = true
    }
    #expect(run.notes.contains { $0.hasPrefix("there are no labels in 'test'") })
    let directory = try RunDirectory.create(
      project: workshop.folder + "/runs", name: "val", keepsWeights: false)
    var notes: [String] = []
    let report = try #require(try run.run(directory: directory, note: { notes.append($0) }))
    #expect(report.imageCount == 3 && report.instanceCount == 0)
    let zip = directory.file("person_keypoints_test-dev2017_pico_results.zip")
    let archive = try ZipArchive(path: zip)
    let bytes = try archive.bytes(
      of: "person_keypoints_test-dev2017_pico_results.json", limit: 1 << 20)
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Foundation.Data(bytes)) as? [[String: Any]])
    #expect(!rows.isEmpty && notes == ["\(zip): \(rows.count) persons, for COCO's server"])
    #expect(Set(rows.compactMap { $0["image_id"] as? Int }).isSubset(of: [12, 397_133, 581_918]))
    let predictions = try COCOResults.read(directory.file("predictions.json"), keypointCount: 17)
    #expect(predictions.count == rows.count)
    let table = try String(contentsOfFile: directory.file("predictions.csv"), encoding: .utf8)
    #expect(table.split(separator: "\n").count == rows.count + 1)
    let text = try String(contentsOfFile: directory.file("labels/000000000012.txt"), encoding: .utf8)
    let fields = text.split(separator: "\n").map { $0.split(separator: " ").count }
    #expect(!fields.isEmpty && fields.allSatisfy { $0 == 1 + 4 + 51 + 1 })
  }

  @Test func `say why there is none for COCO's server`() throws {
    let workshop = try Workshop()
    var data = try workshop.data()
    data.splits[.test] = data.splits[.val]
    let run = try validation(workshop, data) { $0.evaluation.saveJSON = true }
    let directory = try RunDirectory.create(
      project: workshop.folder + "/runs", name: "val", keepsWeights: false)
    var notes: [String] = []
    _ = try run.run(directory: directory, note: { notes.append($0) })
    let isNumbered = COCOSubmission.obstacle(run.loader.index) == nil
    #expect(
      notes.count == 1
        && notes[0].hasPrefix(
          isNumbered ? directory.path : "no file for COCO's server is written: the images have")
    )
    #expect(FileManager.default.fileExists(atPath: directory.file("predictions.json")))
  }
}
