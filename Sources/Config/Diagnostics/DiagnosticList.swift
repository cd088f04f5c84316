/// All faults found in one pass over a user's input.
public struct DiagnosticList: Error, Sendable, Equatable {
  public var diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic] = []) { self.diagnostics = diagnostics }

  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  public mutating func append(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  public mutating func append(contentsOf list: DiagnosticList) {
    diagnostics.append(contentsOf: list.diagnostics)
  }

  /// Runs `body`; where it throws diagnostics, keeps them and returns nil. Other errors pass through.
  public mutating func collect<Value>(_ body: () throws -> Value) rethrows -> Value? {
    do {
      return try body()
    } catch let diagnostic as Diagnostic {
      append(diagnostic)
    } catch let list as DiagnosticList {
      append(contentsOf: list)
    }
    return nil
  }

  /// Puts the findings in the order of the file; a note stays behind the finding it belongs to. Files keep
  /// the order in which they first occur, and findings without a place come first.
  public mutating func sort() {
    var groups: [[Diagnostic]] = []
    for diagnostic in diagnostics {
      if diagnostic.severity == .note, !groups.isEmpty {
        groups[groups.count - 1].append(diagnostic)
      } else {
        groups.append([diagnostic])
      }
    }
    var files: [String: Int] = [:]
    for case let location? in diagnostics.map(\.location) where files[location.file] == nil {
      files[location.file] = files.count
    }
    let keyed = groups.enumerated().map { index, group in
      let place = group[0].location
      let file = place.flatMap { files[$0.file] } ?? -1
      return (key: (file, place?.line ?? 0, place?.column ?? 0, index), group: group)
    }
    diagnostics = keyed.sorted { $0.key < $1.key }.flatMap(\.group)
  }

  /// Throws this list where it holds an error.
  public func throwErrors() throws(DiagnosticList) {
    if hasErrors { throw self }
  }
}

extension DiagnosticList: CustomStringConvertible {
  /// The findings one below the other, as they were found.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
