internal import Config
internal import Layers
internal import Tensor

extension Activation {
  /// Activations that a model's file may name, with what other tools write for them.
  static let modelNames: [(name: String, foreign: [String], activation: Activation)] = [
    ("silu", ["SiLU()"], .silu), ("relu", ["ReLU()"], .relu),
    ("leaky_relu", ["LeakyReLU()", "LeakyReLU(0.01)"], .leakyReLU), ("gelu", ["GELU()"], .gelu),
    ("hard_swish", ["Hardswish()"], .hardSwish), ("hard_sigmoid", ["Hardsigmoid()"], .hardSigmoid),
    ("sigmoid", ["Sigmoid()"], .sigmoid), ("tanh", ["Tanh()"], .tanh),
    ("softplus", ["Softplus()"], .softplus), ("identity", ["Identity()"], .identity),
  ]

  /// Reads the key `activation` of a model's file: `relu`, or `nn.ReLU()` as other tools write it.
  ///
  /// - Throws: for a name that is not in the list; nothing is ever evaluated.
  init(modelKey node: Node) throws(Diagnostic) {
    let text = try node.string(named: "activation")
    var name = text.replacing(" ", with: "")
    for prefix in ["torch.", "nn."] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
    name.replace("inplace=True", with: "")
    let known = Self.modelNames
    if let found = known.first(where: { $0.name == name || $0.foreign.contains(name) }) {
      self = found.activation
      return
    }
    let names = known.map(\.name)
    var hint = suggestion(for: text, among: names)
    if hint.isEmpty { hint = "; known: \(names.joined(separator: ", "))" }
    throw Diagnostic(.error, "no activation named '\(text)'\(hint)", at: node.location)
  }
}

extension ParameterOwner {
  /// Gives every convolution block below that applies SiLU another activation.
  func replaceActivation(by activation: Activation) {
    if let block = self as? ConvolutionBlock, block.activation == .silu { block.activation = activation }
    for case .layer(_, let part) in members { part.replaceActivation(by: activation) }
  }
}
