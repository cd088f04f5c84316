extension Setting {
  /// Length, data and optimiser of a training.
  static let training: [Setting] = [
    .init(
      "train.epochs", .training, \.options.schedule.epochs, .int(1...1_000_000),
      help: "passes over the training images"),
    .init(
      "train.pause_after", .training, \.options.schedule.pauseAfter, .int(1...1_000_000),
      help: "epoch after which training pauses with a checkpoint; 'resume' goes on"),
    .init(
      "train.time", .training, \.options.schedule.time, .float(above: 0),
      help: "hours after which training ends, whatever 'epochs' says"),
    .init(
      "train.patience", .training, \.options.schedule.patience, .int(atLeast: 0),
      help: "epochs without a better fitness after which training stops; 0 never stops"),
    .init("train.batch", .training, \.options.schedule.batch, .int(1...65_536), help: "images a batch"),
    .init(
      "train.imgsz", .training, \.options.schedule.imgsz, .int(32...16_384),
      help: "side of the square the network sees, in pixels; rounded up to a multiple of 32"),
    .init(
      "train.fraction", .training, \.options.schedule.fraction, .float(Double.leastNonzeroMagnitude...1),
      help: "part of the training images that is used, above 0"),
    .init(
      "train.classes", .training, \.options.schedule.classes,
      help: "numbers of the classes whose objects count, in training and validation; none means all"),
    .init(
      "train.repeat_rare", .training, \.options.schedule.repeatRare, .float(0...1),
      help:
        "images with a class that a smaller share of the images has come more often, as for LVIS (0.001 there)"
    ),
    .init(
      "train.repeat_crowded", .training, \.options.schedule.repeatCrowded, .float(0...100),
      help: "images in which objects stand close come more often, up to 1 + this times"),
    .init(
      "train.seed", .training, \.options.schedule.seed, .int(atLeast: 0),
      help: "of all random numbers; the same seed gives the same run"),
    .init(
      "train.close_mosaic", .training, \.options.schedule.closeMosaic, .int(atLeast: 0),
      help: "last epochs without augmentations that join pictures"),
    .init(
      "train.freeze", .training, \.options.schedule.freeze,
      help: "layers that keep their numbers: the first so many, or a list"),
    .init(
      "train.pretrained", .training, \.options.schedule.pretrained, .string(),
      help: "weights to begin with: a .safetensors or .pt file"),
    .init(
      "train.single_cls", .training, \.options.schedule.singleClass, .bool, help: "treat all classes as one"),
    .init(
      "train.skip_bad", .training, \.options.schedule.skipBad, .bool,
      help: "leave out label rows that cannot be right, instead of refusing the data set"),
    .init(
      "train.val", .training, \.options.run.validate, .bool,
      help: "validate after every epoch; the last one is validated anyway"),
    .init(
      "train.resume", .training, \.options.run.resume, .string(),
      help: "continue this run: its folder or its last.safetensors"),

    .init(
      "train.optimizer", .optimizer, \.options.optimization.optimizer,
      help:
        "auto, or a registered optimiser, by name or as {type: adamw, beta2: 0.98}: see 'poselab list optimizer'"
    ),
    .init(
      "train.schedule", .optimizer, \.options.optimization.schedule,
      help: "how the learning rate moves, by name or as {type: step, gamma: 0.5}: see 'poselab list schedule'"
    ),
    .init(
      "train.lr0", .optimizer, \.options.optimization.lr0, .float(above: 0), help: "initial learning rate"),
    .init(
      "train.lrf", .optimizer, \.options.optimization.lrf, .float(0...1),
      help: "final learning rate, as a part of lr0"),
    .init(
      "train.momentum", .optimizer, \.options.optimization.momentum, .float(0...1.nextDown),
      help: "SGD's momentum, Adam's beta1; below 1"),
    .init(
      "train.weight_decay", .optimizer, \.options.optimization.weightDecay, .float(atLeast: 0),
      help: "of weights; biases and batch norm do not decay"),
    .init(
      "train.warmup_epochs", .optimizer, \.options.optimization.warmupEpochs, .float(atLeast: 0),
      help: "epochs in which the learning rate rises"),
    .init(
      "train.warmup_momentum", .optimizer, \.options.optimization.warmupMomentum, .float(0...1.nextDown),
      help: "momentum at the start of warm-up; below 1"),
    .init(
      "train.warmup_bias_lr", .optimizer, \.options.optimization.warmupBiasLR, .float(atLeast: 0),
      help: "learning rate of biases at the start of warm-up"),
    .init(
      "train.nbs", .optimizer, \.options.optimization.nbs, .int(atLeast: 1),
      help: "images a step of the optimiser takes; smaller batches are added up"),
    .init(
      "train.cos_lr", .optimizer, \.options.optimization.cosLR, .bool,
      help: "cosine instead of linear decay of the learning rate, where no schedule is named"),
    .init(
      "train.clip_norm", .optimizer, \.options.optimization.clipNorm, .float(above: 0),
      help: "norm to which longer gradients are cut"),

    .init(
      "train.engine", .machine, \.options.execution.engine, .string(),
      help: "what computes: auto, or one of 'poselab list engine'"),
    .init(
      "train.threads", .machine, \.options.execution.threads, .int(1...4096),
      help: "threads that compute; none means one a core"),
    .init(
      "train.workers", .machine, \.options.execution.workers, .int(0...256),
      help: "threads that load and augment images"),
    .init(
      "train.precision", .machine, \.options.execution.precision,
      help: "number format of activations: f32, or bf16, which is faster on processors that have it"),
    .init(
      "train.cache", .machine, \.options.execution.cache,
      help: "where decoded images are kept over the epochs: none, ram, or disk (also from run to run)"),
    .init(
      "train.cache_gb", .machine, \.options.execution.cacheGB, .float(above: 0),
      help: "most that kept images may take, in 10⁹ bytes; none means half of the memory, or of the free disk"
    ),
  ]

  /// Strengths of the standard augmentations.
  static let augmentation: [Setting] = [
    .init(
      "augment.mosaic", .augmentation, \.options.augmentation.mosaic, .float(0...1),
      help: "probability of joining four pictures"),
    .init(
      "augment.degrees", .augmentation, \.options.augmentation.degrees, .float(0...180),
      help: "largest rotation to either side, in degrees"),
    .init(
      "augment.translate", .augmentation, \.options.augmentation.translate, .float(0...1),
      help: "largest shift, as a part of the side"),
    .init(
      "augment.scale", .augmentation, \.options.augmentation.scale, .float(0...0.99),
      help: "size is drawn from 1 - scale to 1 + scale"),
    .init(
      "augment.shear", .augmentation, \.options.augmentation.shear, .float(0...80),
      help: "largest shear to either side, in degrees"),
    .init(
      "augment.perspective", .augmentation, \.options.augmentation.perspective, .float(0...0.001),
      help: "largest tilt, in 1/pixel"),
    .init(
      "augment.mixup", .augmentation, \.options.augmentation.mixup, .float(0...1),
      help: "probability of blending two pictures"),
    .init(
      "augment.cutmix", .augmentation, \.options.augmentation.cutmix, .float(0...1),
      help: "probability of replacing a rectangle by a part of another picture"),
    .init(
      "augment.copy_paste", .augmentation, \.options.augmentation.copyPaste, .float(0...1),
      help: "share of the objects that are pasted once more, box and all"),
    .init(
      "augment.copy_paste_mode", .augmentation, \.options.augmentation.copyPasteMode,
      .string(["flip", "mixup"]), help: "where pasted objects come from: the mirror image or another picture"),
    .init(
      "augment.hsv_h", .augmentation, \.options.augmentation.hsvH, .float(0...1),
      help: "largest turn of the hue, 1 = 180 degrees"),
    .init(
      "augment.hsv_s", .augmentation, \.options.augmentation.hsvS, .float(0...1),
      help: "largest change of the saturation, as a part"),
    .init(
      "augment.hsv_v", .augmentation, \.options.augmentation.hsvV, .float(0...1),
      help: "largest change of the brightness, as a part"),
    .init(
      "augment.flipud", .augmentation, \.options.augmentation.flipud, .float(0...1),
      help: "probability of an upside-down mirror"),
    .init(
      "augment.fliplr", .augmentation, \.options.augmentation.fliplr, .float(0...1),
      help: "probability of a left-right mirror"),
    .init(
      "augment.bgr", .augmentation, \.options.augmentation.bgr, .float(0...1),
      help: "probability of exchanging red and blue"),
    .init(
      "augment.multi_scale", .augmentation, \.options.augmentation.multiScale, .float(0...0.95),
      help: "sizes of batches reach from 1 - this to 1 + this times imgsz"),
  ]

  /// Gains of the loss; arguments of the component under `loss`.
  static let loss: [Setting] = [
    .init(argument: "loss.box", .loss, .float(atLeast: 0), default: 7.5, help: "gain of the boxes' overlap"),
    .init(
      argument: "loss.pose", .loss, .float(atLeast: 0), default: 12.0,
      help: "gain of the keypoints' positions"),
    .init(
      argument: "loss.kobj", .loss, .float(atLeast: 0), default: 1.0,
      help: "gain of the keypoints' visibility"),
    .init(argument: "loss.cls", .loss, .float(atLeast: 0), default: 0.5, help: "gain of the classes"),
    .init(
      argument: "loss.dfl", .loss, .float(atLeast: 0), default: 1.5,
      help: "gain of the distributions of the box sides"),
    .init(
      argument: "loss.rle", .loss, .float(atLeast: 0), default: 1.0,
      help: "gain of the keypoints' likelihood, for heads that give deviations"),
  ]
}
