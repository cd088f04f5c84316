internal import Config

/// The schema of the section `ablation`.
enum AblationSchema {
  static let value: SchemaValue = [
    "type": "object", "additionalProperties": false,
    "description": "runs that differ from this experiment in named ways",
    "properties": [
      "mode": [
        "enum": ["grid", "one_at_a_time", "cases", "random", "successive_halving"],
        "description": "how values of the axes are combined",
      ],
      "axes": [
        "description": "named lists of changes to the experiment", "type": "object", "minProperties": 1,
        "additionalProperties": ["type": ["object", "array"]],
      ],
      "cases": ["description": "named changes, for the mode 'cases'", "type": ["object", "array"]],
      "seeds": [
        "description": "random seeds, each of which repeats all runs; or how many",
        "anyOf": [
          ["type": "integer", "minimum": 1],
          ["type": "array", "minItems": 1, "items": ["type": "integer", "minimum": 0]],
        ],
      ],
      "exclude": ["description": "combinations that are left out", "type": "array"],
      "budget": ["description": "limits of the whole: epochs, minutes, runs", "type": "object"],
      "baseline": ["description": "what the others are compared with", "type": ["object", "string"]],
    ],
  ]
}
