/// What a metric found.
public struct MetricReport: Sendable {
  /// The metric's name.
  public var name: String
  /// Figures over all classes, in the order in which they are printed.
  public var values: [MetricValue]
  /// The same for each class that has labels.
  public var classes: [MetricClassReport]
  public var curves: [MetricCurve]
  /// What a reader must know to compare the figures: where sigmas come from, what was left out, and the like.
  public var notes: [String]
  /// Figures in more detail, such as by keypoint.
  public var tables: [MetricTable]
  /// Names of the values that `results.csv` shows epoch by epoch, as `name/value`; `yolo_map` has columns of its own.
  public var logged: [String]

  public init(
    name: String, values: [MetricValue], classes: [MetricClassReport] = [], curves: [MetricCurve] = [],
    notes: [String] = [], tables: [MetricTable] = [], logged: [String] = []
  ) {
    self.name = name
    self.values = values
    self.classes = classes
    self.curves = curves
    self.notes = notes
    self.tables = tables
    self.logged = logged
  }

  /// The figure of that name over all classes.
  public subscript(_ name: String) -> Double? { values.first { $0.name == name }?.value }
}

/// A named figure.
public struct MetricValue: Sendable, Equatable {
  public var name: String
  public var value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// The figures of one class.
public struct MetricClassReport: Sendable {
  /// Class index; COCO's category id when the evaluation ran on COCO files.
  public var classIndex: Int
  public var className: String
  /// Labels of this class that count.
  public var labelCount: Int
  public var values: [MetricValue]

  public init(classIndex: Int, className: String, labelCount: Int, values: [MetricValue]) {
    self.classIndex = classIndex
    self.className = className
    self.labelCount = labelCount
    self.values = values
  }

  /// The figure of that name for this class.
  public subscript(_ name: String) -> Double? { values.first { $0.name == name }?.value }
}

/// A family of curves over one axis, such as precision over recall for each class.
public struct MetricCurve: Sendable {
  public struct Series: Sendable {
    public var label: String
    /// As many as the curve's `x`.
    public var y: [Double]

    public init(label: String, y: [Double]) {
      self.label = label
      self.y = y
    }
  }

  /// For file names, such as `PosePR`.
  public var name: String
  public var xLabel: String
  public var yLabel: String
  public var x: [Double]
  /// One a class.
  public var series: [Series]
  /// The mean of the series.
  public var mean: [Double]

  public init(name: String, xLabel: String, yLabel: String, x: [Double], series: [Series], mean: [Double]) {
    self.name = name
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.x = x
    self.series = series
    self.mean = mean
  }
}
