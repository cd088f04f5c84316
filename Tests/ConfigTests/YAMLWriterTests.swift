import Config
import Testing

@Suite struct `The YAML writer` {
  @Test func `writes specs as people do`() throws {
    let node = Node([
      "model": ["neck": "pafpn", "scales": ["n": [0.5, 0.25, 1024]], "empty": [:], "none": []],
      "names": ["0": "person", "on": "yes"],
      "augment": [["type": "mosaic", "p": 1], ["type": "hsv", "gains": ["h": 0.015]], "flip"],
      "head": [[-1, 1, "nn.Upsample", [.null, 2, "nearest"]], [[-1, 6], 1, "Concat", [1]]],
      "text": "a: b", "number": "3", "words": ["true", "", "- x", "x #y", "12:30", "c:\\d"], "small": 1e-5,
      "whole": 2.0, "lines": "a\nb",
    ])
    let text = YAMLWriter().text(node)
    #expect(
      text == """
        model:
          neck: pafpn
          scales:
            n: [0.5, 0.25, 1024]
          empty: {}
          none: []
        names:
          0: person
          "on": "yes"
        augment:
          - type: mosaic
            p: 1
          - type: hsv
            gains:
              h: 0.015
          - flip
        head: [[-1, 1, nn.Upsample, [null, 2, nearest]], [[-1, 6], 1, Concat, [1]]]
        text: "a: b"
        number: "3"
        words: ["true", "", "- x", "x #y", "12:30", c:\\d]
        small: 1.0e-05
        whole: 2.0
        lines: "a\\nb"

        """)
    #expect(try Document(text: text, name: "t").root == node)
  }

  @Test func `puts long lists one element a line`() throws {
    let layer: Node.Value = [-1, 2, "C3k2", [512, false, 0.25]]
    let node = Node(["head": [layer, layer, layer, layer], "matrix": [[[layer, layer, layer, layer], 1]]])
    let text = YAMLWriter().text(node)
    #expect(text.hasPrefix("head:\n  - [-1, 2, C3k2, [512, false, 0.25]]\n  - [-1,"))
    #expect(
      text.hasSuffix(
        "matrix:\n  - - - [-1, 2, C3k2, [512, false, 0.25]]\n"
          + String(repeating: "      - [-1, 2, C3k2, [512, false, 0.25]]\n", count: 3) + "    - 1\n"))
    #expect(try Document(text: text, name: "t").root == node)
  }

  @Test func `notes the origin of each value`() throws {
    var root = try Document(text: "a: 1\nb: [x, y]\n", name: "m.yaml").root
    root = try root.merging(Node(["c": ["d": 0.5]])).applying(Override.parse(["a=2"]))
    #expect(
      YAMLWriter.origins.text(root) == """
        a: 2                                        # <command line>:1
        b: [x, y]                                   # m.yaml:2
        c:
          d: 0.5                                    # default

        """)
    #expect(try Document(text: YAMLWriter.origins.text(root), name: "t").root == root)
  }

  @Test(arguments: [
    "", " ", "a ", "-", "--", "---", "--- a", "?", "? a", ":", "a:", ": a", "::", "#", "a#b", "[", "]", "{}",
    ",", "a, b", "!x", "&x", "*x", "|", ">", "%x", "@x", "`x", "'", "\"", "\\", "null", "~", "None", "1e3",
    "0x10", ".inf", ".", "..", "a\tb", "\n", "a\r\nb", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}",
    "\u{FEFF}", "ünï", "日本", "👩‍🚀", ": \u{093E}", " \u{0301}", "=", "<<", "...", "no", "2026-01-31",
    "a: b", "x:y", "- ", "-1x",
  ])
  func `brings every text back, as a value, in a list and as a key`(text: String) throws {
    let node = Node(
      .mapping([
        .init(key: text, value: Node(.string(text))), .init(key: "l", value: Node([.string(text), 1])),
      ]))
    for node in [node, Node(.string(text)), Node([.string(text)])] {
      let written = YAMLWriter().text(node)
      let back = try Document(text: written, name: "t").root
      #expect(back == node, "\(written)")
      #expect(YAMLWriter().text(back) == written)
    }
  }
}
