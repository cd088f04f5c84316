public import Config

extension FeatureGraph {
  /// Builds the recipe of a registered backbone or neck.
  ///
  /// The recipe's lines count from 0. Where the part takes one map, `-1` in the first line is that; in general
  /// `P3`, `P4` … are the maps it takes, by their strides.
  ///
  /// - Parameters:
  ///   - recipe: a list of `[from, repeats, layer, arguments]`.
  ///   - results: numbers of the lines whose maps the part gives; nil gives the last map of each stride from 8 on.
  public convenience init(
    recipe: Node.Value, results: [Int]? = nil, context: FeatureContext
  ) throws(DiagnosticList) {
    let entries = try RecipeEntry.list(Node(recipe), named: "recipe")
    var builder = FeatureGraphBuilder(inputs: context.inputs, scale: context.scale, layers: context.layers)
    builder.add(entries, levels: context.inputs.indices.map { .input($0) })
    try builder.faults.throwErrors()
    let maps = results.map { $0.map { Map.output(node: $0, map: 0) } } ?? builder.levels(from: 0) ?? []
    self.init(inputs: context.inputs, nodes: builder.nodes, results: maps)
  }
}
