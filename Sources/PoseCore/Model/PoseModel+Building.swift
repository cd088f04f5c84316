public import Config

extension PoseModel {
  /// Most parameters a model may have: 8 GB of them, and as much again for gradients.
  static let maximumParameterCount = 2_000_000_000

  /// Builds the model that a spec describes, from the registry's components.
  ///
  /// Shapes are inferred through the whole model; nothing is allocated.
  ///
  /// - Throws: every fault found: unknown names and arguments, sources that do not exist, maps that do not fit.
  public convenience init(_ spec: ModelSpec, registry: Registry) throws(DiagnosticList) {
    var faults = DiagnosticList()
    if spec.classCount == nil {
      faults.append(
        Diagnostic(.error, "the model does not say how many classes it has; give 'nc'", at: spec.location))
    }
    if spec.keypointShape == nil {
      faults.append(
        Diagnostic(
          .error, "the model does not say how many keypoints it has; give 'kpt_shape'", at: spec.location))
    }
    guard let classes = spec.classCount, let keypoints = spec.keypointShape else { throw faults }

    var builder = FeatureGraphBuilder(
      inputs: [FeatureShape(channels: 3, stride: 1)], scale: spec.scale, layers: registry.layers,
      symbols: [
        "nc": .int(classes),
        "kpt_shape": .sequence([Node(.int(keypoints.count)), Node(.int(keypoints.dimensions))]),
      ])
    builder.headNames = Set(registry.heads.all.flatMap { [$0.name] + $0.aliases })
    var levels = builder.add(spec.backbone, from: registry.backbones, levels: [.input(0)])
    if let neck = spec.neck { levels = builder.add(neck, from: registry.necks, levels: levels) }
    let part = builder.headPart(spec.head, levels: &levels)
    let built = part.flatMap { builder.build($0, levels: levels, spec, registry.heads, classes, keypoints) }
    builder.faults.sort()
    try builder.faults.throwErrors()
    guard let built else {
      throw DiagnosticList([Diagnostic(.error, "the model has no head", at: spec.location)])
    }
    self.init(
      graph: builder.graph(results: built.maps), head: built.head, scale: spec.scale, headName: built.name,
      headFrom: built.from, headArguments: built.arguments)
    try checkSize(at: spec.location)
    if let activation = spec.activation { replaceActivation(by: activation) }
  }

  /// What a model may need beyond its single layers.
  private func checkSize(at location: SourceLocation?) throws(DiagnosticList) {
    let count = parameterCount
    if count > Self.maximumParameterCount {
      throw DiagnosticList([
        Diagnostic(
          .error, "the model would have \(count) parameters; the limit is \(Self.maximumParameterCount)",
          at: location)
      ])
    }
    if sizeMultiple > FeatureShape.maximumStride {
      let strides = Set(graph.nodes.flatMap(\.outputs).map(\.stride)).sorted()
      throw DiagnosticList([
        Diagnostic(
          .error, "no image fits the strides \(strides) of this model's maps; use multiples of each other",
          at: location)
      ])
    }
  }
}

private struct BuiltHead {
  var head: any PoseHead
  var name: String
  var from: String
  var maps: [FeatureGraph.Map]
  var arguments: Node
}

extension FeatureGraphBuilder {
  /// Adds a backbone or neck and returns the maps it gives; nil where they are unknown.
  fileprivate mutating func add(
    _ part: PartSpec, from table: ComponentTable<FeatureContext, any FeatureExtractor>, levels: [Map]?
  ) -> [Map]? {
    switch part {
    case .recipe(let entries, _):
      let start = nodes.count
      add(entries, levels: start == 0 ? [] : levels)
      return self.levels(from: start)
    case .named(let part):
      return add(part, from: table, taking: sources(of: part, levels: levels))
    }
  }

  private mutating func sources(of part: NamedPart, levels: [Map]?) -> [Map]? {
    guard let sources = part.sources else { return levels }
    var maps: [Map] = []
    for source in sources {
      guard
        let map = resolve(source, of: part.component.name, levels: levels, at: part.component.location)
      else { return nil }
      maps.append(map)
    }
    return maps
  }

  /// The head by name. Where a recipe stands in its place, that is the last line; those before it are layers.
  fileprivate mutating func headPart(_ spec: PartSpec, levels: inout [Map]?) -> NamedPart? {
    switch spec {
    case .named(let part):
      return part
    case .recipe(let entries, let location):
      guard let last = entries.last else {
        faults.append(
          Diagnostic(.error, "'head' is an empty list; its last line must be a head", at: location))
        return nil
      }
      let start = nodes.count
      add(Array(entries.dropLast()), levels: levels)
      if nodes.count > start { levels = self.levels(from: start) }
      return NamedPart(
        ComponentSpec(name: last.name, arguments: last.arguments, at: last.nameLocation),
        sources: last.sources)
    }
  }

  fileprivate mutating func build(
    _ part: NamedPart, levels: [Map]?, _ spec: ModelSpec,
    _ table: ComponentTable<HeadContext, any PoseHead>, _ classes: Int,
    _ keypoints: ModelSpec.KeypointShape
  ) -> BuiltHead? {
    if table.find(part.component.name) == nil, layers.find(part.component.name) != nil {
      let known = table.names.joined(separator: ", ")
      faults.append(
        Diagnostic(
          .error,
          "the model ends with the layer '\(part.component.name)'; its last line must be a head: \(known)",
          at: part.component.location))
      return nil
    }
    let maps = sources(of: part, levels: levels)
    let checked = attempt { try table.resolve(part.component, symbols: $0.symbols) }
    guard let (component, arguments) = checked, let maps else { return nil }
    guard !maps.isEmpty else {
      if !faults.hasErrors {
        faults.append(
          Diagnostic(
            .error,
            "the head '\(part.component.name)' gets no maps: no node before it has a stride of 8 or more",
            at: part.component.location))
      }
      return nil
    }
    let context = HeadContext(
      inputs: maps.map { shape(of: $0) }, scale: scale, classCount: classes, keypointCount: keypoints.count,
      keypointDimensions: keypoints.dimensions, layerNames: Set(nodes.map(\.name)), regMax: spec.regMax,
      isEndToEnd: spec.isEndToEnd)
    let head = attempt { _ in try component.make(arguments, context) }
    return head.map {
      BuiltHead(
        head: $0, name: component.name, from: description(of: maps), maps: maps,
        arguments: arguments.resolved)
    }
  }
}
