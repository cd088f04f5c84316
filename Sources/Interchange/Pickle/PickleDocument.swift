/// What a pickle describes: inert values, and the tables they point into.
struct PickleDocument: Sendable {
  /// The whole.
  var root: PickleValue = .none
  var tuples: [[PickleValue]] = [[]]
  var lists: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var objects: [PickleObject] = []
  var globals: [PickleName] = []
  var storages: [PickleStorage] = []
  var tensors: [PickleTensor] = []
}

extension PickleDocument {
  /// The entries of a dictionary that have text for a key, the last one of each winning; nil for anything else.
  func textEntries(_ value: PickleValue) -> [String: PickleValue]? {
    guard case .dictionary(let index) = value else { return nil }
    var entries: [String: PickleValue] = [:]
    for case (.string(let key), let value) in dictionaries[index] { entries[key] = value }
    return entries
  }

  /// The attributes of an object.
  func attributes(_ value: PickleValue) -> (className: String, entries: [String: PickleValue])? {
    guard case .object(let index) = value else { return nil }
    let object = objects[index]
    return textEntries(object.state).map { (object.className, $0) }
  }

  /// What holds the attributes of an object.
  func objectState(_ value: PickleValue) -> PickleValue? {
    if case .object(let index) = value { objects[index].state } else { nil }
  }

  /// The elements of a list or tuple.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    switch value {
    case .list(let index): lists[index]
    case .tuple(let index): tuples[index]
    default: nil
    }
  }
}
