public import PoseCore

/// The anchor points of a head: one at the centre of every cell of every level, numbered level by level,
/// each level row by row.
public struct AnchorGrid: Sendable, Equatable {
  /// One feature map.
  public struct Level: Sendable, Equatable {
    /// Cells.
    public var height: Int
    /// Cells.
    public var width: Int
    /// Input pixels per cell.
    public var stride: Int

    public init(height: Int, width: Int, stride: Int) {
      self.height = height
      self.width = width
      self.stride = stride
    }

    public var cellCount: Int { height * width }
  }

  /// One anchor point.
  public struct Anchor: Sendable, Equatable {
    /// Number among all anchors.
    public var index: Int
    public var level: Int
    public var row: Int
    public var column: Int
    /// Number within its level.
    public var cell: Int
    /// Input pixels per cell.
    public var stride: Float

    /// In cells of its level.
    public var x: Float { Float(column) + 0.5 }
    /// In cells of its level.
    public var y: Float { Float(row) + 0.5 }
  }

  public let levels: [Level]
  /// The number of the first anchor of each level.
  public let offsets: [Int]
  /// Anchors in all levels.
  public let count: Int

  public init(levels: [Level]) {
    self.levels = levels
    var offsets: [Int] = []
    var count = 0
    for level in levels {
      offsets.append(count)
      count += level.cellCount
    }
    self.offsets = offsets
    self.count = count
  }

  /// Width and height of the network's input, in pixels, as the first level covers it.
  public var inputSize: (width: Int, height: Int) {
    guard let first = levels.first else { return (0, 0) }
    return (first.width * first.stride, first.height * first.stride)
  }

  /// - Precondition: `index` is in `0..<count`.
  public func anchor(_ index: Int) -> Anchor {
    var level = levels.count - 1
    while index < offsets[level] { level -= 1 }
    let cell = index - offsets[level]
    return anchor(level: level, row: cell / levels[level].width, column: cell % levels[level].width)
  }

  private func anchor(level: Int, row: Int, column: Int) -> Anchor {
    let cell = row * levels[level].width + column
    return Anchor(
      index: offsets[level] + cell, level: level, row: row, column: column, cell: cell,
      stride: Float(levels[level].stride))
  }

  /// Visits the anchor points strictly inside a box, in the order of their numbers.
  ///
  /// - Parameter box: input pixels.
  public func forEachAnchor(inside box: Box, _ body: (Anchor) -> Void) {
    for level in levels.indices { forEachAnchor(inside: box, level: level, body) }
  }

  /// The same for one level alone.
  public func forEachAnchor(inside box: Box, level index: Int, _ body: (Anchor) -> Void) {
    let level = levels[index]
    let columns = level.cells(between: box.x1, and: box.x2, limit: level.width)
    let rows = level.cells(between: box.y1, and: box.y2, limit: level.height)
    for row in rows {
      for column in columns { body(anchor(level: index, row: row, column: column)) }
    }
  }
}

extension AnchorGrid.Level {
  /// The rows or columns whose centres lie between two coordinates in input pixels.
  fileprivate func cells(between low: Float, and high: Float, limit: Int) -> Range<Int> {
    /// A point on the border is outside.
    let margin: Float = 1e-9
    let stride = Float(stride)
    let bound = Float(limit)
    // In this order, NaN becomes 0.
    var first = Int(min(bound, max(0, (low / stride).rounded(.down) - 1)))
    var end = Int(min(bound, max(0, (high / stride).rounded(.up) + 1)))
    while first < limit, !((Float(first) + 0.5) * stride - low > margin) { first += 1 }
    while end > first, !(high - (Float(end - 1) + 0.5) * stride > margin) { end -= 1 }
    return first..<max(first, end)
  }
}
