internal import Foundation

/// Sigmas of keypoints, estimated from several annotators' labels of the same pictures.
///
/// COCO measured its sigmas on 5,000 pictures that had been labelled repeatedly, as σ² = E[d²/s²]: d is how far a
/// label is from where the keypoint is, s² the object's area (cocodataset.org, "Keypoint evaluation"; Ronchi and
/// Perona, arXiv:1707.05388). Where the keypoint is, is estimated here by the mean over the annotators of an object,
/// which the divisor m - 1 makes up for:
///
///     σ² = Σ_objects Σ_annotators |p - p̄|² / s²  /  Σ_objects (m - 1)
///
/// with m annotators who labelled the keypoint of this object (two or more, hidden or not), and s² the mean of their
/// areas. Objects of the first file are found in the others by the overlap of boxes, the largest first.
public struct SigmaEstimate: Sendable, Equatable {
  /// One keypoint's figures.
  public struct Keypoint: Sendable, Equatable {
    public var name: String
    /// Nil if no object has the keypoint twice, or all labels are the same to the last digit.
    public var sigma: Double?
    /// Objects that have it twice or more, and labels of it in them.
    public var objects: Int
    public var labels: Int
  }

  public var keypoints: [Keypoint]
  /// Pictures that two files or more have.
  public var images: Int
  /// Objects of the first file, and how many of them another file has, too.
  public var objects: Int
  public var matchedObjects: Int

  /// Boxes with less in common are not the same object.
  public static let leastOverlap = 0.5

  /// Fewer objects than these make a poor estimate.
  public static let fewObjects = 30

  /// - Parameter annotators: two or more files with the same keypoints.
  /// - Throws: `COCOFileError` if keypoints differ or nothing is common.
  public init(_ annotators: [COCOAnnotations]) throws(COCOFileError) {
    precondition(annotators.count > 1, "SigmaEstimate: \(annotators.count) files")
    let first = annotators[0]
    let count = first.keypointCount
    if count == 0 { throw COCOFileError(path: first.path, message: "it has no keypoints") }
    for other in annotators.dropFirst() where other.keypointCount != count {
      throw COCOFileError(
        path: other.path,
        message: "its objects have \(other.keypointCount) keypoints, those of \(first.path) \(count)")
    }
    let names = annotators.flatMap(\.categories).first { $0.keypointNames.count == count }?.keypointNames
    let known = annotators.map(LabelledImages.init)
    let common = known[0].objects.keys.filter { image in
      known.dropFirst().contains { $0.objects[image] != nil }
    }
    if common.isEmpty {
      throw COCOFileError(
        path: annotators[1].path,
        message: "it has no picture in common with \(first.path), by file name or id")
    }
    images = common.count
    objects = 0
    matchedObjects = 0
    var sums = [Double](repeating: 0, count: count)
    var freedom = [Int](repeating: 0, count: count)
    var rows = (0..<count).map {
      Keypoint(name: names?[$0] ?? "point_\($0)", sigma: nil, objects: 0, labels: 0)
    }
    for image in common.sorted() {
      for group in Self.groups(image, annotators, known) {
        objects += 1
        if group.count < 2 { continue }
        matchedObjects += 1
        for keypoint in 0..<count {
          let labels = group.compactMap { Self.label(keypoint, of: $0.annotation, in: annotators[$0.file]) }
          guard labels.count > 1 else { continue }
          let mean = labels.reduce(SIMD3.zero) { $0 + $1 } / Double(labels.count)
          guard mean.z > 0 else { continue }
          let squares = labels.reduce(0) { sum, label in
            let step = label - mean
            return sum + step.x * step.x + step.y * step.y
          }
          sums[keypoint] += squares / mean.z
          freedom[keypoint] += labels.count - 1
          rows[keypoint].objects += 1
          rows[keypoint].labels += labels.count
        }
      }
    }
    for keypoint in 0..<count where freedom[keypoint] > 0 && sums[keypoint] > 0 {
      rows[keypoint].sigma = (sums[keypoint] / Double(freedom[keypoint])).squareRoot()
    }
    keypoints = rows
  }

  /// Position of a labelled keypoint and the area of its object.
  private static func label(
    _ keypoint: Int, of annotation: Int, in file: COCOAnnotations
  ) -> SIMD3<Double>? {
    let numbers = file.keypoints(of: annotation)
    let start = numbers.startIndex + 3 * keypoint
    guard start + 2 < numbers.endIndex, numbers[start + 2] > 0 else { return nil }
    return SIMD3(numbers[start], numbers[start + 1], file.areas[annotation])
  }

  private typealias Member = (file: Int, annotation: Int)

  /// The first file's objects of a picture, each with those of the other files that are the same.
  private static func groups(
    _ image: String, _ files: [COCOAnnotations], _ known: [LabelledImages]
  ) -> [[Member]] {
    let own = known[0].objects[image] ?? []
    var groups: [[Member]] = own.map { [(0, $0)] }
    for file in files.indices.dropFirst() {
      var pairs: [(overlap: Double, own: Int, other: Int)] = []
      for (place, annotation) in own.enumerated() {
        for other in known[file].objects[image] ?? [] {
          let overlap = overlap(files[0], annotation, files[file], other)
          if overlap >= leastOverlap { pairs.append((overlap, place, other)) }
        }
      }
      pairs.sort { ($1.overlap, $0.own, $0.other) < ($0.overlap, $1.own, $1.other) }
      var takenOwn: Set<Int> = []
      var takenOther: Set<Int> = []
      for pair in pairs where !takenOwn.contains(pair.own) && !takenOther.contains(pair.other) {
        takenOwn.insert(pair.own)
        takenOther.insert(pair.other)
        groups[pair.own].append((file, pair.other))
      }
    }
    return groups
  }

  /// Common area of two boxes over their joint one.
  private static func overlap(_ a: COCOAnnotations, _ i: Int, _ b: COCOAnnotations, _ j: Int) -> Double {
    let (p, q) = (a.boxes[(4 * i)..<(4 * i + 4)].map { $0 }, b.boxes[(4 * j)..<(4 * j + 4)].map { $0 })
    let width = min(p[0] + p[2], q[0] + q[2]) - max(p[0], q[0])
    let height = min(p[1] + p[3], q[1] + q[3]) - max(p[1], q[1])
    guard width > 0, height > 0 else { return 0 }
    return width * height / (p[2] * p[3] + q[2] * q[3] - width * height)
  }
}

/// Single objects with keypoints, by picture: its file name, or its id where a file tells no names.
private struct LabelledImages {
  var objects: [String: [Int]] = [:]

  init(_ file: COCOAnnotations) {
    var names: [Int: String] = [:]
    for image in file.images {
      let name = (image.fileName as NSString).lastPathComponent
      names[image.id] = name.isEmpty ? "#\(image.id)" : name
    }
    for annotation in 0..<file.count
    where !file.isCrowd[annotation] && !file.keypoints(of: annotation).isEmpty {
      guard let name = names[file.imageIDs[annotation]] else { continue }
      objects[name, default: []].append(annotation)
    }
  }
}
