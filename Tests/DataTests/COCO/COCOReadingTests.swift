import Data
import PoseCore
import Testing

@Suite struct `Reading COCO files` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `takes images, categories and annotations`() throws {
    let path = try folder.write("gt.json", "\u{FEFF}" + COCOTexts.annotations())
    let file = try COCOAnnotations.read(path)
    #expect(
      file.images == [
        COCOImage(id: 7, width: 60, height: 40, fileName: "a/b.jpg"),
        COCOImage(id: 5, width: 0, height: 0, fileName: ""),
      ])
    #expect(file.categories[0].keypointNames == ["nose", "tail"])
    #expect(file.categories[0].limbs == [0, 1])
    #expect(file.ids == [1] && file.imageIDs == [7] && file.categoryIDs == [3])
    #expect(file.areas == [200.5] && file.boxes == [10, 8, 24, 16])
    #expect(Array(file.keypoints(of: 0)) == [12, 13, 2, 30.5, 9, 1])
    #expect(file.keypointCount == 2)
  }

  @Test func `joins labels and detections`() throws {
    let (set, warnings) = try join(COCOTexts.annotations(), "[\(COCOTexts.detection())]")
    #expect(set.imageIDs == [5, 7] && set.categoryIDs == [1, 3] && set.categoryNames == ["hen", "fox"])
    #expect(set.groundTruths.images == [1] && set.groundTruths.categories == [1])
    #expect(set.groundTruths.keypoints == [12, 30.5, 13, 9, 2, 1])
    #expect(set.detections.keypoints == [12, 31, 13, 9])
    #expect(set.detections.areas == [384] && set.detections.scores == [0.75])
    #expect(warnings.isEmpty)
  }

  @Test func `reads many records in their order on all threads`() throws {
    let count = 12_000
    let text =
      "[" + (0..<count).map { COCOTexts.detection(score: "\($0)e-5") }.joined(separator: " ,\n") + "]"
    #expect(text.utf8.count > 1 << 20)
    let results = try COCOResults.read(try folder.write("dt.json", text), keypointCount: 2)
    #expect(results.scores == (0..<count).map { Double("\($0)e-5") })
    #expect(results.keypoints.count == 4 * count)
  }

  @Test func `reads records longer than a piece`() throws {
    let long = String(repeating: "1.5, ", count: 300_000) + "2"
    let text = COCOTexts.annotations(
      annotations: COCOTexts.annotation(1) + "," + COCOTexts.annotation(2, more: ",\"extra\":[\(long)]") + ","
        + COCOTexts.annotation(3))
    let file = try COCOAnnotations.read(try folder.write("gt.json", text))
    #expect(file.ids == [1, 2, 3])
    #expect(file.statedKeypointCounts == [2, -1, 2])
  }

  @Test func `takes areas from keypoints where results have no boxes`() throws {
    let detection = COCOTexts.detection(keypoints: "[12,13,0.9,31,9,0.2]", box: "")
    let (set, warnings) = try join(COCOTexts.annotations(), "[\(detection)]")
    #expect(set.detections.boxes == [12, 9, 19, 4] && set.detections.areas == [76])
    #expect(warnings == [.boxesFromKeypoints])
  }

  @Test func `counts keypoints that the file counts wrongly or not at all`() throws {
    let text = COCOTexts.annotations(
      annotations: [
        COCOTexts.annotation(1), COCOTexts.annotation(2, more: ""),
        COCOTexts.annotation(3, keypoints: "[0,0,0,0,0,0]", more: #","num_keypoints":1"#),
      ].joined(separator: ","))
    let (set, warnings) = try join(text, "[\(COCOTexts.detection())]")
    #expect(set.groundTruths.isUnlabelled == [false, false, true])
    #expect(warnings == [.keypointCounts(missing: 1, contradicting: 1, firstIndex: 1)])
  }

  @Test func `evaluates an empty list of detections`() throws {
    let (set, warnings) = try join(COCOTexts.annotations(), " [ ] ")
    #expect(set.detections.count == 0)
    #expect(warnings == [.noDetections])
  }

  @Test func `warns of the annotation id 0`() throws {
    let text = COCOTexts.annotations(annotations: COCOTexts.annotation(0))
    #expect(
      try join(text, "[\(COCOTexts.detection())]").warnings == [
        .annotationIDZero(index: 0, countsAsMiss: false)
      ])
  }

  @Test func `does as pycocotools in strict mode`() throws {
    let text = COCOTexts.annotations(
      images: #"{"id":7},{"id":5},{"id":5}"#,
      annotations: [
        COCOTexts.annotation(4, image: 7), COCOTexts.annotation(4, image: 5, keypoints: "[1,2,2,3,4,0]"),
        COCOTexts.annotation(6, image: 99),
      ].joined(separator: ","))
    let results = "[\(COCOTexts.detection(category: "8")),\(COCOTexts.detection(score: "NaN"))]"
    let (set, warnings) = try join(text, results, strict: true)
    // The later annotation stands in for the earlier one, in its own image.
    #expect(set.groundTruths.images == [0, 0] && set.groundTruths.ids == [4, 4])
    #expect(set.detections.count == 1 && set.detections.scores[0].isNaN)
    #expect(warnings == [.duplicateAnnotationIDs(1), .ignoredDetections(1)])
  }

  private func join(
    _ annotations: String, _ results: String, strict: Bool = false
  ) throws -> (set: EvaluationSet, warnings: [COCOWarning]) {
    let labels = try COCOAnnotations.read(try folder.write("gt.json", annotations), allowNonFinite: strict)
    let detections = try COCOResults.read(
      try folder.write("dt.json", results), keypointCount: labels.keypointCount, allowNonFinite: strict)
    return try EvaluationSet.joining(labels, detections, keypointCount: 2, strict: strict)
  }
}
