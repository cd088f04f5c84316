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

  /// Throws this list where it holds an error.
  public func throwErrors() throws(DiagnosticList) {
    if hasErrors { throw self }
  }
}

extension DiagnosticList: CustomStringConvertible {
  /// The findings one below the other, as they were found.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
