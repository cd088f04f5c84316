public import PoseCore

extension EvaluationSet {
  /// Joins the labels and detections of COCO files.
  ///
  /// By default what cannot be right is an error: ids that occur twice, detections or annotations of images or
  /// categories that the annotation file does not list, keypoints that are missing. What can be repaired is
  /// repaired, with a warning: `num_keypoints` is counted from the visibilities.
  ///
  /// - Parameters:
  ///   - keypointCount: how many keypoints every object must have; nil for a set of boxes alone.
  ///   - strict: do what pycocotools 2.0.11 does with such files. What makes it fail is an error here, too.
  /// - Throws: `COCOFileError`.
  public static func joining(
    _ annotations: COCOAnnotations, _ results: COCOResults, keypointCount: Int?, strict: Bool = false
  ) throws(COCOFileError) -> (set: EvaluationSet, warnings: [COCOWarning]) {
    var join = COCOJoin(annotations, results, keypointCount: keypointCount ?? 0, strict: strict)
    try join.run()
    return (join.set, join.warnings)
  }
}

/// The state of joining two files.
private struct COCOJoin {
  private let annotations: COCOAnnotations
  private let results: COCOResults
  private let strict: Bool
  private let keypointCount: Int
  private var imageIndex: [Int: Int32] = [:]
  private var categoryIndex: [Int: Int32] = [:]
  private(set) var set: EvaluationSet
  private(set) var warnings: [COCOWarning] = []

  init(_ annotations: COCOAnnotations, _ results: COCOResults, keypointCount: Int, strict: Bool) {
    self.annotations = annotations
    self.results = results
    self.strict = strict
    self.keypointCount = keypointCount
    let categories = annotations.categories.sorted { $0.id < $1.id }
    set = EvaluationSet(
      imageIDs: Array(Set(annotations.images.map(\.id))).sorted(), categoryIDs: categories.map(\.id),
      categoryNames: categories.map(\.name), keypointCount: keypointCount)
  }

  mutating func run() throws(COCOFileError) {
    try indexImagesAndCategories()
    try joinAnnotations(try annotationOrder())
    try joinResults()
  }

  private mutating func indexImagesAndCategories() throws(COCOFileError) {
    if !strict { try requireUnique(annotations.images.map(\.id), "images") }
    try requireUnique(annotations.categories.map(\.id), "categories")
    for (index, id) in set.imageIDs.enumerated() { imageIndex[id] = Int32(index) }
    var seen: Set<Int> = []
    set.imageOrder = annotations.images.compactMap { image in
      seen.insert(image.id).inserted ? imageIndex[image.id].map { Int($0) } : nil
    }
    for (index, id) in set.categoryIDs.enumerated() { categoryIndex[id] = Int32(index) }
  }

  private func requireUnique(_ ids: [Int], _ list: String) throws(COCOFileError) {
    var first: [Int: Int] = [:]
    first.reserveCapacity(ids.count)
    for (index, id) in ids.enumerated() {
      if let earlier = first.updateValue(index, forKey: id) {
        throw error(
          "\(list)[\(index)].id", "is \(id), which is the id of \(list)[\(earlier)], too; ids must be unique")
      }
    }
  }

  /// Which annotations count, in which order.
  private mutating func annotationOrder() throws(COCOFileError) -> [Int] {
    guard strict else {
      try requireUnique(annotations.ids, "annotations")
      return Array(annotations.ids.indices)
    }
    var last: [Int: Int] = [:]
    for (index, id) in annotations.ids.enumerated() { last[id] = index }
    let repeated = annotations.count - last.count
    if repeated == 0 { return Array(annotations.ids.indices) }
    // pycocotools lists the ids image by image and looks each one up, which finds the last of its name.
    warnings.append(.duplicateAnnotationIDs(repeated))
    let listed = annotations.ids.indices.filter {
      imageIndex[annotations.imageIDs[$0]] != nil && categoryIndex[annotations.categoryIDs[$0]] != nil
    }
    let ordered = listed.sorted { (annotations.imageIDs[$0], $0) < (annotations.imageIDs[$1], $1) }
    return ordered.compactMap { last[annotations.ids[$0]] }
  }

  private mutating func joinAnnotations(_ order: [Int]) throws(COCOFileError) {
    var ignored = 0
    var counts = (missing: 0, contradicting: 0, first: -1)
    for index in order {
      let image = imageIndex[annotations.imageIDs[index]]
      let category = categoryIndex[annotations.categoryIDs[index]]
      guard let image, let category else {
        guard strict else { throw unknownReference(of: index, imageIsKnown: image != nil) }
        ignored += 1
        continue
      }
      if annotations.ids[index] == 0 {
        warnings.append(.annotationIDZero(index: index, countsAsMiss: strict))
      }
      set.groundTruths.images.append(image)
      set.groundTruths.categories.append(category)
      set.groundTruths.ids.append(annotations.ids[index])
      set.groundTruths.areas.append(annotations.areas[index])
      set.groundTruths.isCrowd.append(annotations.isCrowd[index])
      set.groundTruths.boxes.append(contentsOf: annotations.boxes[(4 * index)..<(4 * index + 4)])
      guard keypointCount > 0 else {
        set.groundTruths.isUnlabelled.append(false)
        continue
      }
      let labelled = try appendKeypoints(of: index)
      let stated = Int(annotations.statedKeypointCounts[index])
      if strict && stated < 0 {
        throw error("annotations[\(index)].num_keypoints", "is missing; pycocotools needs it")
      }
      set.groundTruths.isUnlabelled.append((strict ? stated : labelled) == 0)
      if stated != labelled && !strict {
        if stated < 0 { counts.missing += 1 } else { counts.contradicting += 1 }
        if counts.first < 0 { counts.first = index }
      }
    }
    if counts.first >= 0 {
      warnings.append(
        .keypointCounts(
          missing: counts.missing, contradicting: counts.contradicting, firstIndex: counts.first))
    }
    if ignored > 0 { warnings.append(.ignoredAnnotations(ignored)) }
    if annotations.missingCrowdFlags > 0 {
      warnings.append(.missingCrowdFlags(annotations.missingCrowdFlags))
    }
  }

  /// - Returns: how many keypoints are labelled.
  private mutating func appendKeypoints(of index: Int) throws(COCOFileError) -> Int {
    let points = annotations.keypoints(of: index)
    guard points.count == 3 * keypointCount else {
      throw error(
        "annotations[\(index)].keypoints",
        points.isEmpty
          ? "is missing; every annotation of a keypoint evaluation needs it"
          : "has \(points.count) numbers, but \(keypointCount) keypoints take"
            + " \(3 * keypointCount)")
    }
    for axis in 0..<3 {
      for place in stride(from: points.startIndex + axis, to: points.endIndex, by: 3) {
        set.groundTruths.keypoints.append(points[place])
      }
    }
    return set.groundTruths.keypoints.suffix(keypointCount).count { $0 > 0 }
  }

  private mutating func joinResults() throws(COCOFileError) {
    var known: [Int] = []
    var images: [Int32] = []
    var categories: [Int32] = []
    images.reserveCapacity(results.count)
    categories.reserveCapacity(results.count)
    var lastImage: (id: Int, index: Int32)?
    for index in 0..<results.count {
      let id = results.imageIDs[index]
      if lastImage?.id != id { lastImage = imageIndex[id].map { (id, $0) } }
      guard let lastImage else {
        throw COCOFileError(
          path: results.path, place: "[\(index)].image_id",
          message: "is \(id), an image that \(annotations.path) does not list")
      }
      guard let category = categoryIndex[results.categoryIDs[index]] else {
        guard strict else {
          throw COCOFileError(
            path: results.path, place: "[\(index)].category_id",
            message: "is \(results.categoryIDs[index]), a category that \(annotations.path) does not list"
              + " (it lists \(set.categoryIDs.prefix(10).map(String.init).joined(separator: ", ")))")
        }
        continue
      }
      if strict { known.append(index) }
      images.append(lastImage.index)
      categories.append(category)
    }
    set.detections.images = images
    set.detections.categories = categories
    let ignored = strict ? results.count - known.count : 0
    if ignored == 0 {
      set.detections.scores = results.scores
      set.detections.areas = results.areas
      set.detections.boxes = results.boxes
      set.detections.keypoints = keypointCount > 0 ? results.keypoints : []
    } else {
      copyResults(known)
      warnings.append(.ignoredDetections(ignored))
    }
    if results.boxesAreFromKeypoints { warnings.append(.boxesFromKeypoints) }
    if results.count == 0 {
      if strict {
        throw COCOFileError(path: results.path, message: "the list is empty, on which pycocotools fails")
      }
      warnings.append(.noDetections)
    }
  }

  private mutating func copyResults(_ indices: [Int]) {
    let width = 2 * keypointCount
    for index in indices {
      set.detections.scores.append(results.scores[index])
      set.detections.areas.append(results.areas[index])
      set.detections.boxes += results.boxes[(4 * index)..<(4 * index + 4)]
      set.detections.keypoints += results.keypoints[(width * index)..<(width * index + width)]
    }
  }

  private func unknownReference(of index: Int, imageIsKnown: Bool) -> COCOFileError {
    imageIsKnown
      ? error(
        "annotations[\(index)].category_id",
        "is \(annotations.categoryIDs[index]), a category that this file does not list")
      : error(
        "annotations[\(index)].image_id",
        "is \(annotations.imageIDs[index]), an image that this file does not list")
  }

  private func error(_ place: String, _ message: String) -> COCOFileError {
    COCOFileError(path: annotations.path, place: place, message: message)
  }
}
