extension ClosedRange where Bound == Int {
  /// Every whole number.
  public static var unbounded: ClosedRange<Int> { Int.min...Int.max }

  /// ` from 1 to 8`, ` of at least 1`, or nothing for every number: the end of a phrase.
  public var limits: String {
    switch (lowerBound, upperBound) {
    case (.min, .max): ""
    case (_, .max): " of at least \(lowerBound)"
    case (.min, _): " of at most \(upperBound)"
    default: lowerBound == upperBound ? " equal to \(lowerBound)" : " from \(lowerBound) to \(upperBound)"
    }
  }

  /// The same for the length of a list: ` of 2 to 3 values`.
  public var listLength: String {
    func values(_ count: Int) -> String { count == 1 ? "1 value" : "\(count) values" }
    return switch (lowerBound, upperBound) {
    case (...0, .max): ""
    case (_, .max): " of at least \(values(lowerBound))"
    case (...0, _): " of at most \(values(upperBound))"
    default:
      lowerBound == upperBound
        ? " of \(values(lowerBound))" : " of \(lowerBound) to \(values(upperBound))"
    }
  }
}

extension ClosedRange where Bound == Double {
  /// Every finite number.
  public static var unbounded: ClosedRange<Double> {
    -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  }

  /// The numbers above `bound`, which is itself left out.
  public static func above(_ bound: Double) -> ClosedRange<Double> {
    bound.nextUp...Double.greatestFiniteMagnitude
  }

  /// The numbers from `bound` upwards.
  public static func atLeast(_ bound: Double) -> ClosedRange<Double> {
    bound...Double.greatestFiniteMagnitude
  }

  /// The number that all others are above, where the range was made so.
  public var exclusiveLowerBound: Double? {
    let bound = lowerBound.nextDown
    return bound.isFinite && bound.isShort && !lowerBound.isShort ? bound : nil
  }

  /// The number that all others are below, where the range was made so.
  public var exclusiveUpperBound: Double? {
    let bound = upperBound.nextUp
    return bound.isFinite && bound.isShort && !upperBound.isShort ? bound : nil
  }

  /// ` from 0.0 to 1.0`, ` above 0.0`, or nothing for every number: the end of a phrase.
  public var limits: String {
    let above = exclusiveLowerBound != nil
    let lower = above ? "above \(lowerBound.nextDown.short)" : "of at least \(lowerBound.short)"
    if let below = exclusiveUpperBound, lowerBound > -Double.greatestFiniteMagnitude {
      return above ? " \(lower), below \(below.short)" : " from \(lowerBound.short), below \(below.short)"
    }
    switch (lowerBound, upperBound) {
    case (-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude): return ""
    case (_, .greatestFiniteMagnitude): return " \(lower)"
    case (-Double.greatestFiniteMagnitude, _): return " of at most \(upperBound.short)"
    default:
      return above
        ? " \(lower), at most \(upperBound.short)" : " from \(lowerBound.short) to \(upperBound.short)"
    }
  }
}

extension Double {
  /// Whether a person would have written this number: at most ten characters.
  fileprivate var isShort: Bool { description.count <= 10 && self != .leastNonzeroMagnitude }

  /// `1` for `1.0`.
  fileprivate var short: String {
    description.hasSuffix(".0") ? String(description.dropLast(2)) : description
  }
}
