public import Config

extension Arguments {
  public func bool(_ name: String) throws(Diagnostic) -> Bool { try node(name).bool(named: name) }
  public func int(_ name: String) throws(Diagnostic) -> Int { try node(name).int(named: name) }
  public func float(_ name: String) throws(Diagnostic) -> Float { Float(try double(name)) }
  public func double(_ name: String) throws(Diagnostic) -> Double { try node(name).float(named: name) }
  public func string(_ name: String) throws(Diagnostic) -> String { try node(name).string(named: name) }

  /// The case whose raw value was given; declare the parameter with `.choice(of:)`.
  public func choice<Choice>(_ name: String, of cases: Choice.Type = Choice.self) throws(Diagnostic) -> Choice
  where Choice: CaseIterable & RawRepresentable<String> {
    let names = cases.allCases.map(\.rawValue)
    let text = try node(name).string(named: name, among: names)
    guard let choice = Choice(rawValue: text) else { throw error("no choice '\(text)'", at: name) }
    return choice
  }

  public func boolList(_ name: String) throws(Diagnostic) -> [Bool] {
    try node(name).boolList(named: name)
  }

  public func intList(_ name: String) throws(Diagnostic) -> [Int] {
    try node(name).intList(named: name)
  }

  public func floatList(_ name: String) throws(Diagnostic) -> [Float] {
    try doubleList(name).map { Float($0) }
  }

  public func doubleList(_ name: String) throws(Diagnostic) -> [Double] {
    try node(name).floatList(named: name)
  }

  public func stringList(_ name: String) throws(Diagnostic) -> [String] {
    try node(name).stringList(named: name)
  }
}

// Nil where the argument was left empty: its declared default is `.null`.
extension Arguments {
  public func optionalBool(_ name: String) throws(Diagnostic) -> Bool? {
    try isEmpty(name) ? nil : bool(name)
  }
  public func optionalInt(_ name: String) throws(Diagnostic) -> Int? { try isEmpty(name) ? nil : int(name) }
  public func optionalFloat(_ name: String) throws(Diagnostic) -> Float? {
    try isEmpty(name) ? nil : float(name)
  }
  public func optionalDouble(_ name: String) throws(Diagnostic) -> Double? {
    try isEmpty(name) ? nil : double(name)
  }
  public func optionalString(_ name: String) throws(Diagnostic) -> String? {
    try isEmpty(name) ? nil : string(name)
  }
  public func optionalIntList(_ name: String) throws(Diagnostic) -> [Int]? {
    try isEmpty(name) ? nil : intList(name)
  }
  public func optionalFloatList(_ name: String) throws(Diagnostic) -> [Float]? {
    try isEmpty(name) ? nil : floatList(name)
  }

  private func isEmpty(_ name: String) throws(Diagnostic) -> Bool { try node(name).isNull }
}
