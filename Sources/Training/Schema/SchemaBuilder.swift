internal import Config
internal import PoseCore

/// Makes the parts of the schemas.
struct SchemaBuilder {
  let registry: Registry
  /// Components by kind.
  let listing: [String: [ComponentListing]]

  init(registry: Registry) {
    self.registry = registry
    listing = Dictionary(grouping: registry.listing, by: \.kind)
  }

  /// Kinds that a file may name, and those that their arguments name in turn.
  func definitions(of schema: SpecSchema) -> SchemaValue {
    var kinds = schema == .dataset ? ["dataset"] : ["backbone", "neck", "head"]
    if schema == .experiment || schema == .ablation {
      kinds += ["augmentation", "loss", "metric", "optimizer", "schedule", "logger"]
    }
    var position = 0
    while position < kinds.count {
      for parameter in (listing[kinds[position]] ?? []).flatMap(\.parameters) {
        if case .component(let kind) = parameter.kind, !kinds.contains(kind) { kinds.append(kind) }
      }
      position += 1
    }
    var entries = kinds.flatMap { [($0, component($0)), ("changed.\($0)", changed($0))] }
    if schema == .dataset { return .object(entries) }
    entries += [("recipe", recipe), ("source", source), ("edits", modelEdits)]
    for layer in lineNames { entries.append(("arguments.\(layer.name)", arguments(of: layer))) }
    if schema != .model {
      entries.append(("model", model(isPartial: true)))
    }
    return .object(entries)
  }

  // MARK: Components

  /// A name, or a mapping with `type` and the arguments of that component.
  private func component(_ kind: String) -> SchemaValue {
    let known = listing[kind] ?? []
    let names = SchemaValue.names(known.flatMap { [$0.name] + $0.aliases })
    let cases = known.map { one -> SchemaValue in
      let given: SchemaValue = [
        "properties": ["type": ["enum": .names([one.name] + one.aliases)]], "required": ["type"],
      ]
      return ["if": given, "then": mapping(of: one, also: [("type", true)] + Self.places(kind))]
    }
    return .anyOf([
      ["enum": names, "description": .string("the name of a \(kind)")],
      [
        "type": "object", "required": ["type"], "properties": ["type": ["enum": names]],
        "allOf": .list(cases),
      ],
    ])
  }

  /// The same, or arguments alone: of what a file below names, or of the default.
  private func changed(_ kind: String) -> SchemaValue {
    let arguments = (listing[kind] ?? []).map { mapping(of: $0, also: Self.places(kind), isPartial: true) }
    return .anyOf([.reference(kind)] + arguments)
  }

  /// Parts of a model say what they take from.
  private static func places(_ kind: String) -> [(String, SchemaValue)] {
    ["backbone", "neck", "head"].contains(kind)
      ? [("from", .anyOf([.reference("source"), ["type": "null"]]))] : []
  }

  /// The arguments of a component by name.
  func mapping(
    of one: ComponentListing, also keys: [(String, SchemaValue)] = [], symbols: [String] = [],
    isPartial: Bool = false
  ) -> SchemaValue {
    var properties = keys
    for parameter in one.parameters {
      let schema = parameter.schema(symbols: symbols)
      for name in [parameter.name] + parameter.aliases { properties.append((name, schema)) }
    }
    let required = isPartial ? [] : one.parameters.filter(\.isRequired)
    let given = required.map { parameter in
      SchemaValue.anyOf(([parameter.name] + parameter.aliases).map { ["required": [.string($0)]] })
    }
    return SchemaValue.object([
      ("type", "object"), ("description", .string(one.summary)), ("properties", .object(properties)),
      ("additionalProperties", false),
    ]).with(("allOf", given.isEmpty ? nil : .list(given)))
  }

  // MARK: Recipes

  private static let symbols = ["nc", "kpt_shape"]

  /// Layers, and the heads that may end a recipe.
  private var lineNames: [ComponentListing] { (listing["layer"] ?? []) + (listing["head"] ?? []) }

  /// By position, by name, or none.
  private func arguments(of one: ComponentListing) -> SchemaValue {
    let required = one.parameters.lastIndex { $0.isRequired }.map { $0 + 1 } ?? 0
    let positional = SchemaValue.object([
      ("type", "array"), ("prefixItems", .list(one.parameters.map { $0.schema(symbols: Self.symbols) })),
      ("minItems", .int(required)), ("maxItems", .int(one.parameters.count)),
    ])
    let named = mapping(of: one, symbols: Self.symbols)
    return .anyOf(required == 0 ? [positional, named, ["type": "null"]] : [positional, named])
      .with(("description", .string(one.summary)))
  }

  private var source: SchemaValue {
    let one: SchemaValue = [
      "anyOf": [["type": "integer"], ["type": "string", "pattern": "^P([0-9]|1[0-6])$"]]
    ]
    return .anyOf([one, ["type": "array", "items": one, "minItems": 1]])
  }

  /// A list of `[from, repeats, layer, arguments]`.
  private var recipe: SchemaValue {
    let names = lineNames.flatMap { [$0.name] + $0.aliases }
    let cases = lineNames.map { layer -> SchemaValue in
      let isIt: SchemaValue = ["prefixItems": [true, true, ["enum": .names([layer.name] + layer.aliases)]]]
      let fits: SchemaValue = ["prefixItems": [true, true, true, .reference("arguments.\(layer.name)")]]
      let isNeeded = layer.parameters.contains(where: \.isRequired)
      return ["if": isIt, "then": fits.with(("minItems", isNeeded ? 4 : nil))]
    }
    return [
      "type": "array",
      "items": [
        "type": "array", "minItems": 3, "maxItems": 4, "description": "[from, repeats, layer, arguments]",
        "prefixItems": [
          .reference("source"),
          ["type": "integer", "minimum": 1, "maximum": .int(RecipeEntry.maximumRepeats)],
          ["enum": .names(names)],
          true,
        ], "allOf": .list(cases),
      ],
    ]
  }

  // MARK: Models

  /// The file of a model, or a whole model in place.
  ///
  /// - Parameter isPartial: whether a file below may give the rest.
  func model(isPartial: Bool = false) -> SchemaValue {
    let part = { (kind: String) -> SchemaValue in
      .anyOf([.reference("recipe"), .reference("changed.\(kind)"), .reference("edits")])
    }
    let depth: SchemaValue = ["type": "number", "exclusiveMinimum": 0, "maximum": 16]
    let channels: SchemaValue = [
      "type": "integer", "minimum": 1, "maximum": .int(LayerContext.maximumChannels),
    ]
    return [
      "type": "object",
      "properties": [
        "extends": Self.extends,
        "nc": ["type": ["integer", "null"], "minimum": 1, "description": "number of classes"],
        "kpt_shape": Self.keypointShape,
        "reg_max": [
          "type": ["integer", "null"], "minimum": 1, "maximum": 64, "description": "bins of the box sides",
        ],
        "end2end": ["type": ["boolean", "null"], "description": "whether the head has one-to-one branches"],
        "activation": ["type": ["string", "null"], "description": "activation of all convolutions"],
        "scale": [
          "type": ["string", "null"], "description": "the scale to build; the first one by default",
        ],
        "scales": [
          "type": ["object", "null"], "description": "[depth, width, most channels] of each scale",
          "additionalProperties": [
            "anyOf": [
              ["type": "array", "minItems": 3, "maxItems": 3, "prefixItems": [depth, depth, channels]],
              [
                "type": "object", "required": ["depth", "width"], "additionalProperties": false,
                "properties": ["depth": depth, "width": depth, "max_channels": channels],
              ],
            ]
          ],
        ],
        "depth_multiple": .anyOf([depth, ["type": "null"]]),
        "width_multiple": .anyOf([depth, ["type": "null"]]),
        "backbone": part("backbone"),
        "neck": .anyOf([
          ["type": "null"], .reference("recipe"), .reference("changed.neck"), .reference("edits"),
        ]),
        "head": part("head"),
      ], "patternProperties": Self.notes, "additionalProperties": false,
      "anyOf": isPartial ? [true] : [["required": ["extends"]], ["required": ["backbone", "head"]]],
    ]
  }

  /// Keys that are not read.
  static let notes: SchemaValue = ["^(x-|_)": [:]]

  static let extends: SchemaValue = [
    "description": "files to begin with, relative to this one; later ones are laid over earlier ones",
    "anyOf": [["type": ["string", "null"]], ["type": "array", "items": ["type": "string"]]],
  ]

  static let keypointShape: SchemaValue = [
    "description": "[keypoints, 2 or 3 numbers each]", "type": ["array", "null"], "minItems": 2,
    "maxItems": 2,
    "prefixItems": [["type": "integer", "minimum": 1], ["enum": [2, 3]]],
  ]

  /// Edits of a recipe, whose lines go by number.
  private var modelEdits: SchemaValue {
    Self.edits(of: ["type": "array"], address: ["type": "integer"], named: [:])
  }

  /// A mapping that changes a list.
  ///
  /// - Parameter address: how an element is called.
  static func edits(
    of element: SchemaValue, address: SchemaValue, named properties: SchemaValue
  ) -> SchemaValue {
    let several = SchemaValue.anyOf([element, ["type": "array", "items": element]])
    let placed: SchemaValue = ["type": "object", "additionalProperties": several]
    var entries: [(String, SchemaValue)] = [
      ("append", several.with(("description", "elements at the end"))),
      ("prepend", several.with(("description", "elements at the start"))),
      ("before", placed.with(("description", "elements before the one of that name"))),
      ("after", placed.with(("description", "elements behind the one of that name"))),
      (
        "remove",
        [
          "description": "names or positions",
          "anyOf": [address, ["type": "array", "items": address]],
        ]
      ),
      ("replace", ["type": "object", "description": "other elements in place of those of that name"]),
      ("steps", ["type": "array", "items": ["type": "object"], "description": "edits, one after the other"]),
    ]
    if case .mapping(let named) = properties { entries += named.map { ($0.key, $0.value.value) } }
    return SchemaValue.object([("type", "object"), ("properties", .object(entries)), ("minProperties", 1)])
      .with(("patternProperties", ["^[0-9]+$": true]), ("additionalProperties", false))
  }
}
