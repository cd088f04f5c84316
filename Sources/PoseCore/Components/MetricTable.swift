/// Figures by rows and columns, such as one row a keypoint.
public struct MetricTable: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    public var name: String
    /// Digits behind the point, where it is printed.
    public var decimals: Int

    public init(_ name: String, decimals: Int = 4) {
      self.name = name
      self.decimals = decimals
    }

    /// Whole numbers.
    public static func count(_ name: String) -> Column { Column(name, decimals: 0) }
  }

  public struct Row: Sendable, Equatable {
    public var name: String
    /// As many as there are columns; NaN where there is nothing to tell.
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What the rows are: `keypoints`.
  public var name: String
  public var columns: [Column]
  public var rows: [Row]

  public init(_ name: String, columns: [Column], rows: [Row]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }

  /// The figure of a row and a column, by their names.
  public subscript(_ row: String, _ column: String) -> Double? {
    guard let place = columns.firstIndex(where: { $0.name == column }) else { return nil }
    return rows.first { $0.name == row }?.values[place]
  }
}
