internal import Config
public import PoseCore

/// The parts of losses that specs name.
extension Registry {
  public var assigners: ComponentTable<LossContext, any Assigner> {
    get { self["assigner"] }
    set { self["assigner"] = newValue }
  }

  public var boxLosses: ComponentTable<LossContext, any BoxLoss> {
    get { self["box_loss"] }
    set { self["box_loss"] = newValue }
  }

  public var sideLosses: ComponentTable<LossContext, any SideLoss> {
    get { self["side_loss"] }
    set { self["side_loss"] = newValue }
  }

  public var classLosses: ComponentTable<LossContext, any ClassificationLoss> {
    get { self["class_loss"] }
    set { self["class_loss"] = newValue }
  }

  public var keypointLosses: ComponentTable<LossContext, any KeypointLoss> {
    get { self["keypoint_loss"] }
    set { self["keypoint_loss"] = newValue }
  }

  public var likelihoodLosses: ComponentTable<LossContext, any LikelihoodLoss> {
    get { self["likelihood_loss"] }
    set { self["likelihood_loss"] = newValue }
  }
}

extension ComponentTable where Context == LossContext {
  /// Builds the part that a spec names: `ciou`, or `{type: ciou, …}` where it has arguments.
  func make(_ node: Node, _ context: LossContext) throws -> Product {
    var arguments: Node?
    var name = node
    if case .mapping(let entries) = node.value, let type = node["type"] {
      name = type
      arguments = Node(.mapping(entries.filter { $0.key != "type" }), at: node.location)
    }
    guard case .string(let text) = name.value else {
      throw Diagnostic(
        .error, "the \(kind) is given by its name, or by a mapping with its name as 'type'", at: node.location
      )
    }
    let component = try find(text, at: name.location)
    return try component.make(try component.arguments(arguments, at: node.location), context)
  }
}
