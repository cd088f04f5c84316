/// Plain data from a checkpoint: settings, names, a model's layer list.
public indirect enum PythonValue: Sendable, Equatable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// Also a tuple.
  case list([PythonValue])
  /// In the order of the file; of equal keys the last one counts.
  case dictionary([Entry])

  public struct Entry: Sendable, Equatable {
    public var key: PythonValue
    public var value: PythonValue
  }

  /// The value under a text key of a dictionary; nil where there is none.
  public subscript(key: String) -> PythonValue? {
    guard case .dictionary(let entries) = self else { return nil }
    return entries.last { $0.key == .string(key) }?.value
  }

  public var int: Int? { if case .int(let number) = self { number } else { nil } }
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  public var list: [PythonValue]? { if case .list(let elements) = self { elements } else { nil } }
}

extension PickleDocument {
  /// A value as plain data: what else it holds (tensors, classes) becomes `none`.
  ///
  /// - Parameter budget: how many values it may have in all; what shares values may be much larger than its pickle.
  /// - Returns: nil where it is too large or too deep.
  func plain(_ value: PickleValue, budget: inout Int, depth: Int = 0) -> PythonValue? {
    budget -= 1
    guard budget >= 0, depth <= 16 else { return nil }
    switch value {
    case .none, .opaque, .global, .storage, .tensor, .object: return PythonValue.none
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .float(let number): return .float(number)
    case .string(let text): return .string(text)
    case .list, .tuple:
      var plainElements: [PythonValue] = []
      for element in elements(value) ?? [] {
        guard let plain = plain(element, budget: &budget, depth: depth + 1) else { return nil }
        plainElements.append(plain)
      }
      return .list(plainElements)
    case .dictionary(let index):
      var entries: [PythonValue.Entry] = []
      for entry in dictionaries[index] {
        guard let key = plain(entry.key, budget: &budget, depth: depth + 1),
          let value = plain(entry.value, budget: &budget, depth: depth + 1)
        else { return nil }
        entries.append(PythonValue.Entry(key: key, value: value))
      }
      return .dictionary(entries)
    }
  }
}
