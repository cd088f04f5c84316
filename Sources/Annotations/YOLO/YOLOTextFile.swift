internal import Config
internal import Data
internal import FileSystem
internal import Foundation
internal import Imaging
internal import PoseCore

/// Data sets in YOLO's text form: `data.yaml`, and a text file for each image.
///
/// Not carried: ids, areas, crowds, and the names of images beyond their files'. All classes have the same keypoints.
enum YOLOTextFile {
  static let limits = "numbers of images and objects, areas and crowds are not kept"

  // Reading

  /// The labels of one split. Pictures that cannot be read are left out, as a training leaves them out, and named.
  ///
  /// - Parameter skipsBadRows: leaves out rows that cannot be right instead of refusing them.
  static func read(
    _ spec: DatasetSpec, _ split: DatasetSplit, skipsBadRows: Bool, losses: inout ConversionLosses
  ) throws -> AnnotationSet {
    let source = try spec.source(of: split)
    var set = AnnotationSet(categories: categories(spec))
    let parser = LabelRows(spec)
    var unreadable: [ImageError] = []
    for path in try source.imagePaths() {
      let header: ImageHeader
      do {
        header = try ImageHeader(contentsOf: path)
      } catch {
        unreadable.append(error)
        continue
      }
      var image = AnnotationImage(
        name: name(of: path, in: source), width: header.width, height: header.height, source: path)
      if let fault = RelativeName.fault(image.name) { throw AnnotationError(path, fault) }
      let (rows, faults) = parser.rows(ofImage: path)
      if faults.count > 0, !skipsBadRows {
        let remedy = Diagnostic(.note, "correct such rows, or leave them out with --skip-bad")
        throw DiagnosticList(faults.first + [remedy])
      }
      losses.add("label rows left out that cannot be right", faults.count)
      for row in rows { image.objects.append(object(row, in: image, spec)) }
      set.images.append(image)
    }
    if set.images.isEmpty, let first = unreadable.first {
      throw AnnotationError(
        source.images.first?.path ?? spec.file,
        "none of \(unreadable.count) pictures can be read; the first one: \(first)")
    }
    for error in unreadable.prefix(mostNamed) { losses.add("left out with its labels: \(error)") }
    losses.add("more pictures that cannot be read, left out with their labels", unreadable.count - mostNamed)
    return set
  }

  /// Of pictures that cannot be read.
  private static let mostNamed = 10

  static func categories(_ spec: DatasetSpec) -> [AnnotationCategory] {
    let skeleton = spec.skeleton
    let names = (0..<skeleton.keypointCount).map {
      skeleton.names.indices.contains($0) ? skeleton.names[$0] : "keypoint_\($0)"
    }
    let limbs = skeleton.limbs.map { AnnotationCategory.Limb($0.0, $0.1) }
    return spec.classNames.map { AnnotationCategory(name: $0, keypointNames: names, limbs: limbs) }
  }

  /// The path below the split's folder.
  private static func name(of path: String, in source: SplitSource) -> String {
    for place in source.images {
      for folder in [place.path, place.alternative ?? place.path] {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        if path.hasPrefix(prefix) { return String(path.dropFirst(prefix.count)) }
      }
    }
    return (path as NSString).lastPathComponent
  }

  private static func object(
    _ row: [Double], in image: AnnotationImage, _ spec: DatasetSpec
  ) -> AnnotationObject {
    let (width, height) = (Double(image.width), Double(image.height))
    let box = AnnotationBox(
      left: (row[1] - row[3] / 2) * width, top: (row[2] - row[4] / 2) * height, width: row[3] * width,
      height: row[4] * height)
    let step = spec.skeleton.dimensions
    let points = stride(from: 5, to: row.count, by: step).map { first in
      let (x, y) = (row[first], row[first + 1])
      // Without a visibility, (0, 0) stands for a point that was not labelled.
      let raw = step == 3 ? UInt8(row[first + 2]) : x == 0 && y == 0 ? 0 : 2
      return AnnotationPoint(
        x: x * width, y: y * height, visibility: Visibility(rawValue: raw) ?? .unlabelled)
    }
    return AnnotationObject(category: Int(row[0]), box: box, keypoints: points)
  }

  // Writing

  /// Writes a whole data set into a folder that is there and empty.
  ///
  /// - Parameter images: how the pictures get there.
  static func write(
    _ splits: [AnnotationSplit], to folder: String, images: AnnotationConversion.Images,
    losses: inout ConversionLosses
  ) throws {
    let categories = splits.first?.set.categories ?? []
    let keypoints = try keypointCategory(categories)
    for split in splits {
      for image in split.set.images {
        let (width, height) = try AnnotationConversion.size(of: image)
        let rows = image.objects.compactMap { object in
          row(object, width: width, height: height, keypoints: keypoints.keypointNames.count, &losses)
        }
        let name = "\(split.name)/\(image.name)"
        try AnnotationConversion.write(
          rows.map { $0 + "\n" }.joined(),
          to: "\(folder)/labels/\(RelativeName.replacingExtension(name, ".txt"))")
        try AnnotationConversion.place(image, at: "\(folder)/images/\(name)", images, &losses)
      }
    }
    try AtomicFile.write(
      dataFile(splits.map(\.name), categories, keypoints), to: folder + "/data.yaml", durable: false)
  }

  /// The class whose keypoints all have.
  private static func keypointCategory(_ categories: [AnnotationCategory]) throws -> AnnotationCategory {
    let labelled = categories.filter { !$0.keypointNames.isEmpty }
    guard let first = labelled.first else {
      throw AnnotationError(
        "YOLO text", "no class has keypoints; the form is for poses: kpt_shape would be [0, 3]")
    }
    if let other = labelled.first(where: { $0.keypointNames != first.keypointNames }) {
      throw AnnotationError(
        "YOLO text",
        "all classes have the same keypoints in this form, but '\(first.name)' has \(first.keypointNames.count) and"
          + " '\(other.name)' \(other.keypointNames.count), or others; convert them apart")
    }
    return first
  }

  private static func row(
    _ object: AnnotationObject, width: Int, height: Int, keypoints: Int, _ losses: inout ConversionLosses
  ) -> String? {
    if object.isCrowd {
      losses.add("crowds left out, which the form cannot tell from single objects")
      return nil
    }
    guard let box = object.boxOrExtent else {
      losses.add("objects with neither box nor keypoints left out")
      return nil
    }
    if object.box == nil { losses.add("objects without a box, which got the extent of their keypoints") }
    if object.area != nil { losses.add("areas that are not those of the boxes left out") }
    let (sideX, sideY) = (Double(width), Double(height))
    var (left, top, right, bottom) = (
      box.left / sideX, box.top / sideY, box.right / sideX, box.bottom / sideY
    )
    // What rounding leaves is no loss.
    if left < -1e-9 || top < -1e-9 || right > 1 + 1e-9 || bottom > 1 + 1e-9 {
      losses.add("boxes cut at the picture's edge")
      (left, top, right, bottom) = (max(left, 0), max(top, 0), min(right, 1), min(bottom, 1))
    }
    guard right > left, bottom > top else {
      losses.add("objects with an empty box left out")
      return nil
    }
    var fields = [String(object.category)]
    fields += [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top].map(AnnotationNumber.share)
    let points =
      object.keypoints.isEmpty
      ? Array(repeating: AnnotationPoint.unlabelled, count: keypoints) : object.keypoints
    for point in points {
      var (x, y) = (point.x / sideX, point.y / sideY)
      if x < -1e-9 || y < -1e-9 || x > 1 + 1e-9 || y > 1 + 1e-9 {
        losses.add("keypoints outside of the picture moved to its edge")
        (x, y) = (min(max(x, 0), 1), min(max(y, 0), 1))
      }
      fields += [AnnotationNumber.share(x), AnnotationNumber.share(y), String(point.visibility.rawValue)]
    }
    return fields.joined(separator: " ")
  }

  private static func dataFile(
    _ splits: [String], _ categories: [AnnotationCategory], _ keypoints: AnnotationCategory
  ) -> String {
    func node(_ names: [String]) -> Node { Node(.sequence(names.map { Node(.string($0)) })) }
    var entries = splits.map { Node.Entry(key: $0, value: Node(.string("images/" + $0))) }
    entries.append(Node.Entry(key: "names", value: node(categories.map(\.name))))
    let shape = [keypoints.keypointNames.count, 3].map { Node(.int($0)) }
    entries.append(Node.Entry(key: "kpt_shape", value: Node(.sequence(shape))))
    entries.append(Node.Entry(key: "kpt_names", value: node(keypoints.keypointNames)))
    if !keypoints.limbs.isEmpty {
      let limbs = keypoints.limbs.map { Node(.sequence([Node(.int($0.first)), Node(.int($0.second))])) }
      entries.append(Node.Entry(key: "skeleton", value: Node(.sequence(limbs))))
    }
    return YAMLWriter().text(Node(.mapping(entries)))
  }
}
