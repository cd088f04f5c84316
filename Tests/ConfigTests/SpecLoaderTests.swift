import Config
import Testing

@Suite struct `Loading a spec` {
  @Test func `merges what it extends, and keeps where each value came from`() throws {
    let files = [
      "base/model.yaml": "model: {neck: pafpn, depth: 0.5}\ntrain: {epochs: 100, lr0: 0.01}\n",
      "base/data.yaml": "train: {epochs: 50, sizes: [1, 2, 3]}\ndata: coco.yaml\n",
      "mine.yaml": "extends: [base/model.yaml, base/data.yaml]\ntrain:\n  sizes: [4]\n",
    ]
    try Fixtures.withFolder(files) { folder in
      let root = try SpecLoader().load("\(folder)/mine.yaml")
      #expect(
        root.value == [
          "model": ["neck": "pafpn", "depth": 0.5], "train": ["epochs": 50, "lr0": 0.01, "sizes": [4]],
          "data": "coco.yaml",
        ])
      #expect(root["train"]?["sizes"]?.location?.file == "\(folder)/mine.yaml")
      #expect(root["train"]?["epochs"]?.location?.file == "\(folder)/base/data.yaml")
      #expect(try root["data"]?.path(named: "data") == "\(folder)/base/coco.yaml")
    }
  }

  @Test func `finds parents beside the file that names them, and a shared one once`() throws {
    let files = [
      "a.yaml": "extends: [x/b.yaml, x/c.yaml]", "x/b.yaml": "extends: ../d.yaml\nb: 1",
      "x/c.yaml": "extends: ../d.yaml\nc: 2", "d.yaml": "d: 3",
    ]
    try Fixtures.withFolder(files) { folder in
      let root = try SpecLoader().load("\(folder)/a.yaml")
      #expect(root.value == ["d": 3, "b": 1, "c": 2])
    }
  }

  @Test func `costs no more than its files, however they are woven`() throws {
    var files = ["f20.yaml": "x: 1"]
    for index in 0..<20 { files["f\(index).yaml"] = "extends: [f\(index + 1).yaml, f\(index + 1).yaml]" }
    try Fixtures.withFolder(files) { folder in
      let root = try SpecLoader().load("\(folder)/f0.yaml")
      #expect(root.value == ["x": 1])
    }
  }

  @Test func `refuses a cycle, a missing parent and an endless chain`() throws {
    func fault(_ files: [String: String], _ name: String) throws -> String? {
      try Fixtures.withFolder(files) { folder in
        #expect(throws: DiagnosticList.self) { try SpecLoader().load("\(folder)/\(name)") }?
          .description.split(separator: "\(folder)/").joined()
      }
    }
    #expect(
      try fault(["a.yaml": "extends: ./b.yaml", "b.yaml": "c: 1\nextends: [a.yaml]"], "a.yaml") == """
        b.yaml:2:11: error: this file extends itself: a.yaml → b.yaml → a.yaml
        extends: [a.yaml]
                  ^~~~~~
        """)
    #expect(
      try fault(["a.yaml": "extends: nowhere.yaml"], "a.yaml") == """
        a.yaml:1:10: error: cannot read 'nowhere.yaml': No such file or directory
        extends: nowhere.yaml
                 ^~~~~~~~~~~~
        """)
    #expect(
      try fault(["a.yaml": "extends: {b: c}"], "a.yaml") == """
        a.yaml:1:10: error: 'extends' must be text, but is a mapping
        extends: {b: c}
                 ^~~~~~
        """)
    var chain: [String: String] = [:]
    for index in 0..<40 { chain["f\(index).yaml"] = "extends: f\(index + 1).yaml" }
    #expect(try fault(chain, "f0.yaml")?.contains("'extends' leads through more than 32 files") == true)
  }

  @Test(arguments: [
    ("../x.yaml", "a/b/m.yaml", "a/x.yaml"), ("/x.yaml", "a/m.yaml", "/x.yaml"),
    ("x.yaml", "m.yaml", "x.yaml"),
    ("../../x", "a/m.yaml", "../x"), ("./x/./y", "/a/m.yaml", "/a/x/y"), ("../../x", "/a/m.yaml", "/x"),
  ])
  func `reads paths relative to their file`(path: String, file: String, result: String) {
    #expect(SpecPath.resolve(path, besideFile: file) == result)
  }
}

@Suite struct `An override` {
  private func apply(_ arguments: [String], to text: String) throws -> Node {
    try Document(text: text, name: "m.yaml").root.applying(Override.parse(arguments))
  }

  private func fault(_ arguments: [String], to text: String = "{}") -> String? {
    #expect(throws: DiagnosticList.self) { try apply(arguments, to: text) }?.description
  }

  @Test func `sets what is there and makes what is not`() throws {
    let root = try apply(
      [
        "train.epochs=3", "model.neck=bifpn", "train.sizes=[96, 128]", "augment.0.p=0.5", "name='3'",
        "new.deep.key={a: 1}", "train.lr0=1e-3", "resume=", "train.epochs=4", "val.x=1",
      ], to: "train: {epochs: 100}\naugment:\n  - {type: mosaic, p: 1}\nval:\n")
    #expect(
      root.value == [
        "train": ["epochs": 4, "sizes": [96, 128], "lr0": 0.001], "augment": [["type": "mosaic", "p": 0.5]],
        "val": ["x": 1], "model": ["neck": "bifpn"], "name": "3", "new": ["deep": ["key": ["a": 1]]],
        "resume": .null,
      ])
    #expect(root["train"]?["epochs"]?.location?.description == "<command line>:9:14")
    #expect(root["train"]?["epochs"]?.location?.lineText == "train.epochs=4")
    #expect(root["train"]?["sizes"]?.location?.description == "<command line>:3:13")
  }

  @Test(arguments: ["*.jpg", "a: b", "@x", "- x", "a=b", "#1", "&y", "|", "%", "! x"])
  func `takes for text what YAML would not`(text: String) throws {
    #expect(try apply(["source=\(text)"], to: "").value == ["source": .string(text)])
  }

  @Test func `tells its faults like a file's`() {
    #expect(
      fault(["epochs=3", "resume"]) == """
        <command line>:2:1: error: 'resume' sets nothing; write key=value
        resume
        ^~~~~~
        """)
    #expect(
      fault(["sizes=[1, 2"]) == """
        <command line>:1:12: error: this is not valid YAML: did not find expected ',' or ']'
        sizes=[1, 2
                   ^
        """)
    #expect(
      fault(["train..lr=1", "=2"]) == """
        <command line>:1:1: error: 'train..lr' is no key; write key=value or section.key=value
        train..lr=1
        ^~~~~~~~~
        <command line>:2:1: error: '' is no key; write key=value or section.key=value
        =2
        ^
        """)
    #expect(
      fault(["model.neck=x", "list.2=1"], to: "model: a.yaml\nlist: [1, 2]") == """
        <command line>:1:1: error: cannot set 'model.neck': 'model' has no keys, it is 'a.yaml'
        model.neck=x
        ^~~~~~~~~~
        <command line>:2:1: error: no element '2' in the list 'list'; its elements are 0 to 1
        list.2=1
        ^~~~~~
        """)
    #expect(
      fault([String(repeating: "a.", count: 100) + "b=1"])?.contains("this key is nested too deep") == true)
  }
}
