internal import Config

/// A fault in what the user asked for, found before anything was done: exit code 2.
struct UsageError: Error {
  let message: String

  init(_ message: String) { self.message = message }

  /// Runs `body`; what it throws counts as bad usage.
  static func marking<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let usage as UsageError {
      throw usage
    } catch {
      throw UsageError(ErrorText.text(of: error))
    }
  }
}

/// What is shown of an error.
enum ErrorText {
  static func text(of error: any Error) -> String {
    switch error {
    case let list as DiagnosticList: list.description
    case let diagnostic as Diagnostic: diagnostic.description
    case let error as any CustomStringConvertible: error.description
    default: "\(error)"
    }
  }
}
