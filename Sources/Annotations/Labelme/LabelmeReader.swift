internal import Foundation
internal import PoseCore

/// Puts the shapes of Labelme files together to objects.
struct LabelmeReader {
  /// The order of keypoints, where files do not tell it.
  private let keypointNames: [String]
  private var set = AnnotationSet()

  init(keypointNames: [String]) { self.keypointNames = keypointNames }

  /// - Parameter root: the folder that images are named from.
  mutating func read(
    _ files: [String], root: String, folders: [String], losses: inout ConversionLosses
  ) throws -> AnnotationSet {
    let documents = try files.map { ($0, try LabelmeDocument(contentsOf: $0)) }
    for (path, document) in documents { try addCategories(of: document, path) }
    for (path, document) in documents {
      try add(document, path, root: root, folders: folders, &losses)
    }
    return set
  }

  // Classes

  private mutating func addCategories(of document: LabelmeDocument, _ path: String) throws {
    for category in document.categories ?? [] {
      let limbs = try category.limbs.map { pair in
        guard pair.count == 2, pair.allSatisfy(category.keypoints.indices.contains) else {
          throw AnnotationError(
            path, "categories", "a limb of '\(category.name)' joins keypoints that are not there")
        }
        return AnnotationCategory.Limb(pair[0], pair[1])
      }
      let own = AnnotationCategory(
        name: category.name, keypointNames: category.keypoints, limbs: limbs, id: category.id)
      if let known = set.categories.first(where: { $0.name == own.name }) {
        guard known == own else {
          throw AnnotationError(
            path, "categories", "'\(own.name)' is described in another way than in the files before")
        }
      } else {
        set.categories.append(own)
      }
    }
    let isDescribed = document.categories != nil
    for shape in document.shapes where shape.type == "rectangle" {
      guard !set.categories.contains(where: { $0.name == shape.label }) else { continue }
      set.categories.append(
        AnnotationCategory(name: shape.label, keypointNames: isDescribed ? [] : keypointNames))
    }
  }

  /// The keypoint's place in its class, which learns it where the order was not given.
  private mutating func keypoint(_ name: String, of category: Int, isDescribed: Bool) -> Int? {
    if let place = set.categories[category].keypointNames.firstIndex(of: name) { return place }
    guard !isDescribed, keypointNames.isEmpty else { return nil }
    set.categories[category].keypointNames.append(name)
    for image in set.images.indices {
      for object in set.images[image].objects.indices
      where set.images[image].objects[object].category == category {
        set.images[image].objects[object].keypoints.append(.unlabelled)
      }
    }
    return set.categories[category].keypointNames.count - 1
  }

  // Objects

  private struct Draft {
    var category: Int?
    var rectangle: (shape: LabelmeDocument.Shape, place: Int)?
    var points: [(shape: LabelmeDocument.Shape, place: Int)] = []
  }

  private mutating func add(
    _ document: LabelmeDocument, _ path: String, root: String, folders: [String],
    _ losses: inout ConversionLosses
  ) throws {
    var image = try self.image(document, path, root: root, folders: folders)
    set.images.append(image)
    let place = set.images.count - 1
    for draft in try drafts(document, path, &losses) {
      let object = try self.object(draft, document, path, &losses)
      if let object { set.images[place].objects.append(object) }
    }
    // Keypoints that were met on the way.
    image = set.images[place]
    for index in image.objects.indices {
      let count = set.categories[image.objects[index].category].keypointNames.count
      let own = image.objects[index].keypoints
      if !own.isEmpty && own.count < count {
        image.objects[index].keypoints += Array(repeating: .unlabelled, count: count - own.count)
      }
    }
    set.images[place] = image
  }

  private func image(
    _ document: LabelmeDocument, _ path: String, root: String, folders: [String]
  ) throws -> AnnotationImage {
    let below =
      path.hasPrefix(root + "/")
      ? String(path.dropFirst(root.count + 1)) : (path as NSString).lastPathComponent
    let stated = RelativeName.normalised(document.imagePath ?? "")
    let suffix = (stated as NSString).pathExtension
    let name = RelativeName.replacingExtension(below, suffix.isEmpty ? ".jpg" : "." + suffix)
    if let fault = RelativeName.fault(name) { throw AnnotationError(path, "imagePath", fault) }
    let beside = (path as NSString).deletingLastPathComponent
    let picture = (stated as NSString).lastPathComponent
    let source =
      ImagePlace.find(picture, in: [beside]) ?? ImagePlace.find(name, in: folders)
      ?? ImagePlace.find(picture, in: folders)
    var image = AnnotationImage(
      name: name, width: document.imageWidth ?? 0, height: document.imageHeight ?? 0, id: document.imageID,
      source: source)
    if image.width < 0 || image.height < 0 || image.width > 1 << 20 || image.height > 1 << 20 {
      throw AnnotationError(path, "imageWidth", "\(image.width)x\(image.height) is no size of a picture")
    }
    if image.width == 0 || image.height == 0 {
      (image.width, image.height) = try AnnotationConversion.size(of: image)
    }
    return image
  }

  /// Shapes by their group; those without one by what lies in what.
  private func drafts(
    _ document: LabelmeDocument, _ path: String, _ losses: inout ConversionLosses
  ) throws -> [Draft] {
    var drafts: [Draft] = []
    var groups: [Int: Int] = [:]
    var loose: [(shape: LabelmeDocument.Shape, place: Int)] = []
    for (place, shape) in document.shapes.enumerated() {
      switch shape.type {
      case "rectangle":
        if let group = shape.group, let known = groups[group] {
          guard drafts[known].rectangle == nil else {
            throw AnnotationError(path, "shapes[\(place)].group_id", "the group \(group) has two rectangles")
          }
          drafts[known].rectangle = (shape, place)
        } else {
          if let group = shape.group { groups[group] = drafts.count }
          drafts.append(Draft(rectangle: (shape, place)))
        }
      case "point":
        guard let group = shape.group else {
          loose.append((shape, place))
          continue
        }
        if groups[group] == nil {
          groups[group] = drafts.count
          drafts.append(Draft())
        }
        if let known = groups[group] { drafts[known].points.append((shape, place)) }
      default:
        losses.add("shapes of the kind '\(shape.type)' left out")
      }
    }
    for (shape, place) in loose {
      let point = try self.point(shape, path, place)
      let owner = drafts.indices.filter { index in
        guard let rectangle = drafts[index].rectangle, let box = try? box(rectangle, path) else {
          return false
        }
        return box.contains(point) && !drafts[index].points.contains { $0.shape.label == shape.label }
      }.min { a, b in
        func area(_ index: Int) -> Double {
          drafts[index].rectangle.flatMap { try? box($0, path) }?.area ?? .infinity
        }
        return area(a) < area(b)
      }
      if let owner {
        drafts[owner].points.append((shape, place))
        losses.add("points without a group, which went to the smallest rectangle around them")
      } else {
        losses.add("points without a group or a rectangle around them left out")
      }
    }
    return drafts
  }

  private mutating func object(
    _ draft: Draft, _ document: LabelmeDocument, _ path: String, _ losses: inout ConversionLosses
  ) throws -> AnnotationObject? {
    let first = draft.rectangle?.shape ?? draft.points.first?.shape
    guard let first else { return nil }
    let category = try self.category(draft, path)
    let isDescribed = document.categories != nil
    var object = AnnotationObject(
      category: category, box: try draft.rectangle.map { try box($0, path) }, area: first.area,
      isCrowd: first.isCrowd == 1, id: first.id)
    var keypoints: [Int: AnnotationPoint] = [:]
    for (shape, place) in draft.points {
      let name = set.categories[category].name
      guard let index = keypoint(shape.label, of: category, isDescribed: isDescribed) else {
        let known = set.categories[category].keypointNames.joined(separator: ", ")
        throw AnnotationError(
          path, "shapes[\(place)].label", "'\(name)' has no keypoint '\(shape.label)'; it has \(known)")
      }
      guard keypoints.updateValue(try point(shape, path, place), forKey: index) == nil else {
        throw AnnotationError(
          path, "shapes[\(place)].label", "the object has the keypoint '\(shape.label)' twice")
      }
    }
    let count = set.categories[category].keypointNames.count
    // A box alone has no keypoints, unless all are known to be unlabelled.
    let hasKeypoints = !keypoints.isEmpty || first.keypointCount != nil || (!isDescribed && count > 0)
    if hasKeypoints { object.keypoints = (0..<count).map { keypoints[$0] ?? .unlabelled } }
    return object
  }

  private mutating func category(_ draft: Draft, _ path: String) throws -> Int {
    let name = draft.rectangle?.shape.label ?? draft.points.lazy.compactMap(\.shape.category).first
    if let name {
      if let place = set.categories.firstIndex(where: { $0.name == name }) { return place }
      set.categories.append(AnnotationCategory(name: name, keypointNames: keypointNames))
      return set.categories.count - 1
    }
    // Points alone: the class that has all of them.
    let labels = Set(draft.points.map(\.shape.label))
    let fitting = set.categories.indices.filter { labels.isSubset(of: set.categories[$0].keypointNames) }
    if let only = fitting.first, fitting.count == 1 { return only }
    if set.categories.count == 1 { return 0 }
    guard set.categories.isEmpty else {
      let place = draft.points.first?.place ?? 0
      throw AnnotationError(
        path, "shapes[\(place)]", "points without a rectangle: which of the classes is the object of?")
    }
    set.categories.append(AnnotationCategory(name: "object", keypointNames: keypointNames))
    return 0
  }

  // Shapes

  private func box(
    _ rectangle: (shape: LabelmeDocument.Shape, place: Int), _ path: String
  ) throws -> AnnotationBox {
    let points = rectangle.shape.points
    guard points.count == 2 || points.count == 4,
      points.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isFinite) })
    else {
      throw AnnotationError(path, "shapes[\(rectangle.place)].points", "a rectangle has two corners")
    }
    let (xs, ys) = (points.map { $0[0] }, points.map { $0[1] })
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return AnnotationBox(left: left, top: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
  }

  private func point(_ shape: LabelmeDocument.Shape, _ path: String, _ place: Int) throws -> AnnotationPoint {
    guard shape.points.count == 1, shape.points[0].count == 2, shape.points[0].allSatisfy(\.isFinite) else {
      throw AnnotationError(path, "shapes[\(place)].points", "a point has one pair of numbers")
    }
    let isSet = { (names: [String]) in names.contains { shape.flags[$0] == true } }
    let visibility: Visibility =
      isSet(["outside", "unlabelled", "not_labelled"])
      ? .unlabelled : isSet(["occluded", "hidden", "invisible"]) ? .hidden : .visible
    return AnnotationPoint(x: shape.points[0][0], y: shape.points[0][1], visibility: visibility)
  }
}
