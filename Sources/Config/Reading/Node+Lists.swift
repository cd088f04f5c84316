// Lists whose elements all have one type. An element is called `name[2]` in messages, counted from 0.

extension Node {
  public func boolList(
    named name: String, count: ClosedRange<Int> = 0...Int.max
  ) throws(Diagnostic) -> [Bool] {
    try list(named: name, count: count) { node, name throws(Diagnostic) in try node.bool(named: name) }
  }

  public func intList(
    named name: String, count: ClosedRange<Int> = 0...Int.max, each range: ClosedRange<Int> = .unbounded
  ) throws(Diagnostic) -> [Int] {
    try list(named: name, count: count) { node, name throws(Diagnostic) in
      try node.int(named: name, in: range)
    }
  }

  public func floatList(
    named name: String, count: ClosedRange<Int> = 0...Int.max, each range: ClosedRange<Double> = .unbounded
  ) throws(Diagnostic) -> [Double] {
    try list(named: name, count: count) { node, name throws(Diagnostic) in
      try node.float(named: name, in: range)
    }
  }

  public func stringList(
    named name: String, count: ClosedRange<Int> = 0...Int.max, among choices: [String] = []
  ) throws(Diagnostic) -> [String] {
    try list(named: name, count: count) { node, name throws(Diagnostic) in
      try node.string(named: name, among: choices)
    }
  }
}
