internal import Foundation
internal import PoseCore

/// Reads CVAT's XML, element by element.
final class CVATReader: XMLScannerDelegate {
  private(set) var losses = ConversionLosses()
  private let path: String
  private let folders: [String]
  /// Of the element at hand.
  private var line = 0
  private var elements: [String] = []
  private var text = ""

  // Labels of the task.
  private var label = CVATLabel()
  private var labels: [CVATLabel] = []

  // The image at hand.
  private var image: AnnotationImage?
  private var shapes: [CVATShape] = []
  private var attribute: String?

  private var categories = CVATCategories()
  private var images: [AnnotationImage] = []
  private var names: Set<String> = []

  init(path: String, folders: [String]) {
    self.path = path
    self.folders = folders
  }

  func read(_ bytes: UnsafeRawBufferPointer) throws -> AnnotationSet {
    do {
      try XMLScanner.scan(bytes.bindMemory(to: UInt8.self), self)
    } catch let fault as XMLFault {
      throw AnnotationError(path, line: fault.line, fault.message)
    }
    // Keypoints that were learnt on the way.
    for image in images.indices {
      for index in images[image].objects.indices {
        let object = images[image].objects[index]
        let missing = categories.all[object.category].keypointNames.count - object.keypoints.count
        guard !object.keypoints.isEmpty, missing > 0 else { continue }
        images[image].objects[index].keypoints += Array(repeating: .unlabelled, count: missing)
      }
    }
    return AnnotationSet(categories: categories.all, images: images)
  }

  private func fault(_ place: String, _ message: String) -> AnnotationError {
    AnnotationError(path, place, line: line, message)
  }

  // What the scanner finds

  func start(_ name: String, _ attributes: [String: String], line: Int) throws {
    self.line = line
    if elements.isEmpty && name != "annotations" {
      throw fault("", "the file begins with '\(name.prefix(40))', not 'annotations': is this a file of CVAT?")
    }
    let parent = elements.last ?? ""
    elements.append(name)
    text = ""
    switch (parent, name) {
    case ("annotations", "track"):
      throw fault("track", "this is CVAT's form for videos; export the task as 'CVAT for images 1.1'")
    case ("annotations", "image"): try begin(attributes)
    case ("labels", "label"): label = CVATLabel()
    case ("image", "box"), ("image", "skeleton"), ("image", "points"):
      shapes.append(try shape(name, attributes))
    case ("image", "tag"): losses.add("tags of whole images left out")
    case ("image", _): losses.add("shapes of the kind '\(name.prefix(40))' left out")
    case ("skeleton", "points"):
      let point = try shape(name, attributes)
      if !shapes.isEmpty { shapes[shapes.count - 1].elements.append(point) }
    case (_, "attribute") where image != nil: attribute = attributes["name"] ?? ""
    default: break
    }
  }

  func text(_ text: String, line: Int) throws {
    // Only what is looked at later, and no more than a drawing of a label may have.
    guard ["name", "type", "parent", "svg", "attribute"].contains(elements.last) else { return }
    self.line = line
    guard self.text.utf8.count < 1 << 22 else { throw fault("", "a text of this length is refused") }
    self.text += text
  }

  func end(_ name: String, line: Int) throws {
    self.line = line
    elements.removeLast()
    let parent = elements.last ?? ""
    let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
    switch (parent, name) {
    case ("label", "name"): label.name = value
    case ("label", "type"): label.type = value
    case ("label", "parent"): label.parent = value
    case ("label", "svg"): label.drawing = value
    case ("labels", "label"): labels.append(label)
    case ("annotations", "meta"): categories = CVATCategories(labels)
    case (_, "attribute") where attribute != nil && !shapes.isEmpty: try note(value)
    case ("annotations", "image"): try end()
    default: break
    }
    if name == "attribute" { attribute = nil }
    text = ""
  }

  // Images

  private func begin(_ attributes: [String: String]) throws {
    let name = RelativeName.normalised(attributes["name"] ?? "")
    if let problem = RelativeName.fault(name) { throw fault("image", problem) }
    guard names.insert(name).inserted else { throw fault("image", "'\(name)' is there twice") }
    var sides: [Int] = []
    for key in ["width", "height"] {
      guard let text = attributes[key], let side = Int(text), (1...(1 << 20)).contains(side) else {
        throw fault(
          "image", "\(key) must be a number of pixels, but is '\((attributes[key] ?? "").prefix(40))'")
      }
      sides.append(side)
    }
    image = AnnotationImage(
      name: name, width: sides[0], height: sides[1], source: ImagePlace.find(name, in: folders))
    shapes = []
  }

  private func shape(_ kind: String, _ attributes: [String: String]) throws -> CVATShape {
    guard let label = attributes["label"], !label.isEmpty else {
      throw fault(kind, "has no label")
    }
    var shape = CVATShape(kind: kind, label: label)
    shape.group = attributes["group_id"].flatMap { Int($0) }.flatMap { $0 == 0 ? nil : $0 }
    shape.isOccluded = attributes["occluded"] == "1"
    shape.isOutside = attributes["outside"] == "1"
    if kind == "box" {
      for key in ["xtl", "ytl", "xbr", "ybr"] {
        guard let number = attributes[key].flatMap({ AnnotationNumber.parse($0) }) else {
          throw fault("box", "\(key) must be a number, but is '\((attributes[key] ?? "").prefix(40))'")
        }
        shape.numbers.append(number)
      }
      if let turned = attributes["rotation"], AnnotationNumber.parse(turned) != 0 {
        losses.add("rotations of boxes left out")
      }
    } else if kind == "points" {
      for pair in (attributes["points"] ?? "").split(separator: ";") {
        let numbers = pair.split(separator: ",").compactMap { AnnotationNumber.parse($0) }
        guard numbers.count == 2 else {
          throw fault("points", "'\(pair.prefix(40))' is no pair of numbers")
        }
        shape.numbers += numbers
      }
      if shape.numbers.isEmpty {
        throw fault("points", "has no points")
      }
    }
    return shape
  }

  private func note(_ value: String) throws {
    guard let attribute, let last = shapes.indices.last else { return }
    switch CVATFile.Attribute(rawValue: attribute) {
    case .area:
      guard let area = AnnotationNumber.parse(value) else {
        throw fault("attribute", "area must be a number")
      }
      shapes[last].area = area
    case .iscrowd: shapes[last].isCrowd = value == "true" || value == "1"
    case .id:
      guard let id = Int(value) else { throw fault("attribute", "id must be a whole number") }
      shapes[last].id = id
    case nil: losses.add("attributes '\(attribute.prefix(40))' left out")
    }
  }

  private func end() throws {
    guard var done = image else { return }
    var known = categories
    do throws(CVATShapeFault) {
      done.objects = try CVATAssembly(shapes, &known, &losses).objects
    } catch {
      throw fault("image '\(done.name)'", error.message)
    }
    categories = known
    images.append(done)
    image = nil
    shapes = []
  }
}

/// A shape of an image as it stands.
struct CVATShape {
  var kind: String
  var label: String
  var group: Int?
  var isOccluded = false
  var isOutside = false
  /// Of a box its edges, of points x and y in turn.
  var numbers: [Double] = []
  /// Of a skeleton.
  var elements: [CVATShape] = []
  var area: Double?
  var isCrowd = false
  var id: Int?

  init(kind: String, label: String) {
    self.kind = kind
    self.label = label
  }
}

struct CVATShapeFault: Error {
  var message: String
}
