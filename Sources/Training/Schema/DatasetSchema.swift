internal import Config
internal import Data

/// The schema of data set files.
enum DatasetSchema {
  static var value: SchemaValue {
    let text: SchemaValue = ["type": "string"]
    let place: SchemaValue = [
      "description": "a folder, a list file, or several of them, relative to 'path'",
      "anyOf": [["type": ["string", "null"]], ["type": "array", "items": text, "minItems": 1]],
    ]
    let names: SchemaValue = [
      "anyOf": [
        ["type": "array", "minItems": 1, "items": ["type": ["string", "integer"]]],
        [
          "type": "object", "minProperties": 1, "propertyNames": ["pattern": "^[0-9]+$"],
          "additionalProperties": ["type": ["string", "integer"]],
        ],
      ]
    ]
    let nameLists: SchemaValue = .anyOf([
      names, ["type": "array", "items": names], ["type": "object", "additionalProperties": names],
      ["type": "null"],
    ])
    let ends: SchemaValue = [
      "type": "array", "minItems": 2, "maxItems": 2, "items": ["type": ["string", "integer"]],
    ]
    var properties: [(String, SchemaValue)] = [
      (
        "path", ["type": ["string", "null"], "description": "the folder of the data, relative to this file"]
      ),
      ("train", place), ("val", place), ("validation", place), ("test", place),
      (
        "annotations",
        [
          "description": "files for splits that hold the labels of all images, such as COCO's",
          "type": ["object", "null"],
          "additionalProperties": false,
          "properties": .object(
            DatasetSplit.allCases.map { ($0.rawValue, ["type": ["string", "null"]]) }),
        ]
      ),
      (
        "labels",
        .anyOf([["type": "null"], .reference("dataset")]).with(
          ("description", "the form of the labels, where it is not to be recognised"))
      ),
      ("names", .anyOf([names, ["type": "null"]]).with(("description", "the classes"))),
      ("nc", ["type": ["integer", "null"], "minimum": 1, "description": "number of classes"]),
      ("channels", ["enum": [3, .null]]),
      (
        "kpt_shape",
        [
          "description": "[keypoints, 2 or 3 numbers each]", "type": "array", "minItems": 2, "maxItems": 2,
          "prefixItems": [["type": "integer", "minimum": 1, "maximum": 1000], ["enum": [2, 3]]],
        ]
      ),
      (
        "flip_idx",
        [
          "description": "the keypoint that each becomes in a mirror", "type": ["array", "null"],
          "uniqueItems": true, "items": ["type": "integer", "minimum": 0],
        ]
      ),
      (
        "flip_pairs",
        [
          "description": "the same by names: pairs that change places in a mirror",
          "type": ["array", "null"], "items": ends,
        ]
      ),
      ("kpt_names", nameLists.with(("description", "the keypoints, in their order"))),
      (
        "kpt_oks_sigmas",
        [
          "description": "how exactly each keypoint can be told; see OKS",
          "type": ["array", "null", "object"],
          "items": ["type": "number", "exclusiveMinimum": 0],
          "additionalProperties": ["type": "number", "exclusiveMinimum": 0],
        ]
      ),
      ("skeleton", ["description": "limbs to draw", "type": ["array", "null"], "items": ends]),
      ("download", ["description": "not run: data are never fetched"]),
    ]
    let known = Set(properties.map(\.0))
    properties += DatasetSpec.ignoredKeys.filter { !known.contains($0) }.map { ($0, [:]) }
    return [
      "type": "object", "properties": .object(properties), "patternProperties": ["^(x-|_)": [:]],
      "additionalProperties": false, "required": ["kpt_shape"],
      "anyOf": [["required": ["names"]], ["required": ["nc"]]],
    ]
  }
}
