public import Imaging
public import PoseCore

/// The images and labels of one split, ready for loaders: paths, sizes and labelled objects in compact form.
///
/// Of the image files only the headers have been read. Values, safe to share between threads.
public struct DatasetIndex: Sendable {
  public let split: DatasetSplit
  public let skeleton: Skeleton
  /// In the order of the class indices.
  public let classNames: [String]
  /// The image files, sorted.
  public let paths: [String]
  public let report: IndexReport
  /// 32 hexadecimal digits that change when an image is added or removed, or changes its name (below the data set's
  /// folder) or size, or when any label changes. The place of the data set does not matter.
  public let fingerprint: String
  let sizes: [PackedSize]
  let labels: LabelTable
  /// COCO's ids; empty if the labels have none.
  let imageIDs: [Int]
  /// The labels' own numbers of the classes; empty if they have none.
  let categoryIDs: [Int]
  /// Looks whether the files of an index that was kept are as they were; nil once that is known.
  let check: IndexCheck?

  init(
    split: DatasetSplit, skeleton: Skeleton, classNames: [String], root: String, contents: IndexContents,
    categoryIDs: [Int] = []
  ) {
    self.categoryIDs = categoryIDs
    self.split = split
    self.skeleton = skeleton
    self.classNames = classNames
    paths = contents.paths
    sizes = contents.sizes
    labels = contents.labels
    imageIDs = contents.imageIDs ?? DatasetIndex.numbers(in: contents.paths)
    report = contents.report
    fingerprint = contents.fingerprint(root: root)
    check = nil
  }

  /// An index that was kept.
  init(
    split: DatasetSplit, skeleton: Skeleton, classNames: [String], snapshot: IndexSnapshot, root: RootFolder,
    check: IndexCheck?
  ) {
    self.split = split
    self.skeleton = skeleton
    self.classNames = classNames
    let paths = (0..<snapshot.count).map { snapshot.images.path(of: $0, root: root) }
    self.paths = paths
    sizes = snapshot.sizes
    labels = snapshot.labels
    imageIDs = snapshot.imageIDs
    categoryIDs = snapshot.categoryIDs
    report = snapshot.report(paths: paths)
    fingerprint = snapshot.fingerprint
    self.check = check
  }

  /// Images whose files or labels turned out to have changed since they were indexed, as far as that is known by now;
  /// loaders leave them out.
  public var changedImages: [String] { check?.changes.map { paths[$0] } ?? [] }

  public var count: Int { paths.count }

  /// Of the upright image, in pixels.
  public func size(of image: Int) -> ImageSize { sizes[image].size }

  /// An id for results files: that of the COCO file; else the number that the file is named with, where all files
  /// of the split have one of their own; else the place in the index, from 1.
  public func imageID(of image: Int) -> Int { imageIDs.isEmpty ? image + 1 : imageIDs[image] }

  /// Whether images have ids of their own: from a COCO file, or as numbers in their files' names.
  public var hasImageIDs: Bool { !imageIDs.isEmpty }

  /// A class's number for results files: that of the labels where they have some, else the class's place from 1, as
  /// COCO counts.
  public func categoryID(of classIndex: Int) -> Int {
    categoryIDs.indices.contains(classIndex) ? categoryIDs[classIndex] : classIndex + 1
  }

  /// The objects that training takes, in pixels of the upright image: no crowds, none without labelled keypoints
  /// in COCO files, no empty boxes.
  public func trainingInstances(of image: Int) -> [Instance] {
    labels.objects(of: image).compactMap { labels.flags[$0].isTrainable ? labels.instance($0) : nil }
  }

  /// All labelled objects, in pixels of the upright image, with the flags that evaluation goes by.
  public func groundTruths(of image: Int) -> [GroundTruth] {
    labels.objects(of: image).map(labels.groundTruth)
  }

  /// The files' names as numbers; empty unless all have one of their own.
  package static func numbers(in paths: [String]) -> [Int] {
    var seen: Set<Int> = []
    var numbers: [Int] = []
    for path in paths {
      let name = path.split(separator: "/").last ?? ""
      guard let number = Int(name.prefix { $0 != "." }), number >= 0, seen.insert(number).inserted else {
        return []
      }
      numbers.append(number)
    }
    return numbers
  }
}

/// An image's size in eight bytes.
struct PackedSize: Sendable, BitwiseCopyable {
  let width: Int32
  let height: Int32

  init(_ size: ImageSize) {
    width = Int32(clamping: size.width)
    height = Int32(clamping: size.height)
  }

  var size: ImageSize { ImageSize(width: Int(width), height: Int(height)) }
}
