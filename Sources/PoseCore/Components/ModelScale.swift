/// One member of a family of models: how deep, how wide, and at most how many channels.
public struct ModelScale: Sendable, Equatable {
  /// `n`, `s`, `m` …; empty for a model without scales.
  public var name: String
  public var depth: Double
  public var width: Double
  public var maximumChannels: Int

  public init(name: String, depth: Double, width: Double, maximumChannels: Int) {
    self.name = name
    self.depth = depth
    self.width = width
    self.maximumChannels = maximumChannels
  }

  public static let full = ModelScale(name: "", depth: 1, width: 1, maximumChannels: .max)

  /// Channels of a recipe at this scale: capped, multiplied, rounded up to a multiple of 8.
  public func channels(_ count: Int) -> Int {
    let scaled = Double(min(count, maximumChannels)) * width
    return Int((scaled / 8).rounded(.up)) * 8
  }

  /// Repeats of a recipe at this scale: at least one, halves to even.
  public func repeats(_ count: Int) -> Int {
    count > 1 ? max(1, Int((Double(count) * depth).rounded(.toNearestOrEven))) : count
  }
}
