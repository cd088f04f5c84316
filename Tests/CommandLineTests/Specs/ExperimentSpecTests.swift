import Config
import Data
import Foundation
import PoseCore
import PoseLab
import Testing
import Training

@Suite struct `Experiment specs` {
  let registry: Registry

  init() throws { registry = try Fixtures.registry() }

  private func spec(
    _ file: String? = nil, _ arguments: String..., mode: Setting.Mode = .train
  ) throws -> ExperimentSpec {
    try ExperimentSpec(
      file: file.map { "\(Fixtures.specs)/good/\($0)" }, overriding: try Override.parse(arguments), for: mode,
      registry: registry)
  }

  @Test func `lay a file over the one it extends`() throws {
    let spec = try spec("child.yaml")
    #expect(spec.options.schedule.epochs == 5)
    #expect(spec.options.schedule.imgsz == 320)
    #expect(spec.options.optimization.lr0 == 0.02)
    #expect(spec.options.execution.cache == .ram)
    #expect(spec.options.schedule.freeze == .first(10))
    #expect(spec.augmentations?.map(\.name) == ["mosaic", "affine", "hsv", "flip_lr"])
    #expect(spec.metrics.map(\.name) == ["coco_keypoints"])
    #expect(spec.options.evaluation.conf == 0.01)
    #expect(spec.options.run.name == "child")
    #expect(spec.loss.arguments["pose"]?.value == 10)
    #expect(spec.origins["train.epochs"]?.line == 3)
    #expect(spec.origins["train.imgsz"]?.file.hasSuffix("base.yaml") == true)
    #expect(spec.notes.isEmpty)
  }

  @Test func `take flat names and dotted paths, the last one winning`() throws {
    let spec = try spec(
      "base.yaml", "epochs=7", "train.lr0=0.5", "mosaic=0.25", "box=5", "epochs=8", "close_mosaic=2",
      "val=false")
    #expect(spec.options.schedule.epochs == 8)
    #expect(spec.options.optimization.lr0 == 0.5)
    #expect(spec.options.augmentation.mosaic == 0.25)
    #expect(spec.options.augmentation.fliplr == 0)
    #expect(spec.options.schedule.closeMosaic == 2)
    #expect(spec.options.run.validate == false)
    #expect(spec.loss.arguments["box"]?.value == 5)
    #expect(spec.loss.arguments["pose"]?.value == 10)
  }

  @Test func `take the arguments of optimiser and schedule, from files and by dotted paths`() throws {
    let spec = try spec(
      "base.yaml", "optimizer=AdamW", "train.optimizer.beta2=0.98", "schedule={type: step, gamma: 0.5}",
      "train.schedule.step_size=4")
    #expect(spec.options.optimization.optimizer.text == "{type: AdamW, beta2: 0.98}")
    #expect(spec.options.optimization.schedule?.text == "{type: step, gamma: 0.5, step_size: 4}")
    let resolved = spec.resolved(registry)
    #expect(resolved["train"]?["optimizer"]?["beta2"]?.value == 0.98)
    #expect(resolved["train"]?["schedule"]?["type"]?.value == "step")
    // As checkpoints keep them.
    let copy = try JSONDecoder().decode(
      OptimizationOptions.self, from: try JSONEncoder().encode(spec.options.optimization))
    #expect(copy.optimizer.text == "{type: AdamW, beta2: 0.98}")
    let plain = try self.spec("base.yaml")
    #expect(plain.options.optimization.schedule == nil && !plain.options.optimization.optimizer.hasArguments)
  }

  @Test(arguments: [
    ("train.optimizer.beta2=0.9", "'optimizer' needs the key 'type': the name of what to use"),
    (
      "optimizer={type: auto, beta2: 0.9}",
      "'auto' chooses the optimizer with its arguments; name one to set them"
    ),
    ("optimizer=adm", "no optimizer named 'adm'; did you mean 'adam'?"),
    ("schedule=cosin", "no schedule named 'cosin'; did you mean 'cosine'?"),
    ("optimizer={type: sgd, beta2: 0.9}", "unknown argument 'beta2' of optimizer 'sgd'; it takes nesterov"),
  ])
  func `say what is wrong with optimiser and schedule`(argument: String, message: String) {
    let error = #expect(throws: DiagnosticList.self) { try spec("base.yaml", argument) }
    #expect(error?.diagnostics.map(\.message) == [message])
  }

  @Test func `patch a list of augmentations by flat names`() throws {
    let spec = try spec("child.yaml", "mosaic=0", "hsv_h=0.5", "degrees=3", "fliplr=1")
    let augmentations = try #require(spec.augmentations)
    #expect(augmentations[0].arguments["p"]?.value == 0)
    #expect(augmentations[1].arguments["degrees"]?.value == 3)
    #expect(augmentations[2].arguments["h"]?.value == 0.5)
    #expect(augmentations[3].arguments["p"]?.value == 1)
  }

  @Test func `refuse a strength whose augmentation is not in the list`() {
    #expect {
      try spec("child.yaml", "mixup=0.5")
    } throws: {
      "\($0)".contains("the list under 'augment' has no 'mixup'; add it there to set 'mixup'")
    }
  }

  @Test func `take edits of lists from the command line`() throws {
    let edited = try spec(
      "child.yaml", "augment.remove=[mosaic]", "augment.affine.degrees=20",
      "augment.append={type: mixup, p: 0.1}",
      "augment.before.flip_lr=flip_ud", "augment.0.scale=0.25", "metrics.append=coco_bbox")
    #expect(edited.augmentations?.map(\.name) == ["affine", "hsv", "flip_ud", "flip_lr", "mixup"])
    #expect(edited.augmentations?[0].arguments["degrees"]?.value == 20)
    #expect(edited.augmentations?[0].arguments["scale"]?.value == 0.25)
    #expect(edited.metrics.map(\.name) == ["coco_keypoints", "coco_bbox"])
    // Without a list in the file, the standard one is changed.
    let standard = try spec("base.yaml", "augment.remove=mixup", "metrics.remove=[yolo_map]", "fliplr=1")
    #expect(standard.augmentations?.map(\.name) == ["mosaic", "affine", "hsv", "flip_lr"])
    #expect(standard.augmentations?[0].arguments["p"]?.value == 0.5)
    #expect(standard.augmentations?[3].arguments["p"]?.value == 1)
    let upsideDown = try spec("base.yaml", "augment.append=hsv", "flipud=0.5", "augment.mixup.p=0.1")
    #expect(
      upsideDown.augmentations?.map(\.name) == [
        "mosaic", "affine", "mixup", "hsv", "flip_ud", "flip_lr", "hsv",
      ])
    #expect(standard.metrics.map(\.name) == ["coco_keypoints", "coco_bbox"])
  }

  @Test func `change a line of a model's recipe`() throws {
    let arguments = ["model=yolo11n-pose.yaml", "data=d", "model.backbone.9.3=[1024, 7]", "model.scale=s"]
    let spec = try ExperimentSpec(
      file: nil, overriding: try Override.parse(arguments), for: .train, registry: registry)
    let model = try Experiment(spec, for: .train, registry: registry).model().spec
    guard case .recipe(let lines, _) = model.backbone else { return #expect(Bool(false)) }
    #expect(lines[9].name == "SPPF" && lines[9].arguments.value == [1024, 7])
    #expect(model.scale.name == "s" && lines.count == 11)
  }

  @Test func `name another component before setting its arguments`() throws {
    let files = ["a.yaml": "model: m\ndata: d\nloss: {type: yolo_pose, box: 3}\n"]
    try Fixtures.withFolder(files) { folder in
      let spec = try ExperimentSpec(
        file: folder + "/a.yaml",
        overriding: try Override.parse([
          "loss.pose=2", "loss.assigner.top_k=13", "loss.assigner.type=task_aligned",
        ]),
        for: .train, registry: registry)
      #expect(spec.loss.arguments["box"]?.value == 3)
      #expect(spec.loss.arguments["pose"]?.value == 2)
      let assembled = try #require(spec.resolved(registry)["loss"]?["assigner"])
      #expect(assembled["type"]?.value == "task_aligned" && assembled["top_k"]?.value == 13)
    }
    let error = #expect(throws: DiagnosticList.self) {
      try self.spec(
        nil, "model=m", "data=d", "loss.assigner={type: task_aligned, tpo_k: 1}", "loss.box_loss=ciuo")
    }
    #expect(
      error?.description == """
        <command line>:3:36: error: unknown argument 'tpo_k' of assigner 'task_aligned'; did you mean 'top_k'?
        loss.assigner={type: task_aligned, tpo_k: 1}
                                           ^~~~~
        <command line>:4:15: error: no box_loss named 'ciuo'; did you mean 'ciou'?
        loss.box_loss=ciuo
                      ^~~~
        """)
  }

  @Test func `take mix-ins, anchors and merge keys`() throws {
    let files = [
      "base.yaml":
        "model: m\ndata: d\naugment: [mosaic, hsv]\nx-short: &short {epochs: 3, patience: 0}\ntrain: *short\n",
      "mixins/mixup.yaml": "augment: {append: [mixup]}\n",
      "mixins/calm.yaml": "augment: {remove: mosaic, hsv: {h: 0}}\n",
      "mine.yaml": """
      extends: [base.yaml, mixins/mixup.yaml, mixins/calm.yaml]
      x-common: &common { imgsz: 64, batch: 2 }
      train: { <<: *common, batch: 4 }
      """,
    ]
    try Fixtures.withFolder(files) { folder in
      let spec = try ExperimentSpec(file: folder + "/mine.yaml", for: .train, registry: registry)
      #expect(spec.augmentations?.map(\.name) == ["hsv", "mixup"])
      #expect(spec.augmentations?[0].arguments["h"]?.value == 0)
      let schedule = spec.options.schedule
      #expect((schedule.epochs, schedule.patience, schedule.imgsz, schedule.batch) == (3, 0, 64, 4))
      #expect(spec.origins["train.imgsz"]?.description == "\(folder)/mine.yaml:2:28")
      #expect(spec.origins["train.batch"]?.description == "\(folder)/mine.yaml:3:30")
    }
  }

  @Test func `name files relative to the file that says so, wherever the program runs`() throws {
    let files = [
      "base/base.yaml":
        "model: nets/net.yaml\ndata: ../sets/people.yaml\ntrain: {pretrained: w.safetensors}\n",
      "base/nets/net.yaml": "extends: parent.yaml\nnc: 2\n",
      "base/nets/parent.yaml":
        "nc: 1\nkpt_shape: [17, 3]\nbackbone: yolo11\nneck: pafpn\nhead: yolo11_pose\n",
      "sets/people.yaml": "path: pictures\ntrain: a\nval: b\nnames: [person]\nkpt_shape: [17, 3]\n",
      "mine/mine.yaml": "extends: ../base/base.yaml\n",
    ]
    try Fixtures.withFolder(files) { folder in
      let experiment = try Experiment(file: folder + "/mine/mine.yaml", for: .train, registry: registry)
      #expect(experiment.spec.data == .file(folder + "/sets/people.yaml"))
      #expect(experiment.spec.options.schedule.pretrained == folder + "/base/w.safetensors")
      #expect(try experiment.model().spec.classCount == 2)
      try experiment.check()
      guard case .file(let path)? = experiment.spec.data else { return }
      #expect(try DatasetSpec(contentsOf: path).root == folder + "/sets/pictures")
    }
  }

  @Test func `need no file at all`() throws {
    let spec = try spec(nil, "model=yolo11s-pose.yaml", "data=coco-pose.yaml", "imgsz=640")
    #expect(spec.options.schedule.imgsz == 640)
  }

  @Test func `mean another setting by a flat name when predicting`() throws {
    let training = try spec(nil, "model=m", "data=d", "conf=0.5")
    #expect((training.options.evaluation.conf, training.prediction.conf) == (0.5, nil))
    let prediction = try spec(nil, "model=m", "conf=0.5", mode: .predict)
    #expect((prediction.options.evaluation.conf, prediction.prediction.conf) == (nil, 0.5))
  }

  @Test func `note what has no effect and refuse what cannot be had`() throws {
    let spec = try spec(nil, "model=m", "data=d", "amp=true", "device=cpu", "overlap_mask=false", "task=pose")
    #expect(
      spec.notes.map(\.message) == [
        "'amp': mixed precision has its own setting: precision=bf16; this one changes nothing",
        "'overlap_mask': it concerns segmentation; this changes nothing",
      ])
    let error = #expect(throws: DiagnosticList.self) {
      try self.spec(
        nil, "model=m", "data=d", "device=0", "half=true", "epoch=3", "train.epoch=3", "task=detect",
        "trian.a=1")
    }
    #expect(
      error?.description == """
        <command line>:3:8: error: 'device': there is no such device; leave it out, 'engine' says what computes
        device=0
               ^
        <command line>:4:6: error: 'half': half precision is not available; leave it out, or take precision=bf16
        half=true
             ^~~~
        <command line>:5:1: error: unknown setting 'epoch'; did you mean 'epochs'?
        epoch=3
        ^~~~~
        <command line>:6:1: error: unknown key 'epoch' in 'train'; did you mean 'epochs'?
        train.epoch=3
        ^~~~~~~~~~~
        <command line>:7:1: error: 'task': PoseLab has one task, pose; leave it out
        task=detect
        ^~~~
        <command line>:8:1: error: no section 'trian'; did you mean 'train'?
        trian.a=1
        ^~~~~~~
        """)
  }

  @Test func `survive being written and read again`() throws {
    let first = try spec("child.yaml", "epochs=9", "seed=3")
    let text = YAMLWriter().text(first.resolved(registry))
    let folder = NSTemporaryDirectory() + "poselab-resolved-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/experiment.yaml"))
    let second = try ExperimentSpec(file: folder + "/experiment.yaml", for: .train, registry: registry)
    #expect(second.options == first.options)
    #expect(YAMLWriter().text(second.resolved(registry)) == text)
  }

  @Test func `know where each value came from`() throws {
    let text = YAMLWriter.origins.text(try spec("base.yaml", "epochs=2").resolved(registry))
    #expect(text.contains(/epochs: 2 +# <command line>:1\n/))
    #expect(text.contains(/imgsz: 320 +# .*good\/base.yaml:5\n/))
    #expect(text.contains(/batch: 16 +# default\n/))
  }
}

@Suite struct `The table of settings` {
  @Test func `has each path once, in sections the reader knows`() {
    let paths = Setting.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(Set(Setting.all.map(\.section)) == ["train", "augment", "loss", "val", "predict", "log"])
  }

  @Test func `has defaults that pass its own checks`() throws {
    #expect(ExperimentSpec().options.problems.isEmpty)
    #expect(TrainingOptions() == ExperimentSpec().options)
  }

  @Test func `gives losses the defaults of the component`() throws {
    let loss = try #require(try Fixtures.registry().losses.find("yolo_pose"))
    for setting in Setting.all where setting.section == "loss" {
      let declared = loss.parameters.first { $0.name == setting.key }
      #expect(declared?.defaultValue == setting.declaration.defaultValue, "\(setting.path)")
    }
  }

  @Test func `clashes with no name of other tools`() {
    for setting in Setting.all { #expect(ForeignSetting.named(setting.name) == nil, "\(setting.name)") }
  }
}
