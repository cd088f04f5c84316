import Config
import Data
import Foundation
import PoseCore
import Testing

@Suite struct `A dataset YAML` {
  private func read(_ text: String) throws -> DatasetSpec {
    try DatasetSpec(text: text, file: "sets/foxes/data.yaml")
  }

  /// The faults or else the warnings of a text, one a line, without excerpts.
  private func findings(_ text: String) -> [String] {
    func lines(_ diagnostics: [Diagnostic]) -> [String] {
      diagnostics.map { String($0.description.prefix { $0 != "\n" }) }
    }
    do {
      return lines(try read(text).warnings)
    } catch let list as DiagnosticList {
      return lines(list.diagnostics)
    } catch {
      return ["\(error)"]
    }
  }

  private static let base = """
    train: images/train
    kpt_shape: [3, 3]
    kpt_names: {0: [tail, left_ear, right_ear]}
    kpt_oks_sigmas: [0.1, 0.05, 0.05]
    names: {0: fox, 1: hen}

    """

  @Test func `is read as the field writes it`() throws {
    let spec = try read(
      """
      path: ../all
      train: [a, ./lists/b.txt]
      val: /data/val
      test:
      kpt_shape: [17, 3]
      flip_idx: [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
      nc: 1
      names:
        0: person
      channels: 3
      license: CC BY 4.0
      _note: mine
      """)
    #expect(spec.root == "sets/all")
    #expect(spec.splits[.train]?.images.map(\.path) == ["sets/all/a", "sets/all/lists/b.txt"])
    #expect(spec.splits[.val]?.images.map(\.path) == ["/data/val"])
    #expect(spec.splits[.test] == nil)
    #expect(spec.classNames == ["person"])
    #expect(spec.skeleton == .cocoPerson)
    #expect(spec.warnings.isEmpty)
  }

  @Test func `lies beside its data by default`() throws {
    let spec = try read(Self.base)
    #expect(spec.root == "sets/foxes")
    #expect(spec.splits[.train]?.images.map(\.path) == ["sets/foxes/images/train"])
    #expect(
      try DatasetSpec(text: Self.base, file: "data.yaml").splits[.train]?.images[0].path == "images/train")
    #expect(try read("path: .\n" + Self.base).root == "sets/foxes")
    #expect(try read("path: /x/y\n" + Self.base).splits[.train]?.images[0].path == "/x/y/images/train")
  }

  @Test func `names COCO files as our own extension`() throws {
    let spec = try read(Self.base + "annotations: {train: x.json, val: y/z.json}\nval: images/val\n")
    #expect(spec.splits[.train]?.annotations?.path == "sets/foxes/x.json")
    #expect(spec.splits[.val]?.annotations?.path == "sets/foxes/y/z.json")
    let alone = try read(Self.base + "annotations: {test: t.json}\n")
    #expect(alone.splits[.test]?.images.map(\.path) == ["sets/foxes"])
  }

  @Test func `gives mirror pairs by names where flip_idx is missing`() throws {
    let spec = try read(Self.base)
    #expect(spec.skeleton.flipIndices == [0, 2, 1])
    #expect(spec.skeleton.sigmaSource == .dataset)
    #expect(
      findings(Self.base) == [
        "sets/foxes/data.yaml:1:1: note: 'flip_idx' is taken from the left and right in 'kpt_names': [0, 2, 1]"
      ])
    for names in ["[L-Ear, earR, R-Ear, earL]", "[ear left, RIGHT_EYE, ear right, LEFT_EYE]"] {
      let yaml = "train: a\nnames: [fox]\nkpt_shape: [4, 2]\nkpt_names: \(names)\n"
      #expect(try read(yaml).skeleton.flipIndices == [2, 3, 0, 1])
    }
  }

  @Test func `says when pictures cannot be mirrored, and when sigmas are a guess`() throws {
    let yaml = "train: a\nnc: 2\nkpt_shape: [4, 3]\n"
    let spec = try read(yaml)
    #expect(spec.classNames == ["class_0", "class_1"])
    #expect(spec.skeleton.names == ["point_0", "point_1", "point_2", "point_3"])
    #expect(spec.skeleton.flipIndices == nil)
    #expect(spec.skeleton.sigmas == [0.25, 0.25, 0.25, 0.25] && spec.skeleton.sigmaSource == .uniform)
    #expect(
      findings(yaml) == [
        "sets/foxes/data.yaml:1:1: warning: there is no 'flip_idx', and 'kpt_names' names no complete left and"
          + " right sides: pictures will never be mirrored in training",
        "sets/foxes/data.yaml:1:1: warning: there is no 'kpt_oks_sigmas': every keypoint gets the sigma 1/4, which"
          + " is far too lax for most keypoints, so OKS and mAP will look better than they are",
      ])
  }

  @Test func `takes COCO's sigmas for 17 keypoints, unless it gives its own`() throws {
    let yaml =
      "train: a\nnc: 1\nkpt_shape: [17, 3]\nflip_idx: [\((0..<17).map(String.init).joined(separator: ", "))]\n"
    #expect(try read(yaml).skeleton.sigmas == Skeleton.cocoPerson.sigmas)
    #expect(try read(yaml).skeleton.sigmaSource == .coco)
    // Another 17 keypoints than a person's: nothing of COCO but the sigmas, as the reference has it.
    #expect(try read(yaml).skeleton.limbs.isEmpty)
    let own = yaml + "kpt_oks_sigmas: [\(Array(repeating: "0.5", count: 17).joined(separator: ", "))]\n"
    #expect(try read(own).skeleton.sigmas == Array(repeating: 0.5, count: 17))
    #expect(try read(own).skeleton.sigmaSource == .dataset)
  }

  @Test func `gives mirror pairs by names or positions`() throws {
    let base = Self.base.replacingOccurrences(of: "[tail, left_ear, right_ear]", with: "[tail, ear_a, ear_b]")
    for pairs in ["[[ear_b, ear_a]]", "[[1, 2]]", "[[ear_a, 2]]"] {
      let spec = try read(base + "flip_pairs: \(pairs)\n")
      #expect(spec.skeleton.flipIndices == [0, 2, 1])
      // Names without a side: the warning is for a person to look into.
      #expect(spec.flipSuspicions.map(\.keypoint) == [1] && spec.flipSuspicions.map(\.partner) == [2])
    }
    #expect(try read(base + "flip_pairs: []\n").skeleton.flipIndices == [0, 1, 2])
    #expect(try read(Self.base + "flip_pairs: [[left_ear, right_ear]]\n").flipSuspicions.isEmpty)
    for (pairs, message) in [
      ("[[ear_a]]", "6:14: error: 'flip_pairs[0]' must be a list of 2 values, but is a list of 1 value"),
      ("[[ear_a, ear_c]]", "6:22: error: no keypoint named 'ear_c'; did you mean 'ear_a'?"),
      ("[[ear_a, 1]]", "6:14: error: 'flip_pairs' pairs 'ear_a' with itself; leave it out"),
      ("[[ear_a, tail], [0, ear_b]]", "6:29: error: 'flip_pairs' has 'tail' in two pairs"),
      ("[[1, 3]]", "6:18: error: 'flip_pairs[0][1]' must be a whole number from 0 to 2, but is 3"),
    ] {
      let found = findings(base + "flip_pairs: \(pairs)\n")
      #expect(found.contains("sets/foxes/data.yaml:" + message), "\(found)")
    }
    #expect(
      findings(Self.base + "flip_idx: [0, 2, 1]\nflip_pairs: [[1, 2]]\n").contains(
        "sets/foxes/data.yaml:7:13: error: there is 'flip_idx', too; keep one of the two"))
  }

  @Test func `refuses a left without its right`() throws {
    let lone = Self.base.replacingOccurrences(of: "right_ear", with: "rigth_ear")
    #expect(
      findings(lone) == [
        "sets/foxes/data.yaml:3:12: error: 'kpt_names' has 'left_ear', but no 'right_ear';"
          + " correct the names, or write 'flip_idx: []' if there is none: then pictures are never mirrored"
      ])
    #expect(try read(lone + "flip_idx: []\n").skeleton.flipIndices == nil)
    #expect(
      findings(lone + "flip_idx: [0, 1, 2]\n") == [
        "sets/foxes/data.yaml:6:11: warning: 'flip_idx' pairs 'left_ear' with itself, although it has a side"
      ])
  }

  @Test func `takes pairs from the names of every class, where they agree`() throws {
    let base = "train: a\nnames: [fox, hen]\nkpt_shape: [3, 3]\nkpt_oks_sigmas: [1, 1, 1]\n"
    let alike = "kpt_names: {0: [tail, l_ear, r_ear], 1: [beak, wing_left, wing_right]}\n"
    #expect(try read(base + alike).skeleton.flipIndices == [0, 2, 1])
    let unlike = "kpt_names: {0: [tail, l_ear, r_ear], 1: [wing_l, wing_r, beak]}\n"
    #expect(try read(base + unlike).skeleton.flipIndices == nil)
    #expect(
      findings(base + unlike).contains(
        "sets/foxes/data.yaml:1:1: warning: there is no 'flip_idx', and the classes' keypoint names give different"
          + " pairs: pictures will never be mirrored in training"))
    // A given order is held against the names of the second class, too.
    #expect(try read(base + unlike + "flip_idx: [0, 2, 1]\n").flipSuspicions.map(\.keypoint) == [0, 1])
  }

  @Test func `reads sigmas by names`() throws {
    let base = Self.base.replacingOccurrences(
      of: "[0.1, 0.05, 0.05]", with: "{right_ear: 0.05, tail: 0.1, X: 0.2}")
    let good = base.replacingOccurrences(of: "X", with: "left_ear")
    #expect(try read(good).skeleton.sigmas == [0.1, 0.2, 0.05])
    #expect(
      findings(base).contains(
        "sets/foxes/data.yaml:4:46: error: no keypoint named 'X'"))
    #expect(
      findings(base.replacingOccurrences(of: ", X: 0.2", with: "")).contains(
        "sets/foxes/data.yaml:4:17: error: 'kpt_oks_sigmas' has no sigma for 'left_ear'"))
    #expect(
      findings(good.replacingOccurrences(of: "0.2", with: "-1")).contains(
        "sets/foxes/data.yaml:4:56: error: 'kpt_oks_sigmas.left_ear' must be a number above 0, but is -1"))
    #expect(
      findings(good.replacingOccurrences(of: "kpt_names: {0: [tail, left_ear, right_ear]}", with: ""))
        .contains(
          "sets/foxes/data.yaml:4:17: error: 'kpt_oks_sigmas' goes by names, but there is no 'kpt_names'; give a list"
            + " in the keypoints' order"))
  }

  @Test func `says when other keypoints get a person's sigmas`() {
    let names = (0..<17).map { "p\($0)" }.joined(separator: ", ")
    #expect(
      findings("train: a\nnc: 1\nkpt_shape: [17, 3]\nflip_pairs: []\nkpt_names: [\(names)]\n") == [
        "sets/foxes/data.yaml:1:1: note: there is no 'kpt_oks_sigmas': the 17 keypoints get COCO's sigmas, which are"
          + " those of a person's joints"
      ])
  }

  @Test func `reads limbs by names or positions`() throws {
    let skeleton = try read(Self.base + "skeleton: [[tail, left_ear], [1, 2]]\n").skeleton
    #expect(skeleton.limbs.map(\.0) == [0, 1] && skeleton.limbs.map(\.1) == [1, 2])
    #expect(
      findings(Self.base + "skeleton: [[tail, left_ea]]\n").contains(
        "sets/foxes/data.yaml:6:19: error: no keypoint named 'left_ea'; did you mean 'left_ear'?"))
  }

  @Test func `never runs what stands under download`() throws {
    let found = findings(Self.base + "download: |\n  import os\n  os.system('rm -rf /')\n")
    #expect(
      found.contains(
        "sets/foxes/data.yaml:6:11: warning: the 'download' entry is not run: code and addresses in data files are"
          + " never executed here; fetch the data yourself if they are missing"))
  }

  @Test func `finds pairs that their names speak against`() throws {
    // The hand of a well-known collection: each pair is mutual, yet none is a left and a right.
    let hand = """
      train: a
      names: [hand]
      kpt_shape: [5, 3]
      kpt_oks_sigmas: [1, 1, 1, 1, 1]
      kpt_names: [wrist, thumb_cmc, thumb_mcp, thumb_ip, thumb_tip]
      flip_idx: [0, 1, 2, 4, 3]
      """
    #expect(try read(hand).flipWarning == read(hand).warnings.first)
    #expect(
      findings(hand) == [
        "sets/foxes/data.yaml:6:11: warning: 'flip_idx' pairs 'thumb_ip' with 'thumb_tip', which are not the left"
          + " and right of one thing"
      ])
    let crossed = """
      train: a
      names: [fox]
      kpt_shape: [4, 3]
      kpt_oks_sigmas: [1, 1, 1, 1]
      kpt_names: [left_ear, right_ear, left_eye, right_eye]
      flip_idx: [3, 2, 1, 0]
      """
    #expect(
      findings(crossed) == [
        "sets/foxes/data.yaml:6:11: warning: 'flip_idx' pairs 'left_ear' with 'right_eye' instead of 'right_ear';"
          + " 'right_ear' with 'left_eye' instead of 'left_ear'"
      ])
  }

  static let faults: [(String, String)] = [
    ("flip_idx: [0, 1]", "6:11: error: 'flip_idx' has 2 entries, but there are 3 keypoints; give one each"),
    ("flip_idx: [0, 1, 3]", "6:11: error: 'flip_idx' has the entry 3, but keypoints are numbered 0 to 2"),
    ("flip_idx: [0, 2, 2]", "6:11: error: 'flip_idx' is no permutation: 2 stands at places 1 and 2"),
    (
      "flip_idx: [1, 2, 0]",
      "6:11: error: 'flip_idx' does not pair up: 0 becomes 1, but 1 becomes 2; mirroring twice must change nothing"
    ),
    ("nc: 3", "6:5: error: 'nc' is 3, but 'names' lists 2 classes"),
    ("channels: 1", "6:11: error: images are read in colour: 'channels' must be 3, but is 1"),
    ("kpt_shap: [3, 3]", "6:1: error: unknown key 'kpt_shap' in the data set; did you mean 'kpt_shape'?"),
    ("val: 3", "6:6: error: 'val' must be text, but is 3"),
    ("val: []", "6:6: error: 'val' must be a list of at least 1 value, but is a list of 0 values"),
    ("annotations: {vall: x}", "6:15: error: unknown key 'vall' in 'annotations'; did you mean 'val'?"),
  ]

  @Test(arguments: faults)
  func `tells what is wrong and where`(line: String, message: String) {
    #expect(findings(Self.base + line + "\n").contains("sets/foxes/data.yaml:" + message))
  }

  @Test func `tells what is wrong with keypoints`() {
    func found(_ lines: String, _ message: String) -> Bool {
      findings("train: a\nnames: [fox]\n" + lines + "\n").contains("sets/foxes/data.yaml:" + message)
    }
    #expect(found("", "1:1: error: the data set needs the key 'kpt_shape'"))
    #expect(
      found(
        "kpt_shape: [3, 4]",
        "3:12: error: 'kpt_shape' must be [number of keypoints, 2 or 3], but is [3, 4]"))
    #expect(
      found(
        "kpt_shape: [3]", "3:12: error: 'kpt_shape' must be a list of 2 values, but is a list of 1 value"))
    #expect(
      found(
        "kpt_shape: [3, 3]\nkpt_names: [a, b]",
        "4:12: error: 'kpt_names' lists 2 names, but 'kpt_shape' says 3 keypoints"))
    #expect(
      found("kpt_shape: [3, 3]\nkpt_names: [a, b, a]", "4:12: error: 'kpt_names' has 'a' twice"))
    #expect(
      found(
        "kpt_shape: [2, 3]\nkpt_oks_sigmas: [0.1, 0]",
        "4:23: error: 'kpt_oks_sigmas[1]' must be a number above 0, but is 0"))
    #expect(
      found(
        "kpt_shape: [2, 3]\nkpt_oks_sigmas: [.nan, 1]",
        "4:18: error: 'kpt_oks_sigmas[0]' must be a finite number above 0, but is nan"))
    #expect(
      found(
        "kpt_shape: [2, 3]\nkpt_oks_sigmas: [1, 1, 1]",
        "4:17: error: 'kpt_oks_sigmas' must be a list of 2 values, but is a list of 3 values"))
  }

  @Test func `must name classes and images`() {
    #expect(
      findings("train: a\nkpt_shape: [1, 2]\nkpt_oks_sigmas: [1]\n").contains(
        "sets/foxes/data.yaml:1:1: error: the data set needs 'names' (class names) or 'nc' (their number)"))
    #expect(
      findings("names: {0: a, 2: b}\ntrain: a\nkpt_shape: [1, 2]\n").contains(
        "sets/foxes/data.yaml:1:8: error: 'names' has 2 entries, but none for 1; count from 0 without gaps"))
    #expect(
      findings("names: [a]\nkpt_shape: [1, 2]\n").contains(
        "sets/foxes/data.yaml:1:1: error: the data set names no images; give 'train' and 'val' a folder or a list"
          + " file each"))
  }

  @Test func `for COCO-Pose comes with the package`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Experiments/datasets/coco-pose.yaml")
    let spec = try DatasetSpec(contentsOf: file.path)
    #expect(spec.skeleton == .cocoPerson && spec.classNames == ["person"] && spec.warnings.isEmpty)
    #expect(spec.splits.count == 3 && spec.root.hasSuffix("/datasets/coco-pose"))
  }

  @Test func `tells which splits there are`() throws {
    let spec = try read(Self.base)
    #expect(throws: DiagnosticList.self) { try spec.source(of: .val) }
    do {
      _ = try spec.source(of: .val)
    } catch {
      #expect(
        "\(error)"
          == "error: sets/foxes/data.yaml: the data set has no split 'val'; it has 'train'")
    }
  }
}
