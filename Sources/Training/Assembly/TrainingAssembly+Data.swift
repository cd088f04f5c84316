internal import Config
internal import Data
internal import Foundation
internal import PoseCore

extension TrainingAssembly {
  /// The training images of all data sets of a run, and how often each comes.
  struct TrainingData {
    var index: DatasetIndex
    var weights: SampleWeights
    var notes: [String] = []

    init(_ spec: RunSpec, registry: Registry) throws {
      let schedule = spec.options.schedule
      func open(_ data: DatasetSpec) throws -> DatasetIndex {
        let index = try DatasetIndex(
          data, split: .train,
          options: IndexOptions(
            badLabels: schedule.badLabels, fraction: schedule.fraction, singleClass: schedule.singleClass),
          formats: registry.datasets)
        return try TrainingAssembly.keepingClasses(index, schedule)
      }
      index = try open(spec.data)
      notes = TrainingAssembly.notes(index, "train")
      var parts = [0..<index.count]
      if !spec.others.isEmpty {
        let others = try spec.others.map { try open($0.data) }
        for (number, other) in others.enumerated() {
          notes += spec.others[number].data.warnings.map(\.description)
          notes += TrainingAssembly.notes(other, "train (\(spec.others[number].data.file))")
        }
        let joined = try index.joined(with: others)
        (index, parts) = (joined.index, joined.parts)
        notes += joined.notes
      }
      weights = SampleWeights(index)
      for (part, weight) in zip(parts, [spec.dataWeight] + spec.others.map(\.weight)) {
        weights.multiply(part, by: weight)
      }
      if let threshold = schedule.repeatRare, threshold > 0 {
        weights.repeatRareClasses(of: index, threshold: threshold)
      }
      if let strength = schedule.repeatCrowded, strength > 0 {
        weights.repeatCrowded(of: index, strength: strength)
      }
      if !weights.isUniform {
        notes.append("an epoch has \(weights.total) samples of \(index.count) images, by their weights")
      }
    }
  }

  /// The index with objects of the chosen classes alone.
  static func keepingClasses(_ index: DatasetIndex, _ schedule: ScheduleOptions) throws -> DatasetIndex {
    guard let classes = schedule.classes, !schedule.singleClass else { return index }
    if let odd = classes.first(where: { !index.classNames.indices.contains($0) }) {
      throw OptionError(
        "classes", "has \(odd), but the data set's classes are 0 to \(index.classNames.count - 1)")
    }
    return index.keeping(classes: classes)
  }

  /// The `val` split, or without one `test`, and which of its images count.
  static func validationData(
    _ spec: RunSpec, registry: Registry
  ) throws -> (index: DatasetIndex, selection: ImageSelection) {
    let split: DatasetSplit = spec.data.splits[.val] == nil && spec.data.splits[.test] != nil ? .test : .val
    let schedule = spec.options.schedule
    let index = try DatasetIndex(
      spec.data, split: split,
      options: IndexOptions(badLabels: schedule.badLabels, singleClass: schedule.singleClass),
      formats: registry.datasets)
    return try keepingClasses(index, schedule).selecting(spec.options.evaluation.imageSelection)
  }

  static func notes(_ index: DatasetIndex, _ split: String) -> [String] {
    let report = index.report
    let skipped = report.skipped.prefix(10).map { "skipped: \($0)" }
    let more = report.skipped.count > 10 ? ["and \(report.skipped.count - 10) more"] : []
    return ["\(split): \(report)"] + report.warnings.map(\.description) + skipped + more
  }
}

extension TrainingOptions {
  /// How batches are loaded; no more workers than cores, since the network computes on them too.
  ///
  /// - Parameter cacheRoot: the data set's folder; nil caches nothing.
  func loader(imageSize: Int, batch: Int, cacheRoot: String? = nil) -> LoaderOptions {
    let process = ProcessInfo.processInfo
    let given = execution.cacheGB.map { Int($0 * 1e9) }
    var options = LoaderOptions(
      imageSize: imageSize, batchSize: batch, workers: min(execution.workers, process.activeProcessorCount))
    guard let cacheRoot else { return options }
    switch execution.cache {
    case .none: break
    case .ram: options.cacheBytes = given ?? Int(process.physicalMemory / 2)
    case .disk:
      let folder = (cacheRoot.isEmpty ? "." : cacheRoot) + "/.poselab/images"
      options.diskCache = LoaderOptions.DiskCache(
        folder: folder, budget: given ?? Self.freeBytes(cacheRoot) / 2)
    }
    return options
  }

  private static func freeBytes(_ folder: String) -> Int {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.isEmpty ? "." : folder)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
  }
}
