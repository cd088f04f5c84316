internal import Config
internal import Training

/// A fault in what the user asked for, found before anything was done: exit code 2.
package struct UsageError: Error {
  package let message: String

  init(_ message: String) { self.message = message }

  /// Runs `body`; what it throws counts as bad usage.
  ///
  /// - Parameter specFaults: whether only what concerns settings and specs does; data that are faulty in themselves
  ///   are a failure.
  static func marking<Value>(specFaults: Bool = false, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let usage as UsageError {
      throw usage
    } catch {
      if specFaults, !(error is Diagnostic || error is DiagnosticList || error is OptionError) { throw error }
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
