internal import Config
internal import PoseCore

extension LoggedGraph {
  /// The graph of a model for images of one size.
  ///
  /// - Precondition: height and width are multiples of the model's `sizeMultiple`.
  init(_ model: PoseModel, height: Int, width: Int) {
    let summary = model.summary(height: height, width: width)
    let names = summary.nodes.map { "model/\($0.index)/\($0.name)" }
    func sources(of maps: [FeatureGraph.Map]) -> [String] {
      var seen: Set<String> = []
      let all = maps.map { map in
        switch map {
        case .input: "images"
        case .output(let node, _): names[node]
        }
      }
      return all.filter { seen.insert($0).inserted }
    }
    nodes = [
      Node(
        name: "images", kind: "images", inputs: [], outputShapes: [[height, width, 3]], parameterCount: 0,
        arguments: "")
    ]
    for line in summary.nodes {
      let isHead = line.index >= model.graph.nodes.count
      nodes.append(
        Node(
          name: names[line.index], kind: line.name,
          inputs: sources(of: isHead ? model.graph.results : model.graph.nodes[line.index].inputs),
          outputShapes: line.outputShapes, parameterCount: line.parameterCount,
          arguments: line.arguments.flowText))
    }
  }
}
