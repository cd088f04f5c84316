// Keys that must be there.
extension MappingReader {
  public mutating func bool(_ key: String) -> Bool {
    read(required: key) { try $0.bool(named: key) } ?? false
  }

  public mutating func int(_ key: String, in range: ClosedRange<Int> = .unbounded) -> Int {
    read(required: key) { try $0.int(named: key, in: range) } ?? range.lowerBound
  }

  public mutating func float(_ key: String, in range: ClosedRange<Double> = .unbounded) -> Double {
    read(required: key) { try $0.float(named: key, in: range) } ?? range.lowerBound
  }

  public mutating func string(_ key: String, among choices: [String] = []) -> String {
    read(required: key) { try $0.string(named: key, among: choices) } ?? choices.first ?? ""
  }

  public mutating func intList(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, each range: ClosedRange<Int> = .unbounded
  ) -> [Int] {
    read(required: key) { try $0.intList(named: key, count: count, each: range) } ?? []
  }

  public mutating func floatList(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, each range: ClosedRange<Double> = .unbounded
  ) -> [Double] {
    read(required: key) { try $0.floatList(named: key, count: count, each: range) } ?? []
  }

  public mutating func stringList(_ key: String, count: ClosedRange<Int> = 0...Int.max) -> [String] {
    read(required: key) { try $0.stringList(named: key, count: count) } ?? []
  }
}

// Keys with a default.
extension MappingReader {
  public mutating func bool(_ key: String, default value: Bool) -> Bool {
    read(key, default: value) { try $0.bool(named: key) }
  }

  public mutating func int(_ key: String, in range: ClosedRange<Int> = .unbounded, default value: Int) -> Int
  {
    read(key, default: value) { try $0.int(named: key, in: range) }
  }

  public mutating func float(
    _ key: String, in range: ClosedRange<Double> = .unbounded, default value: Double
  ) -> Double {
    read(key, default: value) { try $0.float(named: key, in: range) }
  }

  public mutating func string(_ key: String, among choices: [String] = [], default value: String) -> String {
    read(key, default: value) { try $0.string(named: key, among: choices) }
  }

  /// The case whose raw value is given.
  public mutating func choice<Choice>(_ key: String, default value: Choice) -> Choice
  where Choice: CaseIterable & RawRepresentable<String> {
    let names = Choice.allCases.map(\.rawValue)
    return read(key, default: value) { Choice(rawValue: try $0.string(named: key, among: names)) ?? value }
  }
}

// Keys that may be missing or empty (`null`): nil.
extension MappingReader {
  public mutating func optionalBool(_ key: String) -> Bool? { optional(key) { try $0.bool(named: key) } }

  public mutating func optionalInt(_ key: String, in range: ClosedRange<Int> = .unbounded) -> Int? {
    optional(key) { try $0.int(named: key, in: range) }
  }

  public mutating func optionalFloat(_ key: String, in range: ClosedRange<Double> = .unbounded) -> Double? {
    optional(key) { try $0.float(named: key, in: range) }
  }

  public mutating func optionalString(_ key: String, among choices: [String] = []) -> String? {
    optional(key) { try $0.string(named: key, among: choices) }
  }

  public mutating func optionalIntList(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, each range: ClosedRange<Int> = .unbounded
  ) -> [Int]? {
    optional(key) { try $0.intList(named: key, count: count, each: range) }
  }

  public mutating func optionalFloatList(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, each range: ClosedRange<Double> = .unbounded
  ) -> [Double]? {
    optional(key) { try $0.floatList(named: key, count: count, each: range) }
  }

  public mutating func optionalStringList(_ key: String, count: ClosedRange<Int> = 0...Int.max) -> [String]? {
    optional(key) { try $0.stringList(named: key, count: count) }
  }

  private mutating func optional<Value>(_ key: String, _ read: (Node) throws -> Value) -> Value? {
    self.read(key, default: nil) { $0.isNull ? nil : try read($0) }
  }
}
