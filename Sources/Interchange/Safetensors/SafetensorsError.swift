public import FileSystem

/// Why a safetensors file cannot be read or written: the file, the tensor if one is to blame, and the fault.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// The operating system refused.
    case file(FileError)
    /// The file ends before the bytes it promises.
    case truncated(needed: Int, available: Int)
    /// The header claims more than 100 MB.
    case headerTooLarge(UInt64)
    /// The header is not the JSON it has to be; `offset` counts bytes from the start of the file.
    case malformedHeader(offset: Int, reason: String)
    case duplicateKey(String)
    case unsupportedType(String)
    /// The product of the shape does not fit into an integer.
    case sizeOverflow(shape: [Int])
    /// Offsets that do not hold exactly the elements of the shape.
    case sizeMismatch(expected: Int, begin: Int, end: Int)
    /// Bytes belong to two tensors.
    case overlap(with: String)
    /// Bytes before this tensor belong to no tensor.
    case hole(bytes: Int)
    /// Bytes after the last tensor.
    case trailingBytes(Int)
    case noSuchTensor
    /// The tensor's elements are of another nature than those asked for.
    case wrongType(found: ElementType, wanted: String)
    /// The writer was given a different number of bytes than the shape holds.
    case wrongByteCount(expected: Int, found: Int)
  }

  public let file: String
  public let tensor: String?
  public let problem: Problem

  public init(file: String, tensor: String? = nil, problem: Problem) {
    self.file = file
    self.tensor = tensor
    self.problem = problem
  }

  public var description: String {
    let place = tensor.map { "\(file): tensor '\(printable($0))'" } ?? file
    return "\(place): \(printable(problem.sentence))"
  }
}

extension SafetensorsError.Problem {
  fileprivate var sentence: String {
    switch self {
    case .file(let error): "cannot \(error.operation.rawValue) this file: \(error.reason)"
    case .truncated(let needed, let available):
      "file is truncated: \(needed) bytes are needed but \(available) are there; copy or download it again"
    case .headerTooLarge(let size):
      "header of \(size) bytes exceeds 100,000,000; this is no safetensors file or a damaged one"
    case .malformedHeader(let offset, let reason): "malformed header at byte \(offset): \(reason)"
    case .duplicateKey(let key): "key '\(key)' appears twice in the header"
    case .unsupportedType(let name):
      "element type '\(name)' is not supported; known types: "
        + ElementType.allCases.map(\.rawValue).joined(separator: ", ")
    case .sizeOverflow(let shape): "shape \(shape) has too many elements"
    case .sizeMismatch(let expected, let begin, let end):
      "data offsets \(begin)..<\(end) do not hold the \(expected) bytes of its shape"
    case .overlap(let other): "shares bytes with tensor '\(other)'"
    case .hole(let bytes): "\(bytes) bytes before it belong to no tensor"
    case .trailingBytes(let count): "\(count) bytes after the last tensor"
    case .noSuchTensor: "not in the file"
    case .wrongType(let found, let wanted): "holds \(found.rawValue) elements, not \(wanted)"
    case .wrongByteCount(let expected, let found): "\(found) bytes given for a shape of \(expected) bytes"
    }
  }
}
