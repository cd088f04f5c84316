internal import PoseCore
internal import Tensor

/// How often each image of an index comes in an epoch, on average; 1 is once.
public struct SampleWeights: Sendable, Equatable {
  /// One for each image; 0 or more.
  public private(set) var values: [Double]

  /// Every image once.
  public init(_ index: DatasetIndex) { values = Array(repeating: 1, count: index.count) }

  init(values: [Double]) { self.values = values }

  /// Samples of an epoch.
  public var total: Int {
    let sum = values.reduce(0, +)
    return sum.isFinite ? max(1, Int(min(sum.rounded(), 1e9))) : 1
  }

  /// Whether each image comes exactly once.
  public var isUniform: Bool { values.allSatisfy { $0 == 1 } }

  /// Multiplies the weights of some images.
  public mutating func multiply(_ images: Range<Int>, by factor: Double) {
    for image in images where values.indices.contains(image) { values[image] *= factor }
  }

  /// Repeats images with objects of rare classes.
  ///
  /// An image counts max(1, √(threshold / f)) times, where f is the share of images that have a class, and its rarest
  /// class decides.
  ///
  /// Source: Gupta, Dollár and Girshick, LVIS: A Dataset for Large Vocabulary Instance Segmentation,
  /// arXiv:1908.03195, appendix B.
  ///
  /// - Parameter threshold: classes in a smaller share of the images than this are rare; 0 repeats nothing.
  public mutating func repeatRareClasses(of index: DatasetIndex, threshold: Double) {
    let classes = (0..<index.count).map { image in Set(index.trainingInstances(of: image).map(\.classIndex)) }
    var images = Array(repeating: 0, count: index.classNames.count)
    for present in classes { for one in present where images.indices.contains(one) { images[one] += 1 } }
    let factors = images.map { count in
      count == 0 ? 1 : max(1, (threshold * Double(index.count) / Double(count)).squareRoot())
    }
    for (image, present) in classes.enumerated() {
      values[image] *= present.map { factors.indices.contains($0) ? factors[$0] : 1 }.max() ?? 1
    }
  }

  /// Repeats images in which objects stand close: 1 + strength × crowd index times.
  ///
  /// The crowd index is the mean, over the image's objects, of keypoints of others in its box for each of its own, at
  /// most 1.
  ///
  /// Source: Li et al., CrowdPose: Efficient Crowded Scenes Pose Estimation and A New Benchmark, arXiv:1812.00324.
  public mutating func repeatCrowded(of index: DatasetIndex, strength: Double) {
    for image in 0..<index.count {
      values[image] *= 1 + strength * Self.crowdIndex(index.trainingInstances(of: image))
    }
  }

  static func crowdIndex(_ instances: [Instance]) -> Double {
    if instances.count < 2 { return 0 }
    var sum = 0.0
    for (number, instance) in instances.enumerated() {
      let box = instance.box
      let own = instance.keypoints.count { $0.visibility != .unlabelled }
      if own == 0 { continue }
      var others = 0
      for (other, neighbour) in instances.enumerated() where other != number {
        others += neighbour.keypoints.count { point in
          point.visibility != .unlabelled && point.x >= box.x1 && point.x <= box.x2 && point.y >= box.y1
            && point.y <= box.y2
        }
      }
      sum += min(1, Double(others) / Double(own))
    }
    return sum / Double(instances.count)
  }

  /// The images of one epoch in random order.
  ///
  /// Each comes as often as its weight says, rounded up or down at random so that the epoch has `total` samples
  /// (systematic sampling over a random order of the images).
  func order(_ random: inout RandomStream) -> [Int32] {
    if isUniform { return random.permutation(values.count).map { Int32($0) } }
    let total = total
    let sum = values.reduce(0, +)
    guard sum > 0 else { return random.permutation(values.count).map { Int32($0) } }
    let scale = Double(total) / sum
    let offset = random.uniform()
    var chosen: [Int32] = []
    chosen.reserveCapacity(total)
    var reached = 0.0
    for image in random.permutation(values.count) {
      reached += values[image] * scale
      let until = min(total, Int((reached + offset).rounded(.down)))
      while chosen.count < until { chosen.append(Int32(image)) }
    }
    // What rounding of the sum leaves.
    while chosen.count < total { chosen.append(chosen.last ?? 0) }
    return random.permutation(total).map { chosen[$0] }
  }
}
