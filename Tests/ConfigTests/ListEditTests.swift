import Config
import Testing

@Suite struct `Edits of a list` {
  private static let rules: MergeRules = {
    var rules = MergeRules()
    rules.namedLists = ["augment"]
    rules.canonicalName = { $1 == "fliplr" ? "flip_lr" : $1 }
    rules.argumentNames = { $2 == "p" || $2 == "probability" ? ["p", "probability"] : [$2] }
    rules.place = { _, key in key == "mosaic" || key == "mixup" ? (key, "p") : nil }
    rules.placeKeys = { _ in ["mosaic", "mixup"] }
    rules.shorthand = { $0 == "loss" ? "type" : $0 == "model" ? "extends" : nil }
    return rules
  }()

  private func merged(_ files: String...) throws -> (root: Node, faults: String) {
    var merger = SpecMerger(Self.rules)
    var root: Node?
    for (index, text) in files.enumerated() {
      let node = try Document(text: text, name: "\(index).yaml").root
      root = root.map { merger.merge($0, node) } ?? node
    }
    return (try #require(root), merger.faults.description)
  }

  private static let base = """
    augment:
      - mosaic
      - {type: affine, scale: 0.4}
      - hsv
      - {type: fliplr, probability: 0.5}
    """

  private func names(_ node: Node?) -> [String] {
    guard case .sequence(let nodes)? = node?.value else { return [] }
    return nodes.map { node in
      if case .string(let name)? = (node["type"] ?? node).value as Node.Value? { name } else { "?" }
    }
  }

  @Test(arguments: [
    ("{append: noise}", ["mosaic", "affine", "hsv", "fliplr", "noise"]),
    ("{append: [noise, {type: blur, p: 1}]}", ["mosaic", "affine", "hsv", "fliplr", "noise", "blur"]),
    ("{prepend: noise}", ["noise", "mosaic", "affine", "hsv", "fliplr"]),
    ("{remove: [hsv, mosaic]}", ["affine", "fliplr"]), ("{remove: flip_lr}", ["mosaic", "affine", "hsv"]),
    ("{remove: [0, 2]}", ["affine", "fliplr"]),
    ("{replace: {hsv: grey}}", ["mosaic", "affine", "grey", "fliplr"]),
    ("{replace: {1: {type: perspective}}}", ["mosaic", "perspective", "hsv", "fliplr"]),
    ("{before: {hsv: [noise, blur]}}", ["mosaic", "affine", "noise", "blur", "hsv", "fliplr"]),
    ("{after: {mosaic: mixup}, mixup: 0.3}", ["mosaic", "mixup", "affine", "hsv", "fliplr"]),
    ("{remove: hsv, append: hsv}", ["mosaic", "affine", "fliplr", "hsv"]),
    ("{0: noise, 2: {h: 1}}", ["noise", "affine", "hsv", "fliplr"]), ("[grey]", ["grey"]),
    ("{type: grey}", []), ("{}", ["mosaic", "affine", "hsv", "fliplr"]),
  ])
  func `change it in the order in which they are written`(edit: String, expected: [String]) throws {
    let (root, faults) = try merged(Self.base, "augment: \(edit)")
    #expect(names(root["augment"]) == expected)
    #expect(faults == "")
  }

  @Test func `set arguments, under whatever name they were given`() throws {
    let (root, faults) = try merged(
      Self.base,
      "augment: {affine: {scale: 0.2, degrees: 5}, mosaic: 0.25, flip_lr: {p: 1}, replace: {hsv: {h: 1}}}")
    #expect(
      root["augment"]?.value == [
        ["type": "mosaic", "p": 0.25], ["type": "affine", "scale": 0.2, "degrees": 5],
        ["type": "hsv", "h": 1],
        ["type": "fliplr", "p": 1],
      ])
    #expect(faults == "")
  }

  @Test func `keep the place of every value`() throws {
    let (root, _) = try merged(Self.base, "augment:\n  append: [noise]\n  affine: { degrees: 5 }")
    guard case .sequence(let nodes)? = root["augment"]?.value else { return #expect(Bool(false)) }
    #expect(nodes[0].location?.description == "0.yaml:2:5")
    #expect(nodes[1]["degrees"]?.location?.description == "1.yaml:3:22")
    #expect(nodes[4].location?.description == "1.yaml:2:12")
  }

  @Test func `wait for a list, one upon the other`() throws {
    let mixins = ["augment: {append: noise}", "augment: {remove: hsv, noise: {p: 1}}"]
    let (waiting, _) = try merged(mixins[0], mixins[1])
    #expect(Self.rules.isEdit(try #require(waiting["augment"]), at: "augment"))
    var merger = SpecMerger(Self.rules)
    let list = try #require(try Document(text: Self.base, name: "b.yaml").root["augment"])
    let result = merger.edit(list, try #require(waiting["augment"]), at: "augment")
    #expect(names(result) == ["mosaic", "affine", "fliplr", "noise"])
    #expect(try merged(Self.base, mixins[0], mixins[1]).root["augment"] == result)
  }

  @Test func `work on recipes by number`() throws {
    let base = "head: [[-1, 1, Conv, [64]], [-1, 1, SPPF, [64]], [[-1, 0], 1, Concat]]"
    let (root, faults) = try merged(
      base, "head: {replace: {1: [-1, 2, C2f, [64]]}, append: [[-1, 1, Conv, [8]]], remove: 0}")
    #expect(
      root["head"]?.value
        == [[-1, 2, "C2f", [64]], [[-1, 0], 1, "Concat"], [-1, 1, "Conv", [8]]])
    #expect(faults == "")
    let changed = try merged(base, "head: {1: [-1, 1, C3, [8]], 0: {3: {0: 128}, 1: 2}}").root
    #expect(
      changed["head"]?.value == [
        [-1, 2, "Conv", [128]], [-1, 1, "C3", [8]], [[-1, 0], 1, "Concat"],
      ])
    // Other mappings take the list's place.
    #expect(try merged(base, "head: {type: pose}").root["head"]?.value == ["type": "pose"])
  }

  @Test func `tell what they do not find`() throws {
    let (root, faults) = try merged(
      Self.base, "augment:\n  remove: [hvs]\n  before: { 9: noise }\n  affin: { scale: 1 }\n  mixup: 1")
    #expect(names(root["augment"]).count == 4)
    #expect(
      faults == """
        1.yaml:2:12: error: no 'hvs' in the list 'augment'; did you mean 'hsv'?
          remove: [hvs]
                   ^~~
        1.yaml:3:13: error: no element 9 in the list 'augment'; its elements are 0 to 3
          before: { 9: noise }
                    ^
        1.yaml:4:3: error: no 'affin' in the list 'augment'; did you mean 'affine'?
          affin: { scale: 1 }
          ^~~~~
        1.yaml:5:3: error: the list under 'augment' has no 'mixup'; add it there to set 'mixup'
          mixup: 1
          ^~~~~
        """)
  }

  @Test func `refuse lists that are endless`() throws {
    let long = "augment: [" + Array(repeating: "hsv", count: 1001).joined(separator: ", ") + "]"
    #expect(try merged(long, "augment: {remove: hsv}").faults.contains("more than 1000 elements"))
  }
}

@Suite struct `Merging components` {
  private func merged(_ below: String, _ above: String) throws -> Node {
    var rules = MergeRules()
    rules.shorthand = { $0 == "loss" ? "type" : $0 == "model" ? "extends" : nil }
    var merger = SpecMerger(rules)
    return merger.merge(
      try Document(text: below, name: "a.yaml").root, try Document(text: above, name: "b.yaml").root)
  }

  @Test func `adds arguments to a name`() throws {
    #expect(try merged("loss: a", "loss: {x: 1}").value == ["loss": ["type": "a", "x": 1]])
    #expect(try merged("model: m.yaml", "model: {nc: 1}").value == ["model": ["extends": "m.yaml", "nc": 1]])
    #expect(try merged("other: a", "other: {x: 1}").value == ["other": ["x": 1]])
  }

  @Test func `takes numbers for keys where there is no list`() throws {
    #expect(try merged("sizes: {32: a}", "sizes: {64: b}").value == ["sizes": ["32": "a", "64": "b"]])
    #expect(
      try merged("sizes: {1: {0: x}}", "sizes: {1: {2: y}}").value == ["sizes": ["1": ["0": "x", "2": "y"]]])
    #expect(try merged("lines: {1: [a, b]}", "lines: {1: {0: c}}").value == ["lines": ["1": ["c", "b"]]])
  }

  @Test func `takes no edits of a list`() throws {
    #expect(try merged("loss: a", "loss: {remove: x}").value == ["loss": ["type": "a", "remove": "x"]])
    #expect(try merged("loss: {type: a}", "loss: {0: x}").value == ["loss": ["type": "a", "0": "x"]])
  }

  @Test func `drops the arguments of another name`() throws {
    #expect(
      try merged("loss: {type: a, x: 1}", "loss: {type: b, y: 1}").value == ["loss": ["type": "b", "y": 1]])
    #expect(
      try merged("loss: {type: a, x: 1}", "loss: {type: a, y: 1}").value == [
        "loss": ["type": "a", "x": 1, "y": 1]
      ])
    #expect(try merged("loss: {type: a, x: 1}", "loss: b").value == ["loss": "b"])
  }
}
