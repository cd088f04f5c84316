internal import FileSystem

/// One YAML file as a tree of located nodes.
///
/// Scalars follow the core schema of YAML 1.2, and Python's `None`; what is quoted stays text. `yes` and
/// `on` are text, as YAML 1.2 has it. Anchors, aliases and merge keys (`<<`) are resolved. Values that come
/// from an alias keep the place where they were written.
public struct Document: Sendable {
  public let source: SourceText
  public let root: Node

  /// Parses text that is already in memory.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: all faults found up to the point where the text stops making sense.
  public init(text: String, name: String, limits: DocumentLimits = .init()) throws(DiagnosticList) {
    try self.init(bytes: Array(text.utf8), name: name, limits: limits)
  }

  /// Reads and parses a file.
  ///
  /// - Throws: also where the file cannot be read, is too large, or is no UTF-8.
  public init(file path: String, limits: DocumentLimits = .init()) throws(DiagnosticList) {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try RandomAccessFile(path)
      // One byte too many is enough to be refused below.
      bytes = try file.read(at: 0, count: min(file.size, limits.size + 1))
    } catch {
      let hint = error.isMissing ? NearestFile.suggestion(for: path) : ""
      throw DiagnosticList([Diagnostic(.error, "cannot read '\(path)': \(error.reason)\(hint)")])
    }
    try self.init(bytes: bytes, name: path, limits: limits)
  }

  /// Parses the bytes of a file: UTF-8, with or without a byte order mark.
  public init(bytes: [UInt8], name: String, limits: DocumentLimits = .init()) throws(DiagnosticList) {
    guard bytes.count <= limits.size else {
      throw DiagnosticList([
        Diagnostic(
          .error, "the file is too large for a spec; the limit is \(limits.size) bytes",
          at: SourceLocation(file: name, line: 1, column: 1))
      ])
    }
    source = try SourceText(decoding: bytes, name: name)
    root = try DocumentComposer.compose(source, limits: limits)
  }
}
