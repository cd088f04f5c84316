internal import Config
internal import Data
internal import FileSystem
internal import Imaging
internal import PoseCore
internal import Synchronization
internal import Tensor

/// Reads all images and labels of one split.
struct SplitScan {
  let spec: DatasetSpec
  let split: DatasetSplit
  private let source: SplitSource
  private let labels: any LabelledSplit
  private let order: [Int]

  /// Longest side of the decoded picture, where that can be had for less work than the whole.
  private static let lookSide = 128

  init(
    _ spec: DatasetSpec, _ split: DatasetSplit, formats: ComponentTable<Void, any DatasetFormat>
  ) throws(DiagnosticList) {
    self.spec = spec
    self.split = split
    source = try spec.source(of: split)
    labels = try spec.open(source, options: IndexOptions(badLabels: .skip, store: .none), formats: formats)
    let images = labels.images
    order = images.indices.sorted { (images[$0].path, $0) < (images[$1].path, $1) }
  }

  var count: Int { order.count }

  /// - Parameter step: called after each image, from any thread.
  func run(step: @Sendable () -> Void) -> (ScannedSplit, FindingList) {
    // Findings are joined block by block: a million of them are counted, and few are kept.
    let block = min(max(order.count / 64, 4), 256)
    let blocks = (order.count + block - 1) / block
    let results = Mutex([([ScannedImage], FindingList)?](repeating: nil, count: blocks))
    let empty = scannedSplit([])
    ThreadTeam.forEach(blocks) { number in
      var (images, list): ([ScannedImage], FindingList) = ([], FindingList())
      for place in (number * block)..<min((number + 1) * block, order.count) {
        let (image, found) = scan(order[place], in: empty)
        images.append(image)
        list.append(found)
        step()
      }
      results.withLock { $0[number] = (images, list) }
    }
    var list = FindingList()
    var images: [ScannedImage] = []
    images.reserveCapacity(order.count)
    results.withLock { results in
      for number in results.indices {
        if let (found, other) = results[number] {
          images += found
          list.append(other)
        }
        results[number] = nil
      }
    }
    for fault in labels.sharedFaults.first { list.append(finding(fault, image: nil)) }
    var report = IndexReport()
    report.images = images.count
    report.objects = images.reduce(0) { $0 + $1.objects.count }
    for warning in labels.warnings(on: report, otherSizes: 0) {
      list.append(Finding(.specification, source.annotations?.path ?? spec.file, warning.message))
    }
    let scanned = scannedSplit(images)
    for path in orphans(images) {
      list.append(Finding(.labelsWithoutImage, path, "no image has this label file"))
    }
    return (scanned, list)
  }

  private func scannedSplit(_ images: [ScannedImage]) -> ScannedSplit {
    ScannedSplit(
      split: split, images: images, annotations: source.annotations?.path, skeleton: spec.skeleton)
  }

  private func scan(_ place: Int, in split: ScannedSplit) -> (ScannedImage, FindingList) {
    let path = labels.images[place].path
    var image = ScannedImage(path: path)
    image.labelFile = labels.labelFile(of: place)
    var list = FindingList()
    do {
      let bytes = try Self.bytes(of: path)
      let header = try ImageHeader(decoding: bytes)
      image.format = header.format
      image.orientation = header.orientation
      var hash = ContentHash()
      hash.add(bytes: bytes)
      image.bytesHash = hash.text
      if !header.matchesExtension(of: path) {
        list.append(
          Finding(
            .otherExtension, path, "the content is \(header.format == .png ? "PNG" : "JPEG")", image: path))
      }
      let scale = DecodeOptions.JPEGScale.smallest(
        keepingLongSide: Self.lookSide, ofWidth: header.storedWidth, height: header.storedHeight)
      do {
        image.likeness = Likeness(try Image(decoding: bytes, options: DecodeOptions(jpegScale: scale)))
        image.size = ImageSize(width: header.width, height: header.height)
      } catch {
        list.append(Finding(.truncatedImage, path, Self.reason(error)))
      }
      readLabels(place, header, &image, &list)
      if let size = image.size { list.append(GeometryInspection(split: split).findings(of: image, in: size)) }
    } catch {
      list.append(Finding(.unreadableImage, path, Self.reason(error)))
    }
    return (image, list)
  }

  private static func bytes(of path: String) throws(ImageError) -> [UInt8] {
    do throws(FileError) {
      return try RandomAccessFile.contents(of: path)
    } catch {
      throw ImageError(error.isMissing ? .missing : .file(error), path: path)
    }
  }

  private func readLabels(
    _ place: Int, _ header: ImageHeader, _ image: inout ScannedImage, _ list: inout FindingList
  ) {
    let size = ImageSize(width: header.width, height: header.height)
    let read = labels.labels(of: place, size: size)
    image.objects = read.objects
    image.badRows = read.faults.count
    image.duplicateRows = read.duplicateRows
    image.isMissingLabels = read.isMissing
    image.statedSize = read.statedSize
    for fault in read.faults.first {
      list.append(finding(fault, labels: image.labelFile, image: image.path))
    }
    // A reader shows the first ones of a file only; all are counted.
    list.count(.badRow, more: read.faults.count - read.faults.first.count)
    if read.duplicateRows > 0 {
      list.append(
        Finding(
          .repeatedRow, image.labelFile ?? image.path,
          read.duplicateRows == 1 ? "a row is repeated" : "\(read.duplicateRows) rows are repeated",
          image: image.path))
    }
    let stored = ImageSize(width: header.storedWidth, height: header.storedHeight)
    if header.orientation != .upright {
      let fits = read.statedSize == stored && stored != size ? "; the labels state the size as stored" : ""
      var finding = Finding(
        .turnedImage, image.path,
        "Exif orientation \(header.orientation.rawValue): stored as \(stored), upright \(size)\(fits)",
        image: image.path)
      finding.objects = read.objects.map(\.instance)
      list.append(finding)
    } else if let stated = read.statedSize, stated != size {
      list.append(
        Finding(
          .otherSize, image.path, "it has \(size) pixels, but its labels state \(stated)", image: image.path))
    }
  }

  private func finding(_ fault: Diagnostic, labels: String? = nil, image: String?) -> Finding {
    Finding(
      .badRow, fault.location?.file ?? source.annotations?.path ?? labels ?? image ?? spec.file,
      row: fault.location.map { .line($0.line) }, fault.message, image: image)
  }

  /// Label files beside those of the images that belong to none.
  private func orphans(_ images: [ScannedImage]) -> [String] {
    let known = Set(images.compactMap(\.labelFile))
    let folders = Set(known.map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast() })
    var found: [String] = []
    // Splits may share a folder of labels by list files: then nothing can be said.
    for folder in folders where source.images.allSatisfy({ !$0.path.hasSuffix(".txt") }) {
      let folder = folder.joined(separator: "/")
      for name in FolderListing.names(in: folder, limit: 1_000_000) where name.hasSuffix(".txt") {
        let path = "\(folder)/\(name)"
        if !known.contains(path) && name != "classes.txt" { found.append(path) }
      }
    }
    return found.sorted()
  }

  /// The reason without the path, which is told beside it.
  static func reason(_ error: any Error) -> String {
    guard var error = error as? ImageError else { return "\(error)" }
    error.path = nil
    return error.description.replacing("picture: ", with: "", maxReplacements: 1)
  }
}
