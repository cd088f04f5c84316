internal import Data

extension TrainingOptions {
  /// Every setting that cannot work, in the order of declaration.
  public var problems: [OptionError] {
    var found: [OptionError] = []
    func require(_ holds: Bool, _ key: String, _ reason: String) {
      if !holds { found.append(OptionError(key, reason)) }
    }
    func part(_ value: Double, _ key: String) {
      require(value.isFinite && (0...1).contains(value), key, "must be from 0 to 1, but is \(value)")
    }
    func notNegative(_ value: Double, _ key: String) {
      require(value.isFinite && value >= 0, key, "must be 0 or more, but is \(value)")
    }
    func positive(_ value: Int, _ key: String) {
      require(value > 0, key, "must be 1 or more, but is \(value)")
    }

    require(
      !run.name.isEmpty && !run.name.contains("\0"), "name", "must be the name of a folder, but is empty")
    require(
      run.savePeriod == -1 || run.savePeriod > 0, "save_period",
      "must be -1 or above 0, but is \(run.savePeriod)")

    positive(schedule.epochs, "epochs")
    if let time = schedule.time {
      require(time.isFinite && time > 0, "time", "must be above 0 hours, but is \(time)")
    }
    require(schedule.patience >= 0, "patience", "must be 0 or more, but is \(schedule.patience)")
    positive(schedule.batch, "batch")
    require(
      (32...16_384).contains(schedule.imgsz), "imgsz",
      "must be from 32 to 16384 pixels, but is \(schedule.imgsz)")
    require(
      schedule.fraction.isFinite && schedule.fraction > 0 && schedule.fraction <= 1, "fraction",
      "must be above 0 and at most 1, but is \(schedule.fraction)")
    require(schedule.closeMosaic >= 0, "close_mosaic", "must be 0 or more, but is \(schedule.closeMosaic)")
    require(
      schedule.freeze.indices.allSatisfy { $0 >= 0 }, "freeze", "must name layers by numbers from 0")

    require(
      optimization.lr0.isFinite && optimization.lr0 > 0, "lr0", "must be above 0, but is \(optimization.lr0)")
    part(optimization.lrf, "lrf")
    require(
      optimization.momentum.isFinite && (0..<1).contains(optimization.momentum), "momentum",
      "must be at least 0 and below 1, but is \(optimization.momentum)")
    notNegative(optimization.weightDecay, "weight_decay")
    notNegative(optimization.warmupEpochs, "warmup_epochs")
    require(
      optimization.warmupMomentum.isFinite && (0..<1).contains(optimization.warmupMomentum),
      "warmup_momentum",
      "must be at least 0 and below 1, but is \(optimization.warmupMomentum)")
    notNegative(optimization.warmupBiasLR, "warmup_bias_lr")
    positive(optimization.nbs, "nbs")
    require(
      optimization.clipNorm.isFinite && optimization.clipNorm > 0, "clip_norm",
      "must be above 0, but is \(optimization.clipNorm)")

    found += augmentation.problems + evaluation.problems + execution.problems
    return found
  }

  /// - Throws: the first of `problems`.
  public func validate() throws(OptionError) {
    if let problem = problems.first { throw problem }
  }
}

extension AugmentationOptions {
  var problems: [OptionError] {
    let parts = [
      ("hsv_h", hsvH), ("hsv_s", hsvS), ("hsv_v", hsvV), ("translate", translate), ("scale", scale),
      ("flipud", flipud), ("fliplr", fliplr), ("mosaic", mosaic), ("mixup", mixup),
    ].filter { !($0.1.isFinite && (0...1).contains($0.1)) }
      .map { OptionError($0.0, "must be from 0 to 1, but is \($0.1)") }
    let angles = [("degrees", degrees, 180.0), ("shear", shear, 180), ("perspective", perspective, 0.001)]
      .filter { !($0.1.isFinite && (0...$0.2).contains($0.1)) }
      .map { OptionError($0.0, "must be from 0 to \($0.2), but is \($0.1)") }
    return parts + angles
  }
}

extension EvaluationOptions {
  var problems: [OptionError] {
    var found: [OptionError] = []
    for (key, value) in [("conf", conf ?? 0.25), ("iou", iou)]
    where !(value.isFinite && (0...1).contains(value)) {
      found.append(OptionError(key, "must be from 0 to 1, but is \(value)"))
    }
    if maxDet < 1 { found.append(OptionError("max_det", "must be 1 or more, but is \(maxDet)")) }
    if !["train", "val", "test"].contains(split) {
      found.append(OptionError("split", "must be train, val or test, but is '\(split)'"))
    }
    if let images, ImageSelection.Kind(rawValue: images) == nil {
      found.append(OptionError("images", "must be labelled or all, but is '\(images)'"))
    }
    if let lineWidth, !(lineWidth.isFinite && lineWidth > 0) {
      found.append(OptionError("line_width", "must be above 0, but is \(lineWidth)"))
    }
    return found
  }
}

extension ExecutionOptions {
  var problems: [OptionError] {
    var found: [OptionError] = []
    if let threads, threads < 1 {
      found.append(OptionError("threads", "must be 1 or more, but is \(threads)"))
    }
    if !(0...256).contains(workers) {
      found.append(OptionError("workers", "must be from 0 to 256, but is \(workers)"))
    }
    if let cacheGB, !(cacheGB.isFinite && cacheGB > 0 && cacheGB < 1e6) {
      found.append(OptionError("cache_gb", "must be above 0, but is \(cacheGB)"))
    }
    return found
  }

  /// Settings that were given but change nothing, each as a sentence.
  public var notes: [String] {
    if cacheGB != nil && cache == .none { return ["cache_gb does nothing without cache=ram or cache=disk"] }
    return []
  }
}
