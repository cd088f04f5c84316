internal import Foundation
public import Interchange
internal import Layers
internal import PoseCore
public import Training

/// Writes the weights of one file as another: from PyTorch and safetensors files to safetensors and PyTorch files.
///
/// Numbers keep their type and bits. A safetensors file gets what is known of the model: its spec, keypoints and
/// classes. A PyTorch file is a state dictionary, which `torch.load(path, weights_only=True)` opens.
public struct WeightsConversion: Sendable {
  /// Why a conversion is impossible.
  public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name does not end like that of a format that is written.
    case unknownFormat(path: String)
    /// The format has no such elements.
    case unsupportedType(path: String, tensor: String, type: ElementType)
    /// The format keeps the name for itself.
    case reservedName(path: String, tensor: String)

    public var description: String {
      switch self {
      case .unknownFormat(let path):
        "'\(path)': weights are written as .safetensors, or as .pt or .pth, a state dictionary for PyTorch"
      case .unsupportedType(let path, let tensor, let type):
        "\(path): tensor '\(tensor)' holds \(type.rawValue) elements, which PyTorch files cannot; write .safetensors"
      case .reservedName(let path, let tensor):
        "\(path): safetensors files keep the name '\(tensor)' for themselves, so no tensor may have it; write .pt"
      }
    }
  }

  public let output: String
  /// What was known of the model; nil where the input says nothing.
  public let description: ModelDescription?
  public let tensorCount: Int
  /// Bytes of the numbers.
  public let byteCount: Int
  /// What a user should know.
  public let notes: [String]

  /// Converts.
  ///
  /// - Throws: what is wrong with the input; `Fault`; what writing throws. A file that was there is then as before.
  public init(_ input: String, to output: String) throws {
    guard WeightsFile.isNamed(output) else { throw Fault.unknownFormat(path: output) }
    let isSafetensors = output.hasSuffix(".safetensors")
    let checkpoint: Checkpoint?
    var notes: [String] = []
    let file: any TensorFile
    do {
      let opened = try Checkpoint(input)
      (checkpoint, file) = (opened, opened.file)
    } catch CheckpointError.otherModel(_, let found) {
      (checkpoint, file) = (nil, try WeightsFile.open(input))
      notes.append("the input holds \(found), not a pose model; its weights are converted all the same")
    }
    let all = file.names
    let names = all.filter { !$0.hasPrefix(ParameterStore.trainingPrefix) }
    if names.count < all.count { notes.append("the state of the training is left out") }
    description = checkpoint?.description
    if description == nil, isSafetensors, notes.isEmpty {
      notes.append(
        "the input does not say what model it is of; name the output like its YAML, or give that as model= later"
      )
    }
    if description != nil, !isSafetensors {
      notes.append("a state dictionary says nothing of its model; use it with the model's code or YAML")
    }

    var bytes = 0
    var safetensors = SafetensorsWriter(metadata: try description?.metadata ?? ["format": "pt"])
    var pyTorch = PyTorchWriter()
    for name in names {
      guard let (type, shape) = file.description(of: name) else { continue }
      bytes += shape.reduce(type.size, *)
      if isSafetensors {
        guard name != "__metadata__" else { throw Fault.reservedName(path: input, tensor: name) }
        safetensors.add(name, type: type, shape: shape) { sink in
          try file.tensor(named: name).bytes.withUnsafeBytes(sink)
        }
      } else {
        guard PyTorchWriter.supports(type) else {
          throw Fault.unsupportedType(path: input, tensor: name, type: type)
        }
        pyTorch.add(name, type: type, shape: shape) { sink in
          try file.tensor(named: name).bytes.withUnsafeBytes(sink)
        }
      }
    }
    if isSafetensors { try safetensors.write(to: output) } else { try pyTorch.write(to: output) }
    self.output = output
    tensorCount = names.count
    byteCount = bytes
    self.notes = notes
  }
}
