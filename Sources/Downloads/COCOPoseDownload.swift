internal import Data
internal import Foundation
internal import Imaging

/// Fetches COCO-Pose and lays it out as `coco-pose.yaml` describes it: lists of pictures, pictures, label files.
///
/// Everything that is there already stays, so the same call goes on after an interruption.
public struct COCOPoseDownload: Sendable {
  public enum Images: String, Sendable, CaseIterable {
    /// The makers' archives with all pictures of a split.
    case all
    /// Only those with labelled keypoints, one by one; all of test-dev.
    case labelled
  }

  public struct Options: Sendable {
    public var splits: [COCOPose.Split] = [.train, .val]
    public var images = Images.all
    /// Whether to keep archives once they are unpacked.
    public var keepsArchives = false
    public var download = Downloader.Options()

    public init() {}
  }

  /// What is happening.
  public enum Event: Sendable {
    /// What the following progress is about.
    case step(String)
    case fetching(Downloader.Progress)
    case unpacking(done: Int, of: Int)
    /// For the user to know.
    case note(String)
  }

  /// What is there in the end.
  public struct Summary: Sendable {
    public var folder: String
    /// Pictures listed for each split.
    public var images: [(split: COCOPose.Split, count: Int)]
    /// Pictures that could not be fetched.
    public var failures: [DownloadError]
  }

  public var source: COCOPose
  public var options: Options
  private let isCancelled: @Sendable () -> Bool

  public init(
    source: COCOPose = COCOPose(), options: Options = Options(),
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.source = source
    self.options = options
    self.isCancelled = isCancelled
  }

  /// - Parameter folder: where the data set goes.
  /// - Throws: `DownloadError`, or what is wrong with an annotation file.
  public func run(to folder: String, tell: @escaping @Sendable (Event) -> Void) throws -> Summary {
    try requireSpace(folder)
    let downloader = Downloader(options: options.download, isCancelled: isCancelled)
    try fetchAnnotations(to: folder, downloader, tell)
    var summary = Summary(folder: folder, images: [], failures: [])
    var listings: [(COCOPose.Split, [PoseListing.Image])] = []
    for split in options.splits {
      tell(.step("reading \(split.annotations)"))
      let images = try PoseListing.images(of: split, in: "\(folder)/annotations/\(split.annotations)")
      if source.isOfficial, images.count != split.imageCount {
        tell(.note("\(split.annotations) lists \(images.count) pictures, not \(split.imageCount)"))
      }
      listings.append((split, images))
    }
    for (split, images) in listings {
      switch options.images {
      case .all: try fetchArchive(of: split, to: folder, downloader, tell)
      case .labelled: summary.failures += try fetch(images, of: split, to: folder, downloader, tell)
      }
      tell(.step("labels of \(split.rawValue)"))
      try PoseListing.write(images, of: split, to: folder, isCancelled: isCancelled)
      summary.images.append((split, images.count))
    }
    return summary
  }

  /// Before anything is fetched: is there room for what is not there yet?
  private func requireSpace(_ folder: String) throws(DownloadError) {
    guard source.isOfficial else { return }
    var (needed, largest) = (0, 0)
    for split in options.splits {
      if Downloader.size(of: "\(folder)/annotations/\(split.annotations)") == nil { needed += 800_000_000 }
      if FileManager.default.fileExists(atPath: "\(folder)/\(split.list)") { continue }
      switch options.images {
      case .all:
        needed += split.size
        largest = max(largest, split.size)
        if options.keepsArchives { needed += split.size }
      case .labelled: needed += split.imageCount * 165_000
      }
    }
    // Archives go once they are unpacked: the largest and its pictures are there together.
    try FreeSpace.require(needed + (options.keepsArchives ? 0 : largest), at: folder)
  }

  private func fetchAnnotations(
    to folder: String, _ downloader: Downloader, _ tell: @escaping @Sendable (Event) -> Void
  ) throws {
    let missing = options.splits.filter {
      Downloader.size(of: "\(folder)/annotations/\($0.annotations)") == nil
    }
    var archives: [RemoteFile] = []
    for split in missing where !archives.contains(source.annotationArchive(of: split)) {
      archives.append(source.annotationArchive(of: split))
    }
    let wanted = Set(options.splits.map { "annotations/\($0.annotations)" })
    for archive in archives {
      try fetchAndUnpack(archive, to: folder, from: folder, downloader, tell) { wanted.contains($0) }
    }
    for split in missing where Downloader.size(of: "\(folder)/annotations/\(split.annotations)") == nil {
      throw DownloadError(
        source.annotationArchive(of: split).url.absoluteString,
        .badArchive(entry: "annotations/\(split.annotations)", reason: "it is not in the archive"))
    }
  }

  private func fetchArchive(
    of split: COCOPose.Split, to folder: String, _ downloader: Downloader,
    _ tell: @escaping @Sendable (Event) -> Void
  ) throws {
    // The list is written when all pictures are there.
    if FileManager.default.fileExists(atPath: "\(folder)/\(split.list)") { return }
    try fetchAndUnpack(
      source.imageArchive(of: split), to: "\(folder)/images", from: folder, downloader, tell
    ) { $0.hasPrefix("\(split.folder)/") }
  }

  private func fetchAndUnpack(
    _ archive: RemoteFile, to target: String, from folder: String, _ downloader: Downloader,
    _ tell: @escaping @Sendable (Event) -> Void, where isWanted: (String) -> Bool
  ) throws {
    let path = "\(folder)/archives/\(archive.name)"
    tell(.step(archive.name))
    if let fault = try downloader.fetch([.init(archive, to: path)], progress: { tell(.fetching($0)) }).first {
      throw fault
    }
    tell(.step("unpacking \(archive.name)"))
    try ArchiveUnpacking(path, byteLimit: 40 << 30).unpack(
      to: target, where: isWanted, progress: { tell(.unpacking(done: $0, of: $1)) }, isCancelled: isCancelled)
    if !options.keepsArchives {
      unlink(path)
      rmdir("\(folder)/archives")
    }
  }

  private func fetch(
    _ images: [PoseListing.Image], of split: COCOPose.Split, to folder: String, _ downloader: Downloader,
    _ tell: @escaping @Sendable (Event) -> Void
  ) throws -> [DownloadError] {
    tell(.step("pictures of \(split.rawValue)"))
    let items = images.map { image in
      Downloader.Item(
        source.image(image.name, of: split), to: "\(folder)/images/\(split.folder)/\(image.name)"
      ) { path in
        // No digest is known of single pictures: decoding tells whether one is whole.
        let picture = try Image(contentsOf: path)
        guard picture.width == image.width && picture.height == image.height else {
          throw DownloadError(
            path,
            .wrongPicture(
              "\(picture.width)×\(picture.height) pixels, annotated \(image.width)×\(image.height)"))
        }
      }
    }
    return try downloader.fetch(items) { tell(.fetching($0)) }
  }
}
