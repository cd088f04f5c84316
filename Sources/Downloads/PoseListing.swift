internal import Data
internal import FileSystem
internal import Foundation

/// Which pictures of COCO have labelled keypoints, and their label files.
enum PoseListing {
  struct Image: Sendable {
    var name: String
    var width: Int
    var height: Int
    /// Lines of its label file: class, box and keypoints as shares of the picture's sides.
    var labels: String
  }

  /// The pictures of a split, in the order of their file.
  ///
  /// Those count that have an object with labelled keypoints and is no crowd. Their label files hold all such
  /// objects; persons without keypoints are left out, as the YOLO tools' own files do.
  static func images(of split: COCOPose.Split, in path: String) throws -> [Image] {
    if split == .test { return try unlabelledImages(path) }
    let annotations = try COCOAnnotations.read(path)
    var objects: [Int: [Int]] = [:]
    for index in annotations.ids.indices where !annotations.isCrowd[index] {
      let keypoints = annotations.keypoints(of: index)
      let isLabelled = stride(from: keypoints.startIndex + 2, to: keypoints.endIndex, by: 3)
        .contains { keypoints[$0] > 0 }
      if isLabelled { objects[annotations.imageIDs[index], default: []].append(index) }
    }
    return try annotations.images.compactMap { image in
      guard let own = objects[image.id] else { return nil }
      guard isSafe(image.fileName), image.width > 0, image.height > 0 else {
        throw COCOFileError(
          path: path, message: "the picture with id \(image.id) has no usable file name, width and height")
      }
      let lines = own.compactMap { line(of: $0, annotations, image) }
      return Image(
        name: image.fileName, width: image.width, height: image.height,
        labels: lines.map { $0 + "\n" }.joined())
    }
  }

  private struct ImageInfo: Decodable {
    struct Entry: Decodable {
      var name: String
      var width: Int
      var height: Int

      enum CodingKeys: String, CodingKey {
        case name = "file_name"
        case width, height
      }
    }

    var images: [Entry]
  }

  private static func unlabelledImages(_ path: String) throws -> [Image] {
    let bytes = Foundation.Data(try RandomAccessFile.contents(of: path))
    let info: ImageInfo
    do {
      info = try JSONDecoder().decode(ImageInfo.self, from: bytes)
    } catch {
      throw COCOFileError(path: path, message: "no list 'images' of entries with file_name, width and height")
    }
    let images = info.images
    guard images.allSatisfy({ isSafe($0.name) }) else {
      throw COCOFileError(path: path, message: "a picture has no usable file name")
    }
    return images.map { Image(name: $0.name, width: $0.width, height: $0.height, labels: "") }
  }

  /// A plain name of a file.
  private static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\" }
  }

  private static func line(of index: Int, _ annotations: COCOAnnotations, _ image: COCOImage) -> String? {
    let box = annotations.boxes[(4 * index)..<(4 * index + 4)].map { $0 }
    guard box[2] > 0, box[3] > 0 else { return nil }
    let (width, height) = (Double(image.width), Double(image.height))
    var numbers = [
      (box[0] + box[2] / 2) / width, (box[1] + box[3] / 2) / height, box[2] / width, box[3] / height,
    ].map(number)
    let keypoints = Array(annotations.keypoints(of: index))
    for at in stride(from: 0, to: keypoints.count - 2, by: 3) {
      numbers += [
        number(keypoints[at] / width), number(keypoints[at + 1] / height), number(keypoints[at + 2]),
      ]
    }
    return "0 " + numbers.joined(separator: " ")
  }

  /// Six digits after the point, no zeros at the end.
  private static func number(_ value: Double) -> String {
    let text = String(format: "%.6f", value)
    let kept = text.reversed().drop { $0 == "0" }
    return String((kept.first == "." ? kept.dropFirst() : kept).reversed())
  }

  /// Writes label files and, when they are there, the list.
  static func write(
    _ images: [Image], of split: COCOPose.Split, to folder: String, isCancelled: () -> Bool
  ) throws {
    if split != .test {
      let labels = "\(folder)/labels/\(split.folder)"
      try FileManager.default.createDirectory(atPath: labels, withIntermediateDirectories: true)
      for image in images {
        if isCancelled() { throw DownloadError(folder, .cancelled) }
        let stem = (image.name as NSString).deletingPathExtension
        let path = "\(labels)/\(stem).txt"
        if Downloader.size(of: path) == image.labels.utf8.count { continue }
        try AtomicFile.write(image.labels, to: path, durable: false)
      }
    }
    let lines = images.map { "./images/\(split.folder)/\($0.name)\n" }
    try AtomicFile.write(lines.joined(), to: "\(folder)/\(split.list)")
  }
}
