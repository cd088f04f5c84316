internal import Data
internal import FileSystem
internal import Foundation
internal import PoseCore

/// COCO's annotation files.
///
/// Not carried: segmentations, licences, information about the file and the images' addresses.
enum COCOAnnotationFile {
  static let limits = "segmentations, licences and addresses of images are not carried over"

  /// - Parameter folders: where images are looked for.
  static func read(_ path: String, folders: [String] = []) throws -> AnnotationSet {
    let file = try COCOAnnotations.read(path)
    var set = AnnotationSet()
    var categoryPlaces: [Int: Int] = [:]
    for category in file.categories {
      guard categoryPlaces.updateValue(set.categories.count, forKey: category.id) == nil else {
        throw AnnotationError(path, "categories", "the id \(category.id) is there twice")
      }
      let limbs = stride(from: 0, to: category.limbs.count - 1, by: 2).map {
        AnnotationCategory.Limb(category.limbs[$0], category.limbs[$0 + 1])
      }
      set.categories.append(
        AnnotationCategory(
          name: category.name, keypointNames: category.keypointNames, limbs: limbs, id: category.id))
    }
    var imagePlaces: [Int: Int] = [:]
    for (index, image) in file.images.enumerated() {
      let place = "images[\(index)]"
      guard imagePlaces.updateValue(index, forKey: image.id) == nil else {
        throw AnnotationError(path, place, "the id \(image.id) is there twice")
      }
      let name = RelativeName.normalised(image.fileName)
      if let fault = RelativeName.fault(name) { throw AnnotationError(path, place + ".file_name", fault) }
      set.images.append(
        AnnotationImage(
          name: name, width: image.width, height: image.height, id: image.id,
          source: ImagePlace.find(name, in: folders)))
    }
    for index in file.ids.indices {
      let place = "annotations[\(index)]"
      guard let image = imagePlaces[file.imageIDs[index]] else {
        throw AnnotationError(
          path, place + ".image_id", "is \(file.imageIDs[index]), an image that this file does not list")
      }
      guard let category = categoryPlaces[file.categoryIDs[index]] else {
        throw AnnotationError(
          path, place + ".category_id",
          "is \(file.categoryIDs[index]), a category that this file does not list")
      }
      let keypoints = try points(Array(file.keypoints(of: index)), path, place)
      if !keypoints.isEmpty {
        let known = set.categories[category].keypointNames.count
        if known == 0 {
          set.categories[category].keypointNames = keypoints.indices.map { "keypoint_\($0)" }
        } else if known != keypoints.count {
          throw AnnotationError(
            path, place + ".keypoints", "has \(keypoints.count) keypoints, but the category has \(known)")
        }
      }
      let corner = file.boxes[(4 * index)..<(4 * index + 4)].map { $0 }
      let box = AnnotationBox(left: corner[0], top: corner[1], width: corner[2], height: corner[3])
      let isBoxArea = AnnotationNumber.isProduct(
        file.areas[index], box.area, extent: sides(of: set.images[image]))
      set.images[image].objects.append(
        AnnotationObject(
          category: category, box: box, keypoints: keypoints, area: isBoxArea ? nil : file.areas[index],
          isCrowd: file.isCrowd[index], id: file.ids[index]))
    }
    return set
  }

  private static func points(
    _ numbers: [Double], _ path: String, _ place: String
  ) throws -> [AnnotationPoint] {
    guard numbers.count.isMultiple(of: 3) else {
      throw AnnotationError(
        path, place + ".keypoints", "has \(numbers.count) numbers; three a keypoint are wanted")
    }
    return try stride(from: 0, to: numbers.count, by: 3).map { first in
      guard let raw = UInt8(exactly: numbers[first + 2]), let visibility = Visibility(rawValue: raw) else {
        throw AnnotationError(
          path, place + ".keypoints",
          "keypoint \(first / 3) has the visibility \(numbers[first + 2]); 0, 1 and 2 are known")
      }
      return AnnotationPoint(x: numbers[first], y: numbers[first + 1], visibility: visibility)
    }
  }

  // Writing

  static func write(_ set: AnnotationSet, to path: String, losses: inout ConversionLosses) throws {
    let imageIDs = imageNumbers(set.images)
    let objectIDs = numbers(set.images.flatMap { $0.objects.map(\.id) })
    let categoryIDs = numbers(set.categories.map(\.id))
    var (derived, boxless) = (0, 0)
    try AtomicFile.write(to: path) { file in
      let categories = zip(set.categories, categoryIDs).map(text(of:id:))
      try file.write(
        "{\"info\":{\"description\":\"Converted by PoseLab\"},\"licenses\":[],\n\"categories\":[\n"
          + categories.joined(separator: ",\n") + "],\n\"images\":[\n")
      let images = zip(set.images, imageIDs).map { image, id in
        let size = image.width > 0 ? ",\"width\":\(image.width),\"height\":\(image.height)" : ""
        return "{\"id\":\(id),\"file_name\":\(JSONQuoted.text(image.name))\(size)}"
      }
      try file.write(images.joined(separator: ",\n") + "],\n\"annotations\":[\n")
      var next = 0
      var isFirst = true
      for (image, imageID) in zip(set.images, imageIDs) {
        var rows = ""
        for object in image.objects {
          defer { next += 1 }
          guard let box = object.boxOrExtent else {
            boxless += 1
            continue
          }
          if object.box == nil { derived += 1 }
          rows += isFirst ? "" : ",\n"
          isFirst = false
          rows += row(object, box, image, ids: (objectIDs[next], imageID, categoryIDs[object.category]))
        }
        if !rows.isEmpty { try file.write(rows) }
      }
      try file.write("]}\n")
    }
    losses.add("objects without a box, which got the extent of their keypoints", derived)
    losses.add("objects with neither box nor keypoints left out", boxless)
  }

  private static func text(of category: AnnotationCategory, id: Int) -> String {
    var fields =
      "\"id\":\(id),\"name\":\(JSONQuoted.text(category.name)),\"supercategory\":\(JSONQuoted.text(category.name))"
    if !category.keypointNames.isEmpty {
      let names = category.keypointNames.map(JSONQuoted.text).joined(separator: ",")
      let limbs = category.limbs.map { "[\($0.first + 1),\($0.second + 1)]" }.joined(separator: ",")
      fields += ",\"keypoints\":[\(names)],\"skeleton\":[\(limbs)]"
    }
    return "{\(fields)}"
  }

  /// The largest area in an image, in square pixels.
  private static func sides(of image: AnnotationImage) -> Double {
    Double(max(1, image.width)) * Double(max(1, image.height))
  }

  private static func row(
    _ object: AnnotationObject, _ box: AnnotationBox, _ image: AnnotationImage,
    ids: (object: Int, image: Int, category: Int)
  ) -> String {
    func x(_ value: Double) -> String { AnnotationNumber.pixels(value, side: image.width) }
    func y(_ value: Double) -> String { AnnotationNumber.pixels(value, side: image.height) }
    var text =
      "{\"id\":\(ids.object),\"image_id\":\(ids.image),\"category_id\":\(ids.category),"
      + "\"iscrowd\":\(object.isCrowd ? 1 : 0),\"bbox\":[\(x(box.left)),\(y(box.top)),\(x(box.width)),\(y(box.height))],"
    let area = AnnotationNumber.text(object.area ?? box.area, extent: sides(of: image), digits: 6)
    text += "\"area\":\(area),\"segmentation\":[]"
    if !object.keypoints.isEmpty {
      let points = object.keypoints.map { "\(x($0.x)),\(y($0.y)),\($0.visibility.rawValue)" }
      let labelled = object.keypoints.count { $0.visibility != .unlabelled }
      text += ",\"num_keypoints\":\(labelled),\"keypoints\":[\(points.joined(separator: ","))]"
    }
    return text + "}"
  }

  /// The ids where all are there and differ, else the numbers that results files of a validation have.
  private static func imageNumbers(_ images: [AnnotationImage]) -> [Int] {
    let known = images.compactMap(\.id)
    if known.count == images.count, Set(known).count == images.count { return known }
    let named = DatasetIndex.numbers(in: images.map(\.name))
    return named.isEmpty ? Array(1..<(images.count + 1)) : named
  }

  /// The ids where all are there and differ, else numbers from 1.
  private static func numbers(_ ids: [Int?]) -> [Int] {
    let known = ids.compactMap { $0 }
    if known.count == ids.count, Set(known).count == ids.count { return known }
    return Array(1..<(ids.count + 1))
  }
}
