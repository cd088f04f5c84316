internal import Foundation
internal import PoseCore

/// Labelme's files: a JSON file for each picture, with shapes that have a label, points in pixels, a group and flags.
///
/// An object is a rectangle with the class as label, and a point for each keypoint with the keypoint's name as label;
/// all have one `group_id`. The flag `occluded` marks a hidden keypoint, `outside` one that is not labelled although it
/// has a place; a keypoint that is not there at all is not labelled. Labelme keeps members that it does not know, so the
/// order of keypoints, limbs, COCO's numbers, areas and crowds are there as members of our own: `categories`, `image_id`,
/// `id`, `area`, `iscrowd`.
enum LabelmeFile {
  static let limits = "everything is kept, in members that Labelme itself leaves as they are"

  /// Files are small: a picture may be in them.
  static let sizeLimit = 256 << 20

  /// Whether the beginning of a JSON file looks like one of Labelme's.
  static func isOne(_ path: String) throws -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw AnnotationError(path, "cannot be read")
    }
    defer { try? handle.close() }
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: 0)
    let head = String(decoding: try handle.read(upToCount: 1 << 16) ?? Data(), as: UTF8.self)
    if head.contains("\"annotations\"") { return false }
    if head.contains("\"shapes\"") { return true }
    // A picture in front of the shapes, or no JSON at all.
    return size < sizeLimit && head.contains("\"imageData\"")
  }

  static func write(
    _ splits: [AnnotationSplit], to folder: String, images: AnnotationConversion.Images,
    losses: inout ConversionLosses
  ) throws {
    for split in splits {
      let root = splits.count == 1 ? folder : "\(folder)/\(split.name)"
      let categories = text(of: split.set.categories)
      var names: Set<String> = []
      for image in split.set.images {
        let name = RelativeName.replacingExtension(image.name, ".json")
        guard names.insert(name.lowercased()).inserted else {
          throw AnnotationError(
            image.name,
            "there is another picture of this name with another extension; Labelme's files would be one")
        }
        let path = "\(root)/\(name)"
        let picture = (image.name as NSString).lastPathComponent
        try AnnotationConversion.write(
          text(of: image, picture: picture, categories, split.set.categories, &losses), to: path)
        try AnnotationConversion.place(
          image, at: (path as NSString).deletingLastPathComponent + "/" + picture, images, &losses)
      }
    }
  }

  private static func text(of categories: [AnnotationCategory]) -> String {
    let texts = categories.map { category in
      let names = category.keypointNames.map(JSONQuoted.text).joined(separator: ", ")
      let limbs = category.limbs.map { "[\($0.first), \($0.second)]" }.joined(separator: ", ")
      let id = category.id.map { ", \"id\": \($0)" } ?? ""
      return
        "{\"name\": \(JSONQuoted.text(category.name))\(id), \"keypoints\": [\(names)], \"limbs\": [\(limbs)]}"
    }
    return "[\(texts.joined(separator: ", "))]"
  }

  private static func text(
    of image: AnnotationImage, picture: String, _ categoryText: String, _ categories: [AnnotationCategory],
    _ losses: inout ConversionLosses
  ) throws -> String {
    let (width, height) = try AnnotationConversion.size(of: image)
    var shapes: [String] = []
    for (group, object) in image.objects.enumerated() {
      let category = categories[object.category]
      let own = members(object)
      let points = zip(category.keypointNames, object.keypoints).filter { !$0.1.isEmpty }
      if let box = object.box {
        shapes.append(
          shape(
            category.name, [(box.left, box.top), (box.right, box.bottom)], "rectangle", group: group,
            own: own,
            (width, height)))
      } else if points.isEmpty {
        losses.add("objects with neither box nor keypoints left out")
        continue
      }
      // Where there is no rectangle, the first point says of which class the object is.
      var extra = object.box == nil ? own + [("category", JSONQuoted.text(category.name))] : []
      for (name, point) in points {
        let flag: String? =
          switch point.visibility {
          case .visible: nil
          case .hidden: "occluded"
          case .unlabelled: "outside"
          }
        shapes.append(
          shape(name, [(point.x, point.y)], "point", group: group, flag: flag, own: extra, (width, height)))
        extra = []
      }
    }
    let id = image.id.map { "  \"image_id\": \($0),\n" } ?? ""
    return "{\n  \"version\": \"5.5.0\",\n  \"flags\": {},\n  \"shapes\": [\n"
      + shapes.joined(separator: ",\n")
      + (shapes.isEmpty ? "" : "\n")
      + "  ],\n  \"imagePath\": \(JSONQuoted.text(picture)),\n  \"imageData\": null,\n"
      + "  \"imageHeight\": \(height),\n  \"imageWidth\": \(width),\n\(id)  \"categories\": \(categoryText)\n}\n"
  }

  /// What Labelme has no place for.
  private static func members(_ object: AnnotationObject) -> [(String, String)] {
    var members: [(String, String)] = []
    if let id = object.id { members.append(("id", String(id))) }
    if let area = object.area { members.append(("area", "\(area)")) }
    if object.isCrowd { members.append(("iscrowd", "1")) }
    if object.keypoints.isEmpty || object.keypoints.contains(where: { !$0.isEmpty }) { return members }
    // All keypoints are there, and none is labelled.
    return members + [("num_keypoints", "0")]
  }

  private static func shape(
    _ label: String, _ points: [(Double, Double)], _ type: String, group: Int, flag: String? = nil,
    own: [(String, String)] = [], _ size: (width: Int, height: Int)
  ) -> String {
    let places = points.map {
      "[\(AnnotationNumber.pixels($0.0, side: size.width)), \(AnnotationNumber.pixels($0.1, side: size.height))]"
    }
    let flags = flag.map { "{\"\($0)\": true}" } ?? "{}"
    let more = own.map { ", \"\($0.0)\": \($0.1)" }.joined()
    return
      "    {\"label\": \(JSONQuoted.text(label)), \"points\": [\(places.joined(separator: ", "))], \"group_id\": \(group), "
      + "\"description\": \"\", \"shape_type\": \"\(type)\", \"flags\": \(flags), \"mask\": null\(more)}"
  }
}
