/// What the labels of a data set hold, counted for a look at them.
public struct LabelStatistics: Sendable, Equatable {
  /// A box by its centre and size as fractions of its picture.
  public struct RelativeBox: Sendable, Equatable {
    public var centerX: Double
    public var centerY: Double
    public var width: Double
    public var height: Double

    public init(centerX: Double, centerY: Double, width: Double, height: Double) {
      self.centerX = centerX
      self.centerY = centerY
      self.width = width
      self.height = height
    }
  }

  /// How often a keypoint is visible, hidden, or not labelled.
  public struct KeypointCount: Sendable, Equatable {
    public var name: String
    public var visible: Int
    public var hidden: Int
    public var unlabelled: Int

    public init(_ name: String, visible: Int = 0, hidden: Int = 0, unlabelled: Int = 0) {
      self.name = name
      self.visible = visible
      self.hidden = hidden
      self.unlabelled = unlabelled
    }
  }

  /// A class and how many instances it has.
  public struct ClassCount: Sendable, Equatable {
    public var name: String
    public var instances: Int

    public init(_ name: String, instances: Int = 0) {
      self.name = name
      self.instances = instances
    }
  }

  public var classes: [ClassCount]
  public var boxes: [RelativeBox]
  public var keypoints: [KeypointCount]

  public init(classes: [ClassCount], boxes: [RelativeBox], keypoints: [KeypointCount]) {
    self.classes = classes
    self.boxes = boxes
    self.keypoints = keypoints
  }
}

extension Figure {
  /// Instances a class, where boxes lie, how large they are, and how often each keypoint is seen.
  public static func labels(_ statistics: LabelStatistics, title: String = "") -> Figure {
    let visibility = Palette([0x17A673, 0xF2A20C, 0xC9CED6].map { Color(hex: $0) })
    return Figure(
      title: title,
      panels: [
        BarChart(
          title: "instances by class", axis: PlotAxis("instances", isIntegral: true),
          bars: statistics.classes.map { .init($0.name, [Double($0.instances)]) }),
        BarChart(
          title: "keypoints", axis: PlotAxis("instances", isIntegral: true),
          parts: ["visible", "hidden", "not labelled"],
          bars: statistics.keypoints.map {
            .init($0.name, [Double($0.visible), Double($0.hidden), Double($0.unlabelled)])
          }, palette: visibility, limit: 32),
        HeatMap(
          title: "box centres", x: PlotAxis("x / picture width"), y: PlotAxis("y / picture height"),
          points: statistics.boxes.map { Canvas.Point($0.centerX, $0.centerY) }, isUpsideDown: true),
        HeatMap(
          title: "box sizes", x: PlotAxis("width / picture width"), y: PlotAxis("height / picture height"),
          points: statistics.boxes.map { Canvas.Point($0.width, $0.height) }),
      ], columns: 2, panelWidth: 480, panelHeight: 380)
  }
}
