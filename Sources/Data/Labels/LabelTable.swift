internal import Imaging
internal import PoseCore

/// The labelled objects of many images in a few flat arrays: a third of the memory of one value an object.
struct LabelTable: Sendable {
  let keypointCount: Int
  /// Objects of image `i`: from entry `i` to entry `i + 1`.
  private(set) var starts: [Int32] = [0]
  private(set) var classes: [Int32] = []
  /// Four an object: x1, y1, x2, y2 in pixels of the upright image.
  private(set) var boxes: [Float] = []
  /// 2K an object: x, y in turn, in pixels of the upright image.
  private(set) var points: [Float] = []
  /// K an object.
  private(set) var visibilities: [UInt8] = []
  private(set) var ids: [Int] = []
  /// Square pixels.
  private(set) var areas: [Double] = []
  private(set) var flags: [LabelFlags] = []

  init(keypointCount: Int) { self.keypointCount = keypointCount }

  /// A table from its parts; `isSound(images:)` tells whether they fit together.
  init(
    keypointCount: Int, starts: [Int32], classes: [Int32], boxes: [Float], points: [Float],
    visibilities: [UInt8],
    ids: [Int], areas: [Double], flags: [LabelFlags]
  ) {
    self.keypointCount = keypointCount
    self.starts = starts
    self.classes = classes
    self.boxes = boxes
    self.points = points
    self.visibilities = visibilities
    self.ids = ids
    self.areas = areas
    self.flags = flags
  }

  /// Whether all parts have the length that they must have, and all numbers can be used.
  func isSound(images: Int) -> Bool {
    starts.count == images + 1 && starts.first == 0 && starts.last.map(Int.init) == classes.count
      && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
      && boxes.count == 4 * count && points.count == 2 * keypointCount * count
      && visibilities.count == keypointCount * count && ids.count == count && areas.count == count
      && flags.count == count && visibilities.allSatisfy { $0 <= 2 }
      && boxes.allSatisfy(\.isFinite) && points.allSatisfy(\.isFinite) && areas.allSatisfy(\.isFinite)
  }

  /// One object as it went into the table.
  func object(_ object: Int) -> LabelledObject {
    LabelledObject(instance: instance(object), id: ids[object], area: areas[object], flags: flags[object])
  }

  var imageCount: Int { starts.count - 1 }
  var count: Int { classes.count }

  func objects(of image: Int) -> Range<Int> { Int(starts[image])..<Int(starts[image + 1]) }

  mutating func append(_ object: LabelledObject) {
    classes.append(Int32(object.instance.classIndex))
    let box = object.instance.box
    boxes += [box.x1, box.y1, box.x2, box.y2]
    for point in object.instance.keypoints {
      points.append(point.x)
      points.append(point.y)
      visibilities.append(point.visibility.rawValue)
    }
    ids.append(object.id)
    areas.append(object.area)
    flags.append(object.flags)
  }

  /// Ends the list of the current image's objects.
  mutating func closeImage() { starts.append(Int32(classes.count)) }

  /// Appends another table's images.
  ///
  /// - Parameter renumbering: give the objects the ids that follow on those already here.
  mutating func append(_ other: LabelTable, renumbering: Bool) {
    let base = Int32(classes.count)
    starts += other.starts.dropFirst().map { base + $0 }
    ids += renumbering ? Array((count + 1)..<(count + 1 + other.count)) : other.ids
    classes += other.classes
    boxes += other.boxes
    points += other.points
    visibilities += other.visibilities
    areas += other.areas
    flags += other.flags
  }

  func instance(_ object: Int) -> Instance {
    let box = Box(
      x1: boxes[4 * object], y1: boxes[4 * object + 1], x2: boxes[4 * object + 2],
      y2: boxes[4 * object + 3])
    let keypoints = (object * keypointCount..<(object + 1) * keypointCount).map { index in
      Keypoint(
        x: points[2 * index], y: points[2 * index + 1],
        visibility: Visibility(rawValue: visibilities[index]) ?? .unlabelled)
    }
    return Instance(classIndex: Int(classes[object]), box: box, keypoints: keypoints)
  }

  func groundTruth(_ object: Int) -> GroundTruth {
    GroundTruth(
      id: ids[object], instance: instance(object), area: areas[object],
      isCrowd: flags[object].contains(.crowd), isIgnored: flags[object].contains(.unlabelled))
  }
}
