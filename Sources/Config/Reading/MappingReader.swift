/// Reads the keys of one mapping into typed values and collects every fault on the way.
///
/// A getter that meets a fault notes it and returns a stand-in (the default, or for a required key some
/// value of the type), so that the rest is read and checked, too. `finish()` reports the keys nobody asked
/// for and throws all faults, hence stand-ins never get out.
///
/// ```swift
/// var reader = MappingReader(node, of: "scale 'n'")
/// let depth = reader.float("depth", in: .above(0))
/// let cap = reader.int("max_channels", in: 1...8192, default: 1024)
/// try reader.finish()
/// ```
public struct MappingReader {
  /// What the mapping is, for messages: `scale 'n'`.
  public let subject: String
  public let location: SourceLocation?
  /// In the order of the file.
  public let entries: [Node.Entry]
  public var faults = DiagnosticList()
  /// Keys that were asked for, in order.
  private var known: [String] = []
  /// False where there is something else than a mapping: no key of it is missing then.
  private let isReadable: Bool

  /// - Parameter node: a mapping, or nothing for one without keys; anything else is a fault.
  public init(_ node: Node, of subject: String) {
    self.subject = subject
    location = node.location
    isReadable =
      switch node.value {
      case .mapping, .null: true
      default: false
      }
    switch node.value {
    case .mapping(let entries):
      self.entries = entries
    case .null:
      entries = []
    default:
      entries = []
      faults.append(
        Diagnostic(
          .error, "\(subject) must be a mapping of keys to values, but is \(node.value)", at: location))
    }
  }

  /// Declares keys that are legal but read by someone else, or by nobody.
  public mutating func allow(_ keys: String...) { known += keys }

  /// Declares keys that begin with `x-` or `_` legal: notes, and homes of anchors.
  public mutating func allowNotes() {
    known += entries.map(\.key).filter { $0.hasPrefix("x-") || $0.hasPrefix("_") }
  }

  /// The same for several keys.
  public mutating func allow(_ keys: [String]) { known += keys }

  /// Whether the key is there, be it with an empty value.
  public func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// The value as it stands, or nil where the key is missing.
  public mutating func node(_ key: String) -> Node? {
    known.append(key)
    return entries.first { $0.key == key }?.value
  }

  /// The value as it stands; a missing key is a fault.
  public mutating func requiredNode(_ key: String) -> Node? {
    let found = node(key)
    if found == nil, isReadable { faults.append(missing(key)) }
    return found
  }

  /// The value of an optional key; `missing` where the key is not there.
  ///
  /// - Parameter read: turns the node into the value; what it throws is noted.
  public mutating func read<Value>(
    _ key: String, default missing: Value, _ read: (Node) throws -> Value
  ) -> Value {
    guard let node = node(key) else { return missing }
    return collect { try read(node) } ?? missing
  }

  /// The value of a required key; nil, and a fault, where it is not there.
  public mutating func read<Value>(required key: String, _ read: (Node) throws -> Value) -> Value? {
    guard let node = requiredNode(key) else { return nil }
    return collect { try read(node) }
  }

  /// Notes a fault, or with another severity a remark, at the value of `key`.
  public mutating func report(_ message: String, at key: String, severity: Diagnostic.Severity = .error) {
    let place = entries.first { $0.key == key }?.value.location ?? location
    faults.append(Diagnostic(severity, message, at: place))
  }

  /// Runs `body` and notes what it throws; an error that is no diagnostic becomes one without a place.
  public mutating func collect<Value>(_ body: () throws -> Value) -> Value? {
    do {
      return try faults.collect(body)
    } catch {
      faults.append(Diagnostic(.error, "\(error)", at: location))
      return nil
    }
  }

  /// Reports the keys that nobody asked for, and throws all faults in the order of the file.
  public mutating func finish() throws(DiagnosticList) {
    close()
    faults.sort()
    try faults.throwErrors()
  }

  /// Adds the unknown keys to the faults.
  mutating func close() {
    let unknown = entries.filter { !known.contains($0.key) }
    var hasToldKeys = false
    for entry in unknown.prefix(Self.maximumUnknown) {
      var hint = suggestion(for: entry.key, among: known)
      if hint.isEmpty, !known.isEmpty, !hasToldKeys {
        hint = "; it takes \(listOfKnownKeys)"
        hasToldKeys = true
      }
      let place = entry.keyLocation ?? entry.value.location
      faults.append(Diagnostic(.error, "unknown key '\(entry.key)' in \(subject)\(hint)", at: place))
    }
    if unknown.count > Self.maximumUnknown {
      let rest = unknown.count - Self.maximumUnknown
      let place = unknown[Self.maximumUnknown].keyLocation
      faults.append(Diagnostic(.error, "\(subject) has \(rest) more unknown keys", at: place))
    }
    known += entries.map(\.key)
  }

  /// Keys that are told one by one; a file that is something else altogether has thousands.
  private static let maximumUnknown = 20

  private var listOfKnownKeys: String {
    var seen: Set<String> = []
    let keys = known.filter { !$0.hasPrefix("x-") && !$0.hasPrefix("_") && seen.insert($0).inserted }
    let shown = keys.prefix(12).joined(separator: ", ")
    return keys.count > 12 ? "\(shown), …" : shown
  }

  func missing(_ key: String) -> Diagnostic {
    Diagnostic(.error, "\(subject) needs the key '\(key)'", at: location)
  }
}
