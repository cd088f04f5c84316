internal import Config
internal import Data
internal import PoseCore

extension SchemaBuilder {
  /// The file of an experiment. Nothing is required: the command line may give it.
  var experiment: SchemaValue {
    [
      "type": "object", "properties": .object([("extends", Self.extends)] + sections),
      "patternProperties": Self.notes, "additionalProperties": false,
    ]
  }

  /// An experiment with the section `ablation`.
  var ablation: SchemaValue {
    [
      "type": "object",
      "properties": .object([("extends", Self.extends)] + sections + [("ablation", AblationSchema.value)]),
      "patternProperties": Self.notes, "required": ["ablation"], "additionalProperties": false,
    ]
  }

  private var sections: [(String, SchemaValue)] {
    let settings = Setting.sections.map { ($0, section($0)) }
    return [("model", modelReference), ("data", data)] + settings + [
      ("augment", list("augment", of: "augmentation", strengths: strengths)), ("loss", loss),
      ("metrics", list("metrics", of: "metric", strengths: [])),
    ]
  }

  /// Settings, and those of other tools that are understood.
  private func section(_ name: String) -> SchemaValue {
    let settings = Setting.section(name)
    var properties = settings.map { ($0.key, named($0) ?? $0.declaration.schema()) }
    for foreign in ForeignSetting.all where !settings.contains(where: { $0.key == foreign.name }) {
      properties.append((foreign.name, foreign.schema))
    }
    return ["type": ["object", "null"], "properties": .object(properties), "additionalProperties": false]
  }

  /// A setting that names a component, or has several forms.
  private func named(_ setting: Setting) -> SchemaValue? {
    let value: SchemaValue
    switch setting.path {
    case "train.optimizer": value = .anyOf([["enum": ["auto"]], .reference("changed.optimizer")])
    case "train.schedule": value = .anyOf([["type": "null"], .reference("changed.schedule")])
    case "log.loggers":
      let list: SchemaValue = ["type": "array", "items": .reference("logger"), "maxItems": 100]
      value = .anyOf([["type": "null"], .reference("logger"), list])
    case "train.engine": value = ["enum": names(of: "engine", or: ["auto"])]
    case "train.freeze":
      let number: SchemaValue = ["type": "integer", "minimum": 0, "maximum": 10_000]
      value = .anyOf([["type": "null"], number, ["type": "array", "items": number]])
    case "train.cache":
      let names = ExecutionOptions.CacheOption.allCases.map { SchemaValue.string($0.rawValue) }
      value = ["enum": .list(names + [true, false, .null])]
    case "val.classes", "predict.classes":
      value = ["type": ["array", "integer", "null"], "items": ["type": "integer"]]
    default: return nil
    }
    return value.with(
      ("description", .string(setting.declaration.help)), ("default", setting.declaration.defaultValue))
  }

  private func names(of kind: String, or others: [String] = []) -> SchemaValue {
    .names(others + (listing[kind] ?? []).flatMap { [$0.name] + $0.aliases })
  }

  private var modelReference: SchemaValue {
    .anyOf([
      ["type": ["string", "null"], "description": "a model's file or name, or weights"], .reference("model"),
    ])
  }

  private var data: SchemaValue {
    let count: SchemaValue = ["type": "integer", "minimum": 1]
    let name: SchemaValue = ["type": ["string", "null"], "description": "a data set's YAML file or name"]
    let synthetic: SchemaValue =
      [
        "type": "object", "additionalProperties": false,
        "properties": [
          "synth": [
            "description": "synthetic people, made before the run where they are missing", "type": "object",
            "additionalProperties": false,
            "properties": [
              "output": ["type": "string", "description": "their folder, relative to this file"],
              "images": count.with(("maximum", 10_000_000)),
              "size": ["type": "integer", "minimum": 32, "maximum": 4096],
              "seed": ["type": "integer", "minimum": 0],
              "kind": ["enum": .names(SyntheticFigure.allCases.map(\.rawValue))],
              "validation_fraction": ["type": "number", "minimum": 0, "exclusiveMaximum": 1],
              "people": [
                "type": "array", "minItems": 2, "maxItems": 2, "items": count.with(("maximum", 50)),
              ],
            ],
          ]
        ],
      ]
    let mixture: SchemaValue = [
      "type": "object", "additionalProperties": false, "required": ["mix"],
      "properties": [
        "mix": [
          "description": "data sets to train on; the first is also measured on", "type": "array",
          "minItems": 1,
          "items": .anyOf([
            name, synthetic,
            [
              "type": "object", "additionalProperties": false, "required": ["data"],
              "properties": [
                "data": .anyOf([name, synthetic]),
                "weight": ["type": "number", "minimum": 0, "maximum": 1000],
              ],
            ],
          ]),
        ]
      ],
    ]
    return .anyOf([name, synthetic, mixture])
  }

  private var loss: SchemaValue { .anyOf([["type": "null"], .reference("changed.loss")]) }

  private var strengths: [(String, SchemaValue)] {
    let settings = Setting.section("augment")
    let foreign = ForeignSetting.all.filter { one in !settings.contains { $0.key == one.name } }
    return settings.map { ($0.key, $0.declaration.schema()) } + foreign.map { ($0.name, $0.schema) }
  }

  /// A list of components, one of them, or a mapping that changes the list below.
  private func list(
    _ key: String, of kind: String, strengths: [(String, SchemaValue)]
  ) -> SchemaValue {
    let taken = Set(strengths.map(\.0))
    var named = strengths
    for one in listing[kind] ?? [] {
      let arguments = mapping(of: one, isPartial: true)
      for name in [one.name] + one.aliases {
        if let index = named.firstIndex(where: { $0.0 == name }) {
          named[index].1 = .anyOf([named[index].1, arguments])
        } else if !taken.contains(name) {
          named.append((name, arguments))
        }
      }
    }
    var forms: [SchemaValue] = [
      ["type": "null"], ["type": "array", "items": .reference(kind), "maxItems": 1000],
      Self.edits(
        of: .reference(kind),
        address: .anyOf([["type": "integer", "minimum": 0], ["enum": names(of: kind)]]), named: .object(named)
      ),
    ]
    if key == "metrics" {
      forms.append(.reference(kind))
    } else {
      forms.append(["type": "object", "maxProperties": 0])
    }
    return .anyOf(forms)
  }
}

extension ForeignSetting {
  /// Values that are accepted, and what is said of them.
  fileprivate var schema: SchemaValue {
    switch otherwise {
    case .agrees: [:]
    case .noted(let text): ["description": .string(text), "deprecated": true]
    case .refused(let text):
      [
        "description": .string(text), "deprecated": true,
        "enum": .list(neutral + (neutral.contains(.null) ? ["None", "none", ""] : [])),
      ]
    }
  }
}
