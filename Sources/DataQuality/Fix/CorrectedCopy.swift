internal import Config
internal import Data
internal import FileSystem
internal import Foundation
internal import Imaging
internal import PoseCore

/// Writes a copy of a data set in which everything is corrected that needs no person to decide.
///
/// The input is only read. The copy has its labels in YOLO's text form, one file beside each image:
///
///     OUT/data.yaml
///     OUT/images/<split>/….jpg
///     OUT/labels/<split>/….txt
public struct CorrectedCopy {
  private let report: CheckReport
  private let folder: String

  /// What was written.
  public struct Summary: Sendable, Equatable {
    /// The new dataset YAML.
    public var file: String
    public var images = 0
    public var objects = 0
    /// Images and rows that were left out.
    public var imagesLeftOut = 0
    public var rowsLeftOut = 0
    /// Objects of which a box or keypoint was changed.
    public var objectsChanged = 0
  }

  /// - Throws: `CorrectedCopyError` where `folder` is in the data set, holds it, or is not empty.
  public init(_ report: CheckReport, to folder: String) throws {
    self.report = report
    self.folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let target = Self.real(folder)
    let inputs = [report.spec.root, (report.spec.file as NSString).deletingLastPathComponent]
    for input in inputs {
      let source = Self.real(input.isEmpty ? "." : input)
      if target == source || source.hasPrefix(target + "/") {
        throw CorrectedCopyError.holdsInput(folder)
      }
    }
    let paths = report.splits.flatMap { split in
      [split.annotations].compactMap { $0 } + split.images.map(\.path)
    }
    let folders = Set(paths.map { Self.real(($0 as NSString).deletingLastPathComponent) })
    if folders.contains(where: { target == $0 || target.hasPrefix($0 + "/") }) {
      throw CorrectedCopyError.insideInput(folder)
    }
    if !FolderListing.names(in: folder, limit: 1).isEmpty { throw CorrectedCopyError.notEmpty(folder) }
  }

  /// Absolute, without links, also where the last parts do not exist yet.
  private static func real(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(filePath: whole).standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// - Parameter progress: images written so far and in all.
  public func write(progress: (Int, Int) -> Void = { _, _ in }) throws -> Summary {
    var summary = Summary(file: folder + "/data.yaml")
    let total = report.splits.reduce(0) { $0 + $1.images.count }
    var done = 0
    // Evaluation keeps its images; training gives up those it shares.
    var seen: Set<String> = []
    let order = report.splits.sorted { ($0.split == .train ? 1 : 0) < ($1.split == .train ? 1 : 0) }
    for split in order {
      var names: Set<String> = []
      for (kind, subfolder) in [("images", split.split.rawValue), ("labels", split.split.rawValue)] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(kind)/\(subfolder)", withIntermediateDirectories: true)
      }
      for image in split.images {
        done += 1
        if done % 64 == 0 || done == total { progress(done, total) }
        guard let size = image.size, let format = image.format,
          image.bytesHash.map({ seen.insert($0).inserted }) ?? true
        else {
          summary.imagesLeftOut += 1
          continue
        }
        let name = unusedName(for: image.path, among: &names)
        try writeImage(image, format, name, split)
        try writeLabels(image, size, name, split, &summary)
        summary.images += 1
      }
    }
    try AtomicFile.write(CopyYAML(report.spec, splits: report.splits.map(\.split)).text, to: summary.file)
    return summary
  }

  /// The file's name without its extension; images of several folders may have the same.
  private func unusedName(for path: String, among names: inout Set<String>) -> String {
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    var name = stem
    var number = 2
    while !names.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    return name
  }

  private func writeImage(
    _ image: ScannedImage, _ format: ImageFormat, _ name: String, _ split: ScannedSplit
  ) throws {
    let path = "\(folder)/images/\(split.split.rawValue)/\(name).\(format == .png ? "png" : "jpg")"
    if image.orientation == .upright {
      try AtomicFile.write(try RandomAccessFile.contents(of: image.path), to: path, durable: false)
    } else {
      // Decoding turns the pixels; what is written has no orientation any more.
      try Image(contentsOf: image.path).write(to: path, quality: 97, subsampling: .none, durable: false)
    }
  }

  private func writeLabels(
    _ image: ScannedImage, _ size: ImageSize, _ name: String, _ split: ScannedSplit, _ summary: inout Summary
  ) throws {
    summary.rowsLeftOut += image.badRows + image.duplicateRows
    var lines = ""
    for object in image.objects {
      if object.flags.contains(.crowd) || object.flags.contains(.empty) {
        summary.rowsLeftOut += 1
        continue
      }
      guard let corrected = corrected(object.instance, in: size) else {
        summary.rowsLeftOut += 1
        continue
      }
      if corrected != object.instance { summary.objectsChanged += 1 }
      lines += LabelRow(corrected, size: size, dimensions: report.spec.skeleton.dimensions).text + "\n"
      summary.objects += 1
    }
    // An image without a label file stays one, so that the copy can be told to be unlabelled as well.
    if image.isMissingLabels && lines.isEmpty { return }
    try AtomicFile.write(lines, to: "\(folder)/labels/\(split.split.rawValue)/\(name).txt", durable: false)
  }

  /// The object as it should be; nil for a box of less than a pixel.
  private func corrected(_ instance: Instance, in size: ImageSize) -> Instance? {
    var instance = instance
    let corner = size.clip(SIMD4(instance.box.x1, instance.box.y1, instance.box.x2, instance.box.y2))
    let box = Box(x1: corner.x, y1: corner.y, x2: corner.z, y2: corner.w)
    if box.width < 1 || box.height < 1 { return nil }
    instance.box = box
    let flagsVisible = report.findings.counts[.neverVisible, default: 0] > 0
    for index in instance.keypoints.indices {
      var point = instance.keypoints[index]
      let isOutside =
        point.x < -1 || point.y < -1 || point.x > Float(size.width) + 1 || point.y > Float(size.height) + 1
      if isOutside || (point.x == 0 && point.y == 0) { point.visibility = .unlabelled }
      if point.visibility == .unlabelled {
        (point.x, point.y) = (0, 0)
      } else if flagsVisible {
        point.visibility = .visible
      }
      instance.keypoints[index] = point
    }
    return instance
  }
}

/// Why no copy can be written there.
public enum CorrectedCopyError: Error, Sendable, Equatable, CustomStringConvertible {
  case holdsInput(String)
  case insideInput(String)
  case notEmpty(String)

  public var description: String {
    switch self {
    case .holdsInput(let folder): "'\(folder)' holds the data set itself; name a folder elsewhere"
    case .insideInput(let folder): "'\(folder)' lies among the data set's images; name a folder elsewhere"
    case .notEmpty(let folder): "'\(folder)' is not empty; name a new folder"
    }
  }
}
