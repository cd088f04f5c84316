/// Labelled images in a form that holds what every supported annotation format can say, in double precision.
///
/// Inputs and outputs: `AnnotationConversion` reads one format into sets, a set for each split of a data set, and
/// writes another. Reading order: this file, `AnnotationConversion`, then a folder for each format.
public struct AnnotationSet: Sendable, Equatable {
  public var categories: [AnnotationCategory]
  public var images: [AnnotationImage]

  public init(categories: [AnnotationCategory] = [], images: [AnnotationImage] = []) {
    self.categories = categories
    self.images = images
  }

  public var objectCount: Int { images.reduce(0) { $0 + $1.objects.count } }
}

/// A class of objects, with the keypoints that objects of it have.
public struct AnnotationCategory: Sendable, Equatable {
  public var name: String
  /// Empty for classes that are labelled by boxes alone.
  public var keypointNames: [String]
  /// Pairs of keypoint indices, from 0.
  public var limbs: [Limb]
  /// COCO's number.
  public var id: Int?

  public struct Limb: Sendable, Hashable {
    public var first: Int
    public var second: Int

    public init(_ first: Int, _ second: Int) {
      self.first = first
      self.second = second
    }
  }

  public init(name: String, keypointNames: [String] = [], limbs: [Limb] = [], id: Int? = nil) {
    self.name = name
    self.keypointNames = keypointNames
    self.limbs = limbs
    self.id = id
  }
}

public struct AnnotationImage: Sendable, Equatable {
  /// A relative path without `..`, unique in its set; slashes separate folders.
  public var name: String
  /// Of the upright image in pixels; 0 where nothing tells it.
  public var width: Int
  public var height: Int
  /// COCO's number.
  public var id: Int?
  /// Where the file is, if it is known.
  public var source: String?
  public var objects: [AnnotationObject]

  public init(
    name: String, width: Int, height: Int, id: Int? = nil, source: String? = nil,
    objects: [AnnotationObject] = []
  ) {
    self.name = name
    self.width = width
    self.height = height
    self.id = id
    self.source = source
    self.objects = objects
  }
}

public struct AnnotationObject: Sendable, Equatable {
  /// Index into the set's categories.
  public var category: Int
  /// Nil where only keypoints are labelled.
  public var box: AnnotationBox?
  /// As many as the category has, or none.
  public var keypoints: [AnnotationPoint]
  /// Square pixels, where it is another than the box's.
  public var area: Double?
  /// A group under one box.
  public var isCrowd: Bool
  /// COCO's number.
  public var id: Int?

  public init(
    category: Int, box: AnnotationBox?, keypoints: [AnnotationPoint] = [], area: Double? = nil,
    isCrowd: Bool = false, id: Int? = nil
  ) {
    self.category = category
    self.box = box
    self.keypoints = keypoints
    self.area = area
    self.isCrowd = isCrowd
    self.id = id
  }

  /// The box, or the smallest around the labelled keypoints; nil where there are neither.
  var boxOrExtent: AnnotationBox? {
    if let box { return box }
    let labelled = keypoints.filter { $0.visibility != .unlabelled }
    guard let first = labelled.first else { return nil }
    var (left, top, right, bottom) = (first.x, first.y, first.x, first.y)
    for point in labelled {
      (left, top) = (min(left, point.x), min(top, point.y))
      (right, bottom) = (max(right, point.x), max(bottom, point.y))
    }
    return AnnotationBox(left: left, top: top, width: right - left, height: bottom - top)
  }
}

/// In pixels of the upright image.
public struct AnnotationBox: Sendable, Equatable {
  public var left: Double
  public var top: Double
  public var width: Double
  public var height: Double

  public init(left: Double, top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  var right: Double { left + width }
  var bottom: Double { top + height }
  var area: Double { width * height }

  func contains(_ point: AnnotationPoint) -> Bool {
    (left...max(left, right)).contains(point.x) && (top...max(top, bottom)).contains(point.y)
  }
}
