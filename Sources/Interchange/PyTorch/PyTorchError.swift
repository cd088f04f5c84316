/// Why a PyTorch file gives no weights, though archive and pickle could be read, or why it is no such file.
public struct PyTorchError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// PyTorch's format before version 1.6, a row of pickles.
    case legacyFormat
    /// A pickle that is no PyTorch file.
    case barePickle
    /// The first bytes as text where they are some.
    case notPyTorch(beginning: String?)
    case empty
    /// A traced program.
    case torchScript
    case noPickle
    /// Written on a machine of the other byte order.
    case bigEndian
    /// The pickle holds neither a model nor a state dictionary.
    case noWeights(found: String)
    case tooDeep
    case tooManyTensors
    /// The tensors share bytes so much that they are many times as large as the file.
    case tooLarge
    case missingStorage(tensor: String, key: String)
    case wrongStorageSize(tensor: String, expected: Int, found: Int)
    case noSuchTensor(String)
    case notReal(tensor: String, type: ElementType)
  }

  public let file: String
  public let problem: Problem

  public init(file: String, problem: Problem) {
    self.file = file
    self.problem = problem
  }

  public var description: String { "\(file): \(printable(problem.sentence))" }
}

extension PyTorchError.Problem {
  private static let resave = "load it in PyTorch 1.6 or newer and save its state_dict() again"

  fileprivate var sentence: String {
    switch self {
    case .legacyFormat:
      "is in the format of PyTorch before 1.6, which is not read; \(Self.resave)"
    case .barePickle:
      "is a Python pickle but no PyTorch file; weights are read from .pt and .safetensors files"
    case .notPyTorch(let beginning):
      "is no PyTorch file" + (beginning.map { ": it begins with '\($0)'" } ?? "")
        + "; if it was downloaded, download it again"
    case .empty: "is empty; if it was downloaded, download it again"
    case .torchScript: "is a TorchScript program; save the model's state_dict() instead"
    case .noPickle: "is a zip archive, but without a data.pkl in one folder it is no PyTorch file"
    case .bigEndian: "was written on a big-endian machine, which is not read; \(Self.resave)"
    case .noWeights(let found):
      "holds no weights: \(found); expected is a checkpoint with a model, or a state dictionary"
    case .tooDeep: "its model is nested deeper than any; the file is refused"
    case .tooManyTensors: "its model has more parts than any; the file is refused"
    case .tooLarge: "its tensors are many times larger than the file; the file is refused"
    case .missingStorage(let tensor, let key):
      "tensor '\(tensor)': the archive has no entry 'data/\(key)'; the file is damaged"
    case .wrongStorageSize(let tensor, let expected, let found):
      "tensor '\(tensor)': its entry has \(found) bytes instead of \(expected); the file is damaged"
    case .noSuchTensor(let tensor): "tensor '\(tensor)': not in the file"
    case .notReal(let tensor, let type):
      "tensor '\(tensor)': holds \(type.rawValue) elements, not real numbers"
    }
  }
}
