/// How the tensors of a weights file fit a model.
public struct WeightsReport: Sendable, Equatable {
  /// A tensor whose shape is not the model's.
  public struct Mismatch: Sendable, Equatable {
    public var name: String
    public var found: [Int]
    public var wanted: [Int]
  }

  /// Names of what fits, in the model's order.
  public var loaded: [String] = []
  /// What the model has and the file lacks.
  public var missing: [String] = []
  /// What the file has and the model lacks.
  public var unexpected: [String] = []
  public var misshapen: [Mismatch] = []

  public init() {}

  /// Whether file and model hold the same.
  public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }
}

extension WeightsReport: CustomStringConvertible {
  /// `499 tensors fit, 3 are missing (model.0.conv.weight, …), 1 has another shape (…)`.
  public var description: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String {
      "\(number) \(number == 1 ? one : many)"
    }
    var parts = [count(loaded.count, "tensor fits", "tensors fit")]
    if !missing.isEmpty {
      parts.append("\(count(missing.count, "is", "are")) missing (\(Self.some(missing)))")
    }
    if !unexpected.isEmpty {
      parts.append("\(count(unexpected.count, "is", "are")) not in the model (\(Self.some(unexpected)))")
    }
    if !misshapen.isEmpty {
      let texts = misshapen.map { "\($0.name): \($0.found) in the file, \($0.wanted) in the model" }
      parts.append("\(count(misshapen.count, "has", "have")) another shape (\(Self.some(texts)))")
    }
    return parts.joined(separator: ", ")
  }

  /// What was taken from a file and what was not, line by line, for the log.
  public func notes(path: String) -> [String] {
    var lines = [
      "\(path): \(loaded.count) of \(loaded.count + missing.count + misshapen.count) tensors taken"
    ]
    func add(_ heading: String, _ texts: [String]) {
      let more = texts.count > 24 ? ", and \(texts.count - 24) more" : ""
      if !texts.isEmpty { lines.append("\(heading): \(texts.prefix(24).joined(separator: ", "))\(more)") }
    }
    add(
      "not taken, for their shape",
      misshapen.map { "\($0.name) (\($0.found) in the file, \($0.wanted) in the model)" })
    add("not in the file, so they begin anew", missing)
    add("in the file, but not in the model", unexpected)
    return lines
  }

  private static func some(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}
