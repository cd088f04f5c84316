public import Foundation

/// What COCO Keypoints 2017 consists of, as its makers publish it.
///
/// Source: cocodataset.org, "Download". Sizes and digests are those of the published archives.
public struct COCOPose: Sendable {
  public enum Split: String, Sendable, CaseIterable {
    case train, val, test

    /// Folder of its pictures, in the archives and on disk.
    public var folder: String { "\(rawValue)2017" }

    /// Its file of annotations, or of pictures' names for the split whose annotations are kept by the server.
    public var annotations: String {
      self == .test ? "image_info_test-dev2017.json" : "person_keypoints_\(folder).json"
    }

    /// Its list of pictures.
    public var list: String { self == .test ? "test-dev2017.txt" : "\(folder).txt" }

    /// Pictures with labelled keypoints; those of test-dev.
    public var imageCount: Int {
      switch self {
      case .train: 56_599
      case .val: 2_346
      case .test: 20_288
      }
    }

    /// Bytes of its pictures, packed or not: they are JPEG files, which packing does not make smaller.
    var size: Int {
      switch self {
      case .train: 19_336_861_798
      case .val: 815_585_330
      case .test: 6_646_970_404
      }
    }

    var sha256: String {
      switch self {
      case .train: "69a8bb58ea5f8f99d24875f21416de2e9ded3178e903f1f7603e283b9e06d929"
      case .val: "4f7e2ccb2866ec5041993c9cf2a952bbed69647b115d0f74da7ce8f4bef82f05"
      case .test: "c7908c3c9f94ba2f3340ebbeec58c25db6be8774f18d68c2f15d0e369d95baba"
      }
    }
  }

  /// Where the archives and the single pictures are.
  public var server: URL
  /// Whether sizes and digests are known: those of the makers' own server.
  public let isOfficial: Bool

  /// - Parameter server: a mirror with the same paths; nil for the makers' own server.
  public init(server: URL? = nil) {
    isOfficial = server == nil
    self.server = server ?? URL(filePath: "/")
    if server == nil, let official = URL(string: "http://images.cocodataset.org") { self.server = official }
  }

  /// The archive with a split's annotations; `train` and `val` share one.
  func annotationArchive(of split: Split) -> RemoteFile {
    let isTest = split == .test
    return file(
      "annotations/\(isTest ? "image_info_test2017" : "annotations_trainval2017").zip",
      size: isTest ? nil : 252_907_541,
      sha256: isTest
        ? "e52f412dd7195ac8f98d782b44c6dd30ea10241e9f42521f67610fbe055a74f8"
        : "113a836d90195ee1f884e704da6304dfaaecff1f023f49b6ca93c4aaae470268")
  }

  func imageArchive(of split: Split) -> RemoteFile {
    file("zips/\(split.folder).zip", size: split.size, sha256: split.sha256)
  }

  /// A single picture.
  func image(_ name: String, of split: Split) -> RemoteFile {
    RemoteFile(server.appending(path: "\(split.folder)/\(name)"))
  }

  private func file(_ path: String, size: Int?, sha256: String) -> RemoteFile {
    let url = server.appending(path: path)
    return isOfficial ? RemoteFile(url, size: size, sha256: sha256) : RemoteFile(url)
  }
}
