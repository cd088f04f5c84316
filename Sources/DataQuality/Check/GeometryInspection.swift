internal import Data
internal import Foundation
internal import Imaging
internal import PoseCore

/// Looks at boxes and keypoints one object at a time.
struct GeometryInspection {
  let split: ScannedSplit

  /// Pixels by which rounding may carry a box over the edge.
  private static let slack: Float = 1
  /// A side of fewer pixels is tiny.
  private static let tinySide: Float = 4

  func findings(of image: ScannedImage, in size: ImageSize) -> FindingList {
    var list = FindingList()
    for object in image.objects {
      inspectBox(object, image, size, &list)
      inspectKeypoints(object, image, size, &list)
    }
    return list
  }

  private func inspectBox(
    _ object: LabelledObject, _ image: ScannedImage, _ size: ImageSize, _ list: inout FindingList
  ) {
    let box = object.instance.box
    let beyond = max(-box.x1, -box.y1, box.x2 - Float(size.width), box.y2 - Float(size.height))
    if beyond > Self.slack {
      list.append(
        split.finding(
          .boxOutside, image, object, "the box leaves the image of \(size) by \(Self.text(beyond)) pixels"))
    }
    let side = min(box.width, box.height)
    if side < Self.tinySide {
      list.append(
        split.finding(
          .tinyBox, image, object, "the box has \(Self.text(box.width)) × \(Self.text(box.height)) pixels"))
    }
    let area = Double(box.width) * Double(box.height)
    if split.annotations != nil, area > 4, !object.flags.contains(.crowd) {
      if object.area <= 1 || object.area < 0.02 * area {
        list.append(
          split.finding(
            .objectArea, image, object,
            "'area' is \(Self.text(Float(object.area))), but the box has \(Self.text(Float(area))) square pixels"
          ))
      } else if object.area > 1.1 * area {
        list.append(
          split.finding(
            .objectArea, image, object,
            "'area' is \(Self.text(Float(object.area))), more than the box's \(Self.text(Float(area)))"))
      }
    }
  }

  private func inspectKeypoints(
    _ object: LabelledObject, _ image: ScannedImage, _ size: ImageSize, _ list: inout FindingList
  ) {
    let instance = object.instance
    let box = instance.box
    var (labelled, outside, far, origin, unflagged): (Int, [Int], [Int], [Int], [Int]) = (0, [], [], [], [])
    for (index, point) in instance.keypoints.enumerated() {
      let isZero = point.x == 0 && point.y == 0
      if point.visibility == .unlabelled {
        if !isZero { unflagged.append(index) }
        continue
      }
      labelled += 1
      if isZero {
        origin.append(index)
      } else if point.x < -Self.slack || point.y < -Self.slack || point.x > Float(size.width) + Self.slack
        || point.y > Float(size.height) + Self.slack
      {
        outside.append(index)
      } else if point.x < box.x1 - box.width / 2 || point.x > box.x2 + box.width / 2
        || point.y < box.y1 - box.height / 2 || point.y > box.y2 + box.height / 2
      {
        far.append(index)
      }
    }
    func tell(_ kind: FindingKind, _ points: [Int], _ message: String) {
      if points.isEmpty { return }
      let names = points.prefix(4).map { "'\(split.name(of: $0))'" }.joined(separator: ", ")
      let more = points.count > 4 ? " and \(points.count - 4) more" : ""
      list.append(split.finding(kind, image, object, "\(names)\(more) \(message)", keypoints: points))
    }
    tell(.keypointOutsideImage, outside, points(outside, "lies", "lie") + " outside the image of \(size)")
    tell(
      .keypointFarFromBox, far,
      points(far, "lies", "lie") + " more than half the box's size outside the box")
    tell(.keypointAtOrigin, origin, points(origin, "is", "are") + " labelled at (0, 0)")
    if split.skeleton.dimensions == 3 {
      tell(
        .placeWithoutVisibility, unflagged,
        points(unflagged, "has", "have") + " a place, but visibility 0")
    }
    if labelled == 0 && !object.flags.contains(.crowd) {
      list.append(split.finding(.noKeypoints, image, object, "no keypoint is labelled"))
    }
  }

  private func points(_ points: [Int], _ one: String, _ many: String) -> String {
    points.count == 1 ? one : many
  }

  static func text(_ value: Float) -> String {
    value.magnitude < 1e9 ? String(format: abs(value) < 10 ? "%.1f" : "%.0f", value) : String(value)
  }
}
