internal import Dispatch
internal import FileSystem
internal import Foundation
internal import Synchronization

extension SyntheticPeople {
  /// What was written, or found as wanted.
  public struct Summary: Sendable, Equatable {
    /// The dataset YAML.
    public var dataFile: String
    public var trainingImages: Int
    public var validationImages: Int
    /// Whether the folder already held exactly this data set, and nothing was written.
    public var wasPresent: Bool
  }

  /// Writes a data set: `data.yaml`, `images/{train,val}/*.jpg`, `labels/{train,val}/*.txt` (YOLO) and
  /// `annotations/person_keypoints_{train,val}.json` (COCO; `fox_…` of foxes). The last pictures are those for validation.
  ///
  /// The same arguments give the same bytes, whatever the number of threads. The folder appears under its name
  /// only when it is whole. If it holds the very same data set already, nothing is done. What a killed process has
  /// left of the same folder is removed.
  ///
  /// - Parameters:
  ///   - directory: a folder that does not exist, is empty, or holds this data set.
  ///   - size: width and height of the pictures in pixels, 32…4096.
  ///   - validationFraction: the share of pictures for validation, 0..<1.
  ///   - threads: how many pictures are made at a time; nil takes all cores.
  /// - Throws: `SyntheticPeopleError`; `FileError` or `ImageError` if a file cannot be written.
  @discardableResult
  public func write(
    to directory: String, images: Int, size: Int, seed: UInt64, validationFraction: Double = 0.2,
    threads: Int? = nil
  ) throws -> Summary {
    let manifest = SyntheticManifest(
      figure: figure == .person ? nil : figure, options: options, images: images, size: size, seed: seed,
      validationFraction: validationFraction)
    try check(manifest)
    let folder = URL(fileURLWithPath: directory).standardizedFileURL.path
    let summary = Summary(
      dataFile: folder + "/data.yaml", trainingImages: manifest.trainingImages,
      validationImages: manifest.validationImages, wasPresent: false)
    if try isPresent(manifest, in: folder, named: directory) {
      var present = summary
      present.wasPresent = true
      return present
    }
    SyntheticLeftovers.remove(besides: folder)
    let partial = SyntheticLeftovers.partialPath(of: folder)
    try? FileManager.default.removeItem(atPath: partial)
    do {
      try writeFiles(manifest, to: partial, threads: threads)
      // Replaces an empty folder; anything else that came meanwhile is an error.
      guard rename(partial, folder) == 0 else { throw FileError(.rename, path: directory, code: errno) }
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw error
    }
    return summary
  }

  private func check(_ manifest: SyntheticManifest) throws(SyntheticPeopleError) {
    if let fault = options.fault { throw .badOption("synthetic people: \(fault)") }
    if !(1...10_000_000).contains(manifest.images) {
      throw .badOption("synthetic people: images must lie in 1...10000000, not \(manifest.images)")
    }
    if !(32...4096).contains(manifest.size) {
      throw .badOption("synthetic people: size must lie in 32...4096 pixels, not \(manifest.size)")
    }
    if !(0..<1).contains(manifest.validationFraction) {
      throw .badOption(
        "synthetic people: the validation fraction must lie in 0..<1, not \(manifest.validationFraction)")
    }
  }

  /// Whether the folder holds the very data set wanted; throws if it holds anything else.
  private func isPresent(
    _ manifest: SyntheticManifest, in folder: String, named name: String
  ) throws(SyntheticPeopleError) -> Bool {
    let files = FileManager.default
    guard files.fileExists(atPath: folder) else { return false }
    guard let content = try? files.contentsOfDirectory(atPath: folder) else { throw .folderInUse(path: name) }
    if content.isEmpty { return false }
    guard let found = SyntheticManifest.read(from: folder) else { throw .folderInUse(path: name) }
    if let difference = found.difference(from: manifest) {
      throw .otherDataset(path: name, reason: difference)
    }
    let isComplete =
      ["data.yaml"].allSatisfy { files.fileExists(atPath: folder + "/" + $0) }
      && Split.all(of: manifest).allSatisfy { split in
        files.fileExists(atPath: folder + "/" + split.annotationPath)
          && count(of: ".jpg", in: folder + "/images/" + split.name) == split.indices.count
          && count(of: ".txt", in: folder + "/labels/" + split.name) == split.indices.count
      }
    if !isComplete { throw .otherDataset(path: name, reason: "files are missing from it") }
    return true
  }

  private func count(of suffix: String, in folder: String) -> Int {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return names?.count { $0.hasSuffix(suffix) } ?? 0
  }
}

/// The training or validation part of a data set.
private struct Split {
  var name: String
  var indices: Range<Int>

  var figure: SyntheticFigure

  var annotationPath: String { "annotations/\(figure.rawValue)_keypoints_\(name).json" }

  static func all(of manifest: SyntheticManifest) -> [Split] {
    let figure = manifest.figure ?? .person
    let first = Split(name: "train", indices: 0..<manifest.trainingImages, figure: figure)
    let second = Split(name: "val", indices: manifest.trainingImages..<manifest.images, figure: figure)
    return second.indices.isEmpty ? [first] : [first, second]
  }
}

extension SyntheticPeople {
  private func writeFiles(_ manifest: SyntheticManifest, to folder: String, threads: Int?) throws {
    for split in Split.all(of: manifest) {
      for kind in ["images", "labels"] { try makeFolder(folder + "/\(kind)/\(split.name)") }
    }
    try makeFolder(folder + "/annotations")
    for split in Split.all(of: manifest) {
      let labels = try writePictures(split, manifest, to: folder, threads: threads)
      var annotations = COCOKeypointText(figure)
      for (index, people) in zip(split.indices, labels) {
        annotations.add(
          people, id: index, fileName: Self.baseName(index) + ".jpg", width: manifest.size,
          height: manifest.size)
      }
      try AtomicFile.write(annotations.text, to: folder + "/" + split.annotationPath, durable: false)
    }
    try AtomicFile.write(
      figure.dataText(hasValidation: manifest.validationImages > 0), to: folder + "/data.yaml", durable: false
    )
    try manifest.write(to: folder)
  }

  /// Renders and writes the pictures of a split with their YOLO labels, several at a time; returns the labels in
  /// the pictures' order.
  private func writePictures(
    _ split: Split, _ manifest: SyntheticManifest, to folder: String, threads: Int?
  ) throws -> [[SyntheticScene.Person]] {
    let workers = max(1, min(split.indices.count, threads ?? ProcessInfo.processInfo.activeProcessorCount))
    let state = Mutex<(next: Int, labels: [Int: [SyntheticScene.Person]], failure: (any Error)?)>(
      (split.indices.lowerBound, [:], nil))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index: Int? = state.withLock { state in
          guard state.failure == nil, state.next < split.indices.upperBound else { return nil }
          state.next += 1
          return state.next - 1
        }
        guard let index else { return }
        do {
          let people = try writePicture(index, split, manifest, to: folder)
          state.withLock { $0.labels[index] = people }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return split.indices.map { state.labels[$0] ?? [] }
    }
  }

  private func writePicture(
    _ index: Int, _ split: Split, _ manifest: SyntheticManifest, to folder: String
  ) throws -> [SyntheticScene.Person] {
    let size = manifest.size
    let scene = scene(seed: manifest.seed, index: index, width: size, height: size)
    let name = Self.baseName(index)
    let bytes = try scene.image.jpeg(quality: options.quality, subsampling: .none)
    try AtomicFile.write(bytes, to: folder + "/images/\(split.name)/\(name).jpg", durable: false)
    try AtomicFile.write(
      LabelText.yolo(scene.people, width: size, height: size),
      to: folder + "/labels/\(split.name)/\(name).txt", durable: false)
    return scene.people
  }

  private static func baseName(_ index: Int) -> String {
    let digits = String(index)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}
