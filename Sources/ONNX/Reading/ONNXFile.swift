internal import FileSystem
internal import Foundation
internal import ONNXProto

/// An ONNX file that was opened and checked: what it takes, gives, and says of itself.
///
/// The numbers of its tensors stay in the file. Refused are files that are truncated or damaged, whose operators form
/// cycles or use values that nothing makes, whose tensors are smaller than they claim, and those that keep numbers in
/// other files. Checking takes memory for the operators alone, of which there may be 8 MB.
public final class ONNXFile: Sendable {
  /// The path, or the name given to bytes in memory; errors begin with it.
  public let path: String
  public let input: ONNXModel.Port
  public let output: ONNXModel.Port
  /// The free entries; of several under one name the last.
  public let metadata: [String: String]
  public let opset: Int
  /// How often each operator is used, those in branches included.
  public let operators: [String: Int]
  /// Names and shapes of the stored tensors.
  public let tensors: [String: [Int]]
  private let source: Source

  private enum Source: Sendable {
    case file(MappedFile)
    case bytes([UInt8])
  }

  /// Most bytes of everything but numbers.
  static let maximumStructure = 8 << 20

  public convenience init(path: String) throws {
    let file: MappedFile
    do {
      file = try MappedFile(path)
    } catch {
      throw ONNXFileError(file: path, reason: "cannot be read: \(error)")
    }
    try self.init(.file(file), path: path)
  }

  /// - Parameter name: what errors call it.
  public convenience init(bytes: [UInt8], name: String) throws { try self.init(.bytes(bytes), path: name) }

  private init(_ source: Source, path: String) throws {
    self.path = path
    self.source = source
    let checked = try Self.withBytes(source) { try CheckedGraph($0, path: path) }
    input = checked.input
    output = checked.output
    metadata = checked.metadata
    opset = checked.opset
    operators = checked.operators
    tensors = checked.tensors
  }

  /// Lends the file's content for the time of the call.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    try Self.withBytes(source, body)
  }

  private static func withBytes<Result>(
    _ source: Source, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    switch source {
    case .file(let file): try file.withBytes(0..<file.size, body)
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    }
  }
}
