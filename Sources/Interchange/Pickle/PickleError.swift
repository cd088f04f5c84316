/// Why a pickle is not read: where, and what it contains.
public struct PickleError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// It mentions a function or class that is not on the list of allowed names.
    case forbiddenName(String)
    /// It uses an instruction that PyTorch does not write.
    case forbiddenInstruction(String)
    /// It calls, or changes, what can be neither called nor changed.
    case misuse(String)
    case truncated
    /// Its instructions make no sense together.
    case malformed(String)
    /// A tensor that does not lie in its storage, or a storage that is not one.
    case badTensor(String)
    case tooLarge(String)
  }

  public let file: String
  /// Of the instruction, in bytes from the start of the pickle.
  public let offset: Int
  public let problem: Problem

  public init(file: String, offset: Int, problem: Problem) {
    self.file = file
    self.offset = offset
    self.problem = problem
  }

  public var description: String { "\(file): pickle, byte \(offset): \(printable(problem.sentence))" }
}

extension PickleError.Problem {
  fileprivate var sentence: String {
    switch self {
    case .forbiddenName(let name):
      "'\(name)' is not on the list of names that weights may mention, so the file is refused; nothing of it was run."
        + " If it comes from a source you trust, save its state_dict() in PyTorch and load that"
    case .forbiddenInstruction(let name):
      "the instruction \(name) is none that PyTorch writes; the file is refused, nothing of it was run"
    case .misuse(let text): "\(text); the file is refused, nothing of it was run"
    case .truncated: "ends in the middle; the file is truncated or damaged"
    case .malformed(let text): "\(text); the file is damaged"
    case .badTensor(let text): "\(text); the file is damaged or made to do harm"
    case .tooLarge(let text): "\(text), which no model of weights needs; the file is refused"
    }
  }
}
