public import Data
internal import FileSystem
internal import Foundation
internal import Imaging

/// Reads annotations in one form and writes them in another.
///
/// Everything is read and checked before anything is written; a conversion that fails leaves nothing behind.
public struct AnnotationConversion {
  /// Forms of annotations.
  public enum Format: String, Sendable, CaseIterable {
    case yolo, coco, labelme, cvat

    /// What the form cannot hold, in a sentence.
    public var limits: String {
      switch self {
      case .yolo: YOLOTextFile.limits
      case .coco: COCOAnnotationFile.limits
      case .labelme: LabelmeFile.limits
      case .cvat: CVATFile.limits
      }
    }

    /// Whether it is one file.
    var isFile: Bool { self == .coco || self == .cvat }
  }

  /// What is done with the pictures, in forms that have them in their folder.
  public enum Images: String, Sendable, CaseIterable {
    case link, copy, none
  }

  public struct Options: Sendable {
    /// The form to write; nil goes by the output's name: `.json` COCO, `.xml` CVAT.
    public var format: Format?
    /// The split of the data set that is read; nil reads all. For files, which know none, the one they become.
    public var split: DatasetSplit?
    public var images = Images.link
    /// Where pictures are looked for, besides beside the annotations.
    public var folders: [String] = []
    /// Names of keypoints in their order, for Labelme files that do not tell it.
    public var keypointNames: [String] = []
    /// Leaves out rows of YOLO text that cannot be right, and counts them, instead of refusing the data set.
    public var skipsBadRows = false

    public init() {}
  }

  public let input: Format
  public let output: Format
  public let splits: [AnnotationSplit]
  public private(set) var losses = ConversionLosses()
  private let path: String
  private let options: Options

  /// Reads the input.
  ///
  /// - Throws: `AnnotationError`, `DiagnosticList`, `COCOFileError`: what is wrong, with file and place.
  public init(_ input: String, to output: String, options: Options = Options()) throws {
    path = output
    self.options = options
    self.output = try Self.format(ofOutput: output, options)
    (self.input, splits) = try AnnotationReading(options: options).read(input, losses: &losses)
    if self.output.isFile, splits.count > 1 {
      let names = splits.map { "'\($0.name)'" }.joined(separator: ", ")
      throw AnnotationError(
        input, "has several splits (\(names)), and the output is one file; choose with --split")
    }
  }

  private static func format(ofOutput path: String, _ options: Options) throws -> Format {
    let named: Format? =
      switch (path as NSString).pathExtension.lowercased() {
      case "json": .coco
      case "xml": .cvat
      default: nil
      }
    if let format = options.format {
      if let named, named != format {
        throw AnnotationError(
          path, "the name is one of \(named.rawValue), but \(format.rawValue) is asked for")
      }
      return format
    }
    if let named { return named }
    throw AnnotationError(
      path, "cannot tell the form to write by this name; give it with --to: yolo, coco, labelme or cvat")
  }

  /// Writes the output, which must not be there; an empty folder may be.
  public mutating func write() throws {
    let files = FileManager.default
    if files.fileExists(atPath: path), (try? files.contentsOfDirectory(atPath: path))?.isEmpty != true {
      throw AnnotationError(path, "is there already; take another name")
    }
    if output.isFile {
      let set = splits.first?.set ?? AnnotationSet()
      try Self.makeFolder((path as NSString).deletingLastPathComponent)
      switch output {
      case .cvat: try CVATFile.write(set, to: path, losses: &losses)
      default: try COCOAnnotationFile.write(set, to: path, losses: &losses)
      }
      return
    }
    let parent = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    let temporary = "\(parent.isEmpty ? "." : parent)/.\(name).\(getpid()).partial"
    try Self.makeFolder(temporary)
    do {
      switch output {
      case .labelme: try LabelmeFile.write(splits, to: temporary, images: options.images, losses: &losses)
      default: try YOLOTextFile.write(splits, to: temporary, images: options.images, losses: &losses)
      }
      if rename(temporary, path) != 0 { throw FileError(.rename, path: path, code: errno) }
    } catch {
      try? files.removeItem(atPath: temporary)
      throw error
    }
  }

  // What the forms share

  static func makeFolder(_ path: String) throws {
    if path.isEmpty { return }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw AnnotationError(path, "cannot make this folder: \(error.localizedDescription)")
    }
  }

  /// Writes a file and the folders on the way.
  static func write(_ text: String, to path: String) throws {
    try makeFolder((path as NSString).deletingLastPathComponent)
    try AtomicFile.write(text, to: path, durable: false)
  }

  /// Puts a picture in its place.
  static func place(
    _ image: AnnotationImage, at path: String, _ images: Images, _ losses: inout ConversionLosses
  ) throws {
    if images == .none { return }
    guard let source = image.source else {
      losses.add("pictures that were not found")
      return
    }
    try makeFolder((path as NSString).deletingLastPathComponent)
    let whole = source.hasPrefix("/") ? source : FileManager.default.currentDirectoryPath + "/" + source
    do {
      if images == .link {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: whole)
      } else {
        try FileManager.default.copyItem(atPath: whole, toPath: path)
      }
    } catch {
      throw AnnotationError(path, "cannot put the picture '\(source)' here: \(error.localizedDescription)")
    }
  }

  /// The size that is stated, else that of the file.
  static func size(of image: AnnotationImage) throws -> (width: Int, height: Int) {
    if image.width > 0, image.height > 0 { return (image.width, image.height) }
    guard let source = image.source, let header = try? ImageHeader(contentsOf: source) else {
      throw AnnotationError(
        image.name,
        "the picture's size is not stated and the picture not found; name its folder with --images-in")
    }
    return (header.width, header.height)
  }
}
