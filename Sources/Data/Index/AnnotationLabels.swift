internal import Config
internal import PoseCore

/// The labels of a COCO keypoint file, checked and in order of the images.
struct AnnotationLabels: Sendable {
  let keypointCount: Int
  private(set) var warnings: [Diagnostic] = []
  /// The first faults, and how many there are.
  private(set) var faults: [Diagnostic] = []
  private(set) var faultCount = 0
  /// The file's id of each class; the class's place from 1 where it has no such category.
  private(set) var categoryIDs: [Int] = []
  private let annotations: COCOAnnotations
  /// Annotations of image `i`, an index into the file's `images`: from entry `starts[i]` to `starts[i + 1]`.
  private var starts: [Int32] = []
  private var order: [Int32] = []
  /// Class of each annotation; -1 for those that are left out.
  private var classes: [Int32] = []
  private let path: String

  /// - Throws: `COCOFileError` or `DiagnosticList`.
  init(_ annotations: COCOAnnotations, _ spec: DatasetSpec, _ options: IndexOptions) throws {
    self.annotations = annotations
    path = annotations.path
    keypointCount = spec.skeleton.keypointCount
    let images = try index(of: annotations.images.map(\.id), in: "images")
    _ = try index(of: annotations.ids, in: "annotations")
    try assignClasses(spec, singleClass: options.singleClass)
    try sort(by: images)
    check()
  }

  /// The objects of one image, an index into the file's `images`.
  func objects(of image: Int) -> [LabelledObject] {
    order[Int(starts[image])..<Int(starts[image + 1])].compactMap { entry in
      classes[Int(entry)] < 0 ? nil : object(Int(entry))
    }
  }

  private func object(_ index: Int) -> LabelledObject {
    let corner = annotations.boxes[(4 * index)..<(4 * index + 4)].map { $0 }
    let box = Box(
      x1: Float(corner[0]), y1: Float(corner[1]), x2: Float(corner[0] + corner[2]),
      y2: Float(corner[1] + corner[3]))
    let values = annotations.keypoints(of: index)
    var keypoints = Array(repeating: Keypoint(x: 0, y: 0, visibility: .unlabelled), count: keypointCount)
    for (point, first) in stride(from: values.startIndex, to: values.endIndex, by: 3).enumerated() {
      keypoints[point] = Keypoint(
        x: Float(values[first]), y: Float(values[first + 1]),
        visibility: Visibility(rawValue: UInt8(values[first + 2])) ?? .unlabelled)
    }
    var flags: LabelFlags = []
    if annotations.isCrowd[index] { flags.insert(.crowd) }
    if keypoints.allSatisfy({ $0.visibility == .unlabelled }) { flags.insert(.unlabelled) }
    if corner[2] <= 0 || corner[3] <= 0 { flags.insert(.empty) }
    var object = LabelledObject(
      instance: Instance(classIndex: Int(classes[index]), box: box, keypoints: keypoints),
      id: annotations.ids[index], area: annotations.areas[index], flags: flags)
    object.row = index
    return object
  }

  // Checking

  private func error(_ place: String, _ message: String) -> COCOFileError {
    COCOFileError(path: path, place: place, message: message)
  }

  /// Where each id stands.
  private func index(of ids: [Int], in list: String) throws(COCOFileError) -> [Int: Int] {
    var places: [Int: Int] = [:]
    places.reserveCapacity(ids.count)
    for (place, id) in ids.enumerated() {
      if let earlier = places.updateValue(place, forKey: id) {
        throw error(
          "\(list)[\(place)].id", "is \(id), which is the id of \(list)[\(earlier)], too; ids must be unique")
      }
    }
    return places
  }

  /// Classes by name; if no category has the name of a class, in the order of the categories' ids.
  private mutating func assignClasses(_ spec: DatasetSpec, singleClass: Bool) throws(COCOFileError) {
    let categories = annotations.categories.sorted { $0.id < $1.id }
    var classOfID: [Int: Int32] = [:]
    for category in categories {
      if let place = spec.classNames.firstIndex(of: category.name) { classOfID[category.id] = Int32(place) }
    }
    if classOfID.isEmpty && categories.count == spec.classNames.count {
      for (place, category) in categories.enumerated() { classOfID[category.id] = Int32(place) }
      let names = categories.map { "'\($0.name)'" }.joined(separator: ", ")
      warnings.append(
        Diagnostic(
          .warning, "\(path): no category has the name of a class; \(names) are taken for them in this order")
      )
    }
    categoryIDs = spec.classNames.indices.map { place in
      categories.first { classOfID[$0.id] == Int32(place) }?.id ?? place + 1
    }
    if singleClass { for category in categories { classOfID[category.id] = 0 } }
    let known = Set(categories.map(\.id))
    var foreign = 0
    classes.reserveCapacity(annotations.count)
    for (index, id) in annotations.categoryIDs.enumerated() {
      guard known.contains(id) else {
        throw error("annotations[\(index)].category_id", "is \(id), a category that this file does not list")
      }
      if classOfID[id] == nil { foreign += 1 }
      classes.append(classOfID[id] ?? -1)
    }
    if foreign > 0 {
      let names = spec.classNames.map { "'\($0)'" }.joined(separator: ", ")
      warnings.append(
        Diagnostic(
          .warning, "\(path): \(foreign) annotations are of other categories than \(names) and are left out"))
    }
  }

  /// Sorts annotations by image; those of one image keep their order.
  private mutating func sort(by images: [Int: Int]) throws(COCOFileError) {
    var place: [Int32] = []
    place.reserveCapacity(annotations.count)
    starts = Array(repeating: 0, count: annotations.images.count + 1)
    for (index, id) in annotations.imageIDs.enumerated() {
      guard let image = images[id] else {
        throw error("annotations[\(index)].image_id", "is \(id), an image that this file does not list")
      }
      place.append(Int32(image))
      starts[image + 1] += 1
    }
    for image in annotations.images.indices { starts[image + 1] += starts[image] }
    var next = starts
    order = Array(repeating: 0, count: annotations.count)
    for (index, image) in place.enumerated() {
      order[Int(next[Int(image)])] = Int32(index)
      next[Int(image)] += 1
    }
  }

  /// Looks at each annotation's numbers; those with a fault are left out.
  private mutating func check() {
    var contradictions = 0
    for index in annotations.ids.indices where classes[index] >= 0 {
      let values = annotations.keypoints(of: index)
      if !values.isEmpty && values.count != 3 * keypointCount {
        fault(
          index, "keypoints",
          "has \(values.count) numbers, but \(keypointCount) keypoints ('kpt_shape') take \(3 * keypointCount)"
        )
        continue
      }
      let visibilities = stride(from: values.startIndex + 2, to: values.endIndex, by: 3).map { values[$0] }
      if let odd = visibilities.firstIndex(where: { $0 != 0 && $0 != 1 && $0 != 2 }) {
        fault(
          index, "keypoints",
          "keypoint \(odd) has the visibility \(visibilities[odd]); it must be 0 (not labelled), 1 (hidden) or 2"
            + " (visible)")
        continue
      }
      let stated = Int(annotations.statedKeypointCounts[index])
      if stated >= 0 && stated != visibilities.count(where: { $0 > 0 }) { contradictions += 1 }
    }
    if contradictions > 0 {
      warnings.append(
        Diagnostic(
          .warning,
          "\(path): num_keypoints contradicts the visibilities in \(contradictions) annotations; the visibilities"
            + " count"))
    }
  }

  private mutating func fault(_ index: Int, _ field: String, _ message: String) {
    classes[index] = -1
    faultCount += 1
    if faults.count < LabelTextParser.faultLimit {
      faults.append(Diagnostic(.error, "\(path): annotations[\(index)].\(field) \(message)"))
    }
  }
}
