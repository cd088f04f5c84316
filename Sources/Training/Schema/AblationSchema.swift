internal import Config

/// The schema of the section `ablation`.
enum AblationSchema {
  static var value: SchemaValue {
    let text: SchemaValue = ["type": "string"]
    let changes: SchemaValue = [
      "type": ["object", "null"], "description": "values of the experiment, by dotted path or flat name",
    ]
    let combination: SchemaValue = [
      "type": ["object", "string"], "description": "a level of each axis, or the name of a case",
    ]
    return [
      "type": ["object", "null"], "additionalProperties": false,
      "description": "runs that differ from this experiment in named ways",
      "properties": [
        "name": ["type": "string", "description": "for folders and reports; the file's name by default"],
        "mode": [
          "enum": ["grid", "one_at_a_time", "cases", "random", "successive_halving"],
          "description": "which combinations of levels are run",
        ],
        "figure": ["type": "string", "pattern": "/", "description": "the figure that decides: METRIC/NAME"],
        "axes": [
          "type": ["object", "null"],
          "description":
            "each maps names of levels to changes, or lists values of the setting it is called by",
          "additionalProperties": [
            "anyOf": [
              ["type": "object", "additionalProperties": changes], ["type": "array", "minItems": 2],
            ]
          ],
        ],
        "cases": [
          "type": ["object", "null"], "description": "named changes, for the mode 'cases'",
          "additionalProperties": changes,
        ],
        "baseline": combination,
        "exclude": [
          "type": "array", "items": combination, "description": "combinations that are left out",
        ],
        "seeds": [
          "description": "each repeats all runs; a number means so many",
          "anyOf": [
            ["type": "integer", "minimum": 1, "maximum": 10_000],
            [
              "type": "array", "minItems": 1, "maxItems": 10_000, "uniqueItems": true,
              "items": ["type": "integer", "minimum": 0],
            ],
          ],
        ],
        "samples": [
          "type": ["integer", "null"], "minimum": 1, "maximum": 100_000,
          "description": "combinations drawn besides the baseline",
        ],
        "sampling_seed": ["type": "integer", "minimum": 0],
        "halving": section([
          ("factor", ["type": "integer", "minimum": 2, "maximum": 100]), ("epochs", epochs), ("figure", text),
        ]),
        "budget": section([
          ("epochs", ["type": ["integer", "null"], "minimum": 1]), ("minutes", minutes),
          ("runs", ["type": ["integer", "null"], "minimum": 1]),
        ]),
        "limits": section([
          ("minutes", minutes), ("silent_minutes", ["type": "number", "minimum": 0.001, "maximum": 1e9]),
        ]),
      ],
    ]
  }

  private static let epochs: SchemaValue = ["type": "integer", "minimum": 1, "maximum": 100_000]
  private static let minutes: SchemaValue = ["type": ["number", "null"], "minimum": 0.001, "maximum": 1e9]

  private static func section(_ properties: [(String, SchemaValue)]) -> SchemaValue {
    ["type": ["object", "null"], "additionalProperties": false, "properties": .object(properties)]
  }
}
