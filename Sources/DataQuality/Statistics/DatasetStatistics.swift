public import Data
public import Imaging
internal import PoseCore

/// What a split holds, counted: images and their sizes, objects, boxes, keypoints.
public struct DatasetStatistics: Sendable {
  public let split: DatasetSplit
  public let images: Int
  public let backgrounds: Int
  public let objects: Int
  public let crowds: Int
  /// Objects that training takes.
  public let trainable: Int
  /// Least, middle and greatest, in pixels.
  public let widths: Spread
  public let heights: Spread
  /// Of the images with objects.
  public let objectsPerImage: Spread
  /// Square root of the box's area, in pixels.
  public let boxSides: Spread
  /// By size as COCO divides it: boxes of fewer than 32² square pixels, fewer than 96², and larger ones.
  public let small: Int
  public let medium: Int
  public let large: Int
  public let classes: [LabelStatistics.ClassCount]
  public let keypoints: [LabelStatistics.KeypointCount]
  /// Labelled keypoints an object, for each number of them.
  public let labelledKeypoints: [Int]
  let boxes: [LabelStatistics.RelativeBox]
  /// Where each keypoint lies in its box, as shares of the box's sides.
  let places: [[Canvas.Point]]
  let title: String

  /// The least, the middle and the greatest of some numbers.
  public struct Spread: Sendable, Equatable {
    public var least = 0.0
    public var middle = 0.0
    public var greatest = 0.0

    init(_ values: [Double]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return }
      (least, greatest) = (first, last)
      middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
  }

  /// - Parameter mostPlaces: most objects of which the keypoints' places are kept for the heat maps.
  public init(_ index: DatasetIndex, mostPlaces: Int = 200_000) {
    split = index.split
    images = index.count
    title = index.split.rawValue
    var classes = index.classNames.map { LabelStatistics.ClassCount($0) }
    var keypoints = (0..<index.skeleton.keypointCount).map { keypoint in
      LabelStatistics.KeypointCount(
        index.skeleton.names.indices.contains(keypoint) ? index.skeleton.names[keypoint] : "\(keypoint)")
    }
    var places: [[Canvas.Point]] = Array(repeating: [], count: index.skeleton.keypointCount)
    var labelled = Array(repeating: 0, count: index.skeleton.keypointCount + 1)
    var boxes: [LabelStatistics.RelativeBox] = []
    var (widths, heights, perImage, sides): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    var (crowds, trainable, small, medium, large) = (0, 0, 0, 0, 0)
    for image in 0..<index.count {
      let size = index.size(of: image)
      widths.append(Double(size.width))
      heights.append(Double(size.height))
      let truths = index.groundTruths(of: image)
      crowds += truths.count { $0.isCrowd }
      let instances = index.trainingInstances(of: image)
      trainable += instances.count
      if !truths.isEmpty { perImage.append(Double(truths.count)) }
      for instance in instances {
        if classes.indices.contains(instance.classIndex) { classes[instance.classIndex].instances += 1 }
        let box = instance.box
        let area = Double(box.width) * Double(box.height)
        sides.append(area.squareRoot())
        if area < 32 * 32 { small += 1 } else if area < 96 * 96 { medium += 1 } else { large += 1 }
        boxes.append(
          LabelStatistics.RelativeBox(
            centerX: Double(box.x1 + box.x2) / 2 / Double(size.width),
            centerY: Double(box.y1 + box.y2) / 2 / Double(size.height),
            width: Double(box.width) / Double(size.width), height: Double(box.height) / Double(size.height)))
        var seen = 0
        for (number, point) in instance.keypoints.enumerated() {
          switch point.visibility {
          case .visible: keypoints[number].visible += 1
          case .hidden: keypoints[number].hidden += 1
          case .unlabelled:
            keypoints[number].unlabelled += 1
            continue
          }
          seen += 1
          if trainable <= mostPlaces, box.width > 0, box.height > 0 {
            places[number].append(
              Canvas.Point(Double((point.x - box.x1) / box.width), Double((point.y - box.y1) / box.height)))
          }
        }
        labelled[seen] += 1
      }
    }
    backgrounds = index.report.backgrounds
    objects = index.report.objects
    (self.crowds, self.trainable) = (crowds, trainable)
    self.widths = Spread(widths)
    self.heights = Spread(heights)
    objectsPerImage = Spread(perImage)
    boxSides = Spread(sides)
    (self.small, self.medium, self.large) = (small, medium, large)
    (self.classes, self.keypoints, self.boxes, self.places) = (classes, keypoints, boxes, places)
    labelledKeypoints = labelled
  }

  /// One page: classes, keypoints, boxes, and for each keypoint where it lies in its box.
  public var figure: Figure {
    let visibility = Palette([0x17A673, 0xF2A20C, 0xC9CED6].map { Color(hex: $0) })
    var panels: [any PlotPanel] = [
      BarChart(
        title: "instances by class", axis: PlotAxis("instances", isIntegral: true),
        bars: classes.map { .init($0.name, [Double($0.instances)]) }),
      BarChart(
        title: "keypoints", axis: PlotAxis("instances", isIntegral: true),
        parts: ["visible", "hidden", "not labelled"],
        bars: keypoints.map {
          .init($0.name, [Double($0.visible), Double($0.hidden), Double($0.unlabelled)])
        },
        palette: visibility, limit: 32),
      BarChart(
        title: "labelled keypoints an object", axis: PlotAxis("objects", isIntegral: true),
        bars: labelledKeypoints.enumerated().map { .init("\($0.offset)", [Double($0.element)]) }, limit: 32),
      HeatMap(
        title: "box centres", x: PlotAxis("x / picture width"), y: PlotAxis("y / picture height"),
        points: boxes.map { Canvas.Point($0.centerX, $0.centerY) }, isUpsideDown: true),
      HeatMap(
        title: "box sizes", x: PlotAxis("width / picture width"), y: PlotAxis("height / picture height"),
        points: boxes.map { Canvas.Point($0.width, $0.height) }),
    ]
    for (number, points) in places.enumerated() where !points.isEmpty {
      panels.append(
        HeatMap(
          title: "\(keypoints[number].name) in its box", x: PlotAxis("", range: -0.1...1.1),
          y: PlotAxis("", range: -0.1...1.1), points: points, isUpsideDown: true))
    }
    return Figure(title: title, panels: panels, columns: 4, panelWidth: 340, panelHeight: 300)
  }
}
