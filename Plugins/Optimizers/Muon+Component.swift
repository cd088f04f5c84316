public import PoseCore

extension Muon {
  /// `muon`.
  public static let component = Component<OptimizerContext, any Optimizer>(
    "muon", aliases: ["Muon"],
    summary: "Orthogonalised momentum for matrices, AdamW or SGD for the rest.",
    reference: "Jordan et al., Muon: An Optimizer for Hidden Layers, 2024; Liu et al., arXiv:2502.16982",
    parameters: [
      .init("nesterov", .bool, default: true, help: "look ahead along the momentum"),
      .init("ns_steps", .int(1...50), default: 5, help: "Newton-Schulz iterations", aliases: ["iterations"]),
      .init(
        "scaling", .choice(of: Scaling.self), default: "original",
        help: "length of an update: root of rows / columns (at least 1), or as long as AdamW's"),
      .init(
        "fallback", .choice(of: Fallback.self), default: "adamw",
        help: "steps of biases, normalisation scales and single rows or columns"),
      .init(
        "fallback_rate", .float(0...100), default: .null,
        help: "their learning rate as a part of lr0; none means 0.1 for adamw, 1 for sgd"),
      .init(
        "beta2", .float(0...0.999_999), default: 0.95, help: "of adamw: how slowly the second moment moves"),
      .init(
        "epsilon", .float(above: 0), default: 1e-8, help: "of adamw: added to the root of the second moment",
        aliases: ["eps"]),
    ]
  ) { arguments, context in
    var options = Options()
    options.nesterov = try arguments.bool("nesterov")
    options.iterations = try arguments.int("ns_steps")
    options.scaling = try arguments.choice("scaling")
    options.fallback = try arguments.choice("fallback")
    options.fallbackRate =
      try arguments.optionalDouble("fallback_rate") ?? (options.fallback == .sgd ? 1 : 0.1)
    options.beta2 = try arguments.double("beta2")
    options.epsilon = try arguments.double("epsilon")
    return Muon(context, options)
  }
}
