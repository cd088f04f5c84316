internal import FileSystem
internal import Foundation
internal import PoseCore

/// CVAT's XML, version 1.1, "for images".
///
/// An object is a `skeleton` element with a `points` element for each keypoint, and a `box` element; both have one
/// `group_id`. CVAT's skeleton labels take no boxes, so the boxes of a class `person` that has keypoints are of the label
/// `person_box`. `outside` marks a keypoint that is not labelled, `occluded` a hidden one. Areas, crowds and COCO's
/// numbers of objects are attributes of the first element.
///
/// Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
enum CVATFile {
  static let limits = "COCO's numbers of images and classes are not kept"
  static let boxSuffix = "_box"

  /// The numbers of an object that are attributes there.
  enum Attribute: String, CaseIterable {
    case area, iscrowd, id
  }

  static func write(_ set: AnnotationSet, to path: String, losses: inout ConversionLosses) throws {
    var texts: [String] = []
    for (index, image) in set.images.enumerated() {
      texts.append(try text(of: image, index, set.categories, &losses))
    }
    losses.add("numbers of images left out", set.images.count { $0.id != nil })
    losses.add("numbers of classes left out", set.categories.count { $0.id != nil })
    try AtomicFile.write(to: path) { file in
      try file.write(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n"
          + "      <name>PoseLab</name>\n      <size>\(set.images.count)</size>\n      <mode>annotation</mode>\n"
          + "      <labels>\n" + set.categories.map(label).joined()
          + "      </labels>\n    </task>\n  </meta>\n")
      for text in texts { try file.write(text) }
      try file.write("</annotations>\n")
    }
  }

  private static func label(_ category: AnnotationCategory) -> String {
    let attributes = Attribute.allCases.map { attribute in
      let (kind, values) = attribute == .iscrowd ? ("checkbox", "false") : ("text", "")
      return "            <attribute><name>\(attribute.rawValue)</name><mutable>False</mutable>"
        + "<input_type>\(kind)</input_type><default_value>\(values)</default_value><values>\(values)</values></attribute>\n"
    }.joined()
    func element(_ name: String, _ type: String, _ more: String, _ own: String) -> String {
      "        <label>\n          <name>\(escaped(name))</name>\n          <type>\(type)</type>\n          <attributes>\n"
        + own + "          </attributes>\n" + more + "        </label>\n"
    }
    if category.keypointNames.isEmpty { return element(category.name, "rectangle", "", attributes) }
    var text = element(
      category.name, "skeleton", "          <svg>\(escaped(drawing(category)))</svg>\n", attributes)
    for name in category.keypointNames {
      text += element(name, "points", "          <parent>\(escaped(category.name))</parent>\n", "")
    }
    return text + element(category.name + boxSuffix, "rectangle", "", attributes)
  }

  /// The keypoints on a circle and the limbs between them: what CVAT draws in its list of labels.
  private static func drawing(_ category: AnnotationCategory) -> String {
    let count = category.keypointNames.count
    let places = (0..<count).map { index -> (String, String) in
      let angle = 2 * Double.pi * Double(index) / Double(count)
      return (String(format: "%.2f", 50 + 40 * sin(angle)), String(format: "%.2f", 50 - 40 * cos(angle)))
    }
    let lines = category.limbs.map { limb in
      "<line x1=\"\(places[limb.first].0)\" y1=\"\(places[limb.first].1)\" x2=\"\(places[limb.second].0)\" "
        + "y2=\"\(places[limb.second].1)\" stroke=\"black\" data-type=\"edge\" data-node-from=\"\(limb.first + 1)\" "
        + "data-node-to=\"\(limb.second + 1)\"></line>"
    }
    let circles = zip(category.keypointNames, places).enumerated().map { index, one in
      "<circle r=\"1.5\" stroke=\"black\" fill=\"#b3b3b3\" cx=\"\(one.1.0)\" cy=\"\(one.1.1)\" data-type=\"element node\" "
        + "data-element-id=\"\(index + 1)\" data-node-id=\"\(index + 1)\" data-label-name=\"\(escaped(one.0))\"></circle>"
    }
    return lines.joined() + circles.joined()
  }

  private static func text(
    of image: AnnotationImage, _ index: Int, _ categories: [AnnotationCategory],
    _ losses: inout ConversionLosses
  ) throws -> String {
    let (width, height) = try AnnotationConversion.size(of: image)
    func x(_ value: Double) -> String { AnnotationNumber.pixels(value, side: width) }
    func y(_ value: Double) -> String { AnnotationNumber.pixels(value, side: height) }
    var text =
      "  <image id=\"\(index)\" name=\"\(escaped(image.name))\" width=\"\(width)\" height=\"\(height)\">\n"
    for (number, object) in image.objects.enumerated() {
      let category = categories[object.category]
      if object.box == nil && object.keypoints.isEmpty {
        losses.add("objects with neither box nor keypoints left out")
        continue
      }
      let common = "source=\"file\" occluded=\"0\" z_order=\"0\" group_id=\"\(number + 1)\""
      let hasKeypoints = !category.keypointNames.isEmpty
      if let box = object.box {
        let label = hasKeypoints ? category.name + boxSuffix : category.name
        text +=
          "    <box label=\"\(escaped(label))\" \(common) xtl=\"\(x(box.left))\" ytl=\"\(y(box.top))\" "
          + "xbr=\"\(x(box.right))\" ybr=\"\(y(box.bottom))\">\n\(attributes(object))    </box>\n"
      }
      guard !object.keypoints.isEmpty else { continue }
      text += "    <skeleton label=\"\(escaped(category.name))\" \(common)>\n"
      if object.box == nil { text += attributes(object) }
      for (name, point) in zip(category.keypointNames, object.keypoints) {
        text +=
          "      <points label=\"\(escaped(name))\" source=\"file\" outside=\"\(point.visibility == .unlabelled ? 1 : 0)\" "
          + "occluded=\"\(point.visibility == .hidden ? 1 : 0)\" points=\"\(x(point.x)),\(y(point.y))\"></points>\n"
      }
      text += "    </skeleton>\n"
    }
    return text + "  </image>\n"
  }

  private static func attributes(_ object: AnnotationObject) -> String {
    var values: [(Attribute, String)] = []
    if let area = object.area { values.append((.area, "\(area)")) }
    if object.isCrowd { values.append((.iscrowd, "true")) }
    if let id = object.id { values.append((.id, String(id))) }
    return values.map { "      <attribute name=\"\($0.0.rawValue)\">\($0.1)</attribute>\n" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, letter in
      switch letter {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default:
        // XML has no place for other control letters.
        if letter.unicodeScalars.allSatisfy({ $0.value >= 32 || $0 == "\t" }) { result.append(letter) }
      }
    }
  }

  // Reading

  private static let sizeLimit = 2 << 30

  static func read(_ path: String, folders: [String], losses: inout ConversionLosses) throws -> AnnotationSet
  {
    let file = try MappedFile(path)
    guard file.size <= sizeLimit else {
      throw AnnotationError(path, "has \(file.size) bytes; split the task")
    }
    let reader = CVATReader(path: path, folders: folders)
    let set = try file.withBytes(0..<file.size) { try reader.read($0) }
    losses.add(reader.losses)
    return set
  }
}
