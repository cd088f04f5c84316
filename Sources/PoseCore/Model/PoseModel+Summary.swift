internal import Config
internal import Layers
internal import Tensor

extension PoseModel {
  /// The model's table for images of one size: what every node gives and costs.
  ///
  /// Found by running the model on an engine that computes nothing, so it holds for any layer.
  ///
  /// - Precondition: height and width are multiples of `sizeMultiple`.
  public func summary(height: Int, width: Int) -> ModelSummary {
    let engine = ShapeEngine()
    let device = engine.device()
    let pass = ForwardPass(.training, recordsGradients: false)
    return withTemporaryParameters(on: device) {
      var lines: [ModelNodeSummary] = []
      var counted = (products: 0, normalized: 0)
      func line(
        _ name: String, from: String, repeats: Int, _ arguments: Node, _ owner: any ParameterOwner,
        shapes: [[Int]]
      ) {
        lines.append(
          ModelNodeSummary(
            index: lines.count, from: from, repeats: repeats, name: name, arguments: arguments,
            parameterCount: owner.parameterCount, outputShapes: shapes,
            multiplyAdds: engine.multiplyAdds - counted.products,
            normalizedNumbers: engine.normalizedNumbers - counted.normalized))
        counted = (engine.multiplyAdds, engine.normalizedNumbers)
      }
      let images = Tensor(uninitialized: [1, height, width, 3], on: device)
      let output = self(images, pass) { index, maps in
        let node = graph.nodes[index]
        line(
          node.name, from: node.from, repeats: node.repeats, node.arguments, node.owner,
          shapes: maps.map { Array($0.shape.dropFirst()) })
      }
      let shapes = output.levels.flatMap { [$0.boxes, $0.scores, $0.keypoints] }.map {
        Array($0.shape.dropFirst())
      }
      line(headName, from: headFrom, repeats: 1, headArguments, head, shapes: shapes)
      // Inference reads one set of the head's branches, and has no outputs that serve training alone.
      let trained = engine.multiplyAdds
      let read = self(images, ForwardPass(.evaluation, recordsGradients: false))
      _ = (layout.isNMSFree ? read.oneToOneOutput : read)?.levels
      let inferred = engine.multiplyAdds - trained
      _ = (layout.isNMSFree ? read.levels : read.oneToOne)
      lines[lines.count - 1].multiplyAdds -= trained - (engine.multiplyAdds - trained)
      return ModelSummary(
        height: height, width: width, nodes: lines, layout: layout,
        inferenceMultiplyAdds: inferred,
        anchorCount: output.levels.reduce(0) { $0 + $1.scores.rows })
    }
  }

  /// Lends parameters without numbers to a model that has none.
  private func withTemporaryParameters<Result>(on device: Device, _ body: () -> Result) -> Result {
    let states = namedState()
    let isMaterialised = states.contains { state in
      if case .parameter(let parameter) = state.kind { parameter.storage != nil } else { false }
    }
    if isMaterialised { return body() }
    let store = ParameterStore(self, device: device, seed: nil)
    defer {
      for state in states {
        switch state.kind {
        case .parameter(let parameter): parameter.storage = nil
        case .buffer(let buffer): buffer.storage = nil
        }
      }
    }
    return withExtendedLifetime(store) { body() }
  }
}
