internal import ArgumentParser
internal import Config
internal import Data
internal import Downloads
internal import Foundation
internal import PoseLab

/// `poselab data download coco-pose`.
struct DownloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "download",
    abstract: "Fetch COCO-Pose from its makers' server.",
    discussion: """
      Fetches the official archives (annotations, train2017, val2017), checks their sizes and SHA-256, unpacks \
      them, and writes label files and the lists of pictures with labelled keypoints: 56,599 for training, 2,346 \
      for validation; with the split test, the 20,288 pictures of test-dev. Then data=coco-pose.yaml works.

      The archives of train and val take 20 GB, and twice that while they are unpacked. With --images labelled \
      only the pictures with labelled keypoints are fetched, one by one: about 10 GB. Stopped at any time, the \
      same command goes on; what is there is not fetched again.

        poselab data download coco-pose
        poselab data download coco-pose --splits val --images labelled
        poselab data download coco-pose --splits train,val,test --output /data/coco-pose
      """)

  @Argument(help: "What to fetch; there is coco-pose.") var name: String
  @Option(help: "Folder; without it, the one that coco-pose.yaml names.") var output: String?
  @Option(help: "Splits, separated by commas: train, val, test.") var splits = "train,val"
  @Option(help: "Pictures: all, or labelled.") var images = COCOPoseDownload.Images.all.rawValue
  @Option(help: "Files fetched at a time.") var jobs = 4
  @Option(help: "Address of a mirror with the same paths; its sizes and checksums are not known.")
  var server: String?
  @Flag(name: [.customLong("keep-archives"), .customLong("keep_archives")], help: "Keep the archives.")
  var keepsArchives = false
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    guard name == "coco-pose" || name == "coco-pose.yaml" else {
      throw UsageError("there is no data set '\(name)' to fetch; there is coco-pose")
    }
    let flag = Interruption.listen()
    let download = COCOPoseDownload(
      source: try source(), options: try options(), isCancelled: { flag.isSet })
    let folder = try output ?? Self.defaultFolder()
    let progress = DownloadProgress()
    let summary: COCOPoseDownload.Summary
    do {
      summary = try download.run(to: folder) { progress.show($0) }
      progress.close()
    } catch let error as DownloadError where error.problem == .cancelled {
      progress.close()
      Console.plain(error.description)
      throw CommandOutcome.interrupted
    } catch {
      progress.close()
      throw error
    }
    report(summary)
    if !summary.failures.isEmpty { throw CommandOutcome.failed }
  }

  private func source() throws -> COCOPose {
    guard let server else { return COCOPose() }
    guard let url = URL(string: server), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme), url.host() != nil
    else {
      throw UsageError("--server must be an address such as https://mirror.example/coco, not '\(server)'")
    }
    return COCOPose(server: url)
  }

  private func options() throws -> COCOPoseDownload.Options {
    var options = COCOPoseDownload.Options()
    options.splits = try splits.split(separator: ",").map { word in
      guard let split = COCOPose.Split(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
        throw UsageError("--splits has '\(word)'; there are train, val and test")
      }
      return split
    }
    guard !options.splits.isEmpty else { throw UsageError("--splits names none of train, val, test") }
    guard let images = COCOPoseDownload.Images(rawValue: images) else {
      throw UsageError("--images must be all or labelled, not '\(images)'")
    }
    guard (1...64).contains(jobs) else { throw UsageError("--jobs must lie in 1...64, not \(jobs)") }
    options.images = images
    options.keepsArchives = keepsArchives
    options.download.connections = jobs
    return options
  }

  /// The folder that the description of COCO-Pose names.
  private static func defaultFolder() throws -> String {
    guard let path = ShippedSpecs().find("coco-pose.yaml", kind: "datasets") else {
      throw UsageError("coco-pose.yaml is not to be found, so name a folder: --output DIR")
    }
    return try DatasetSpec(contentsOf: path).root
  }

  private func report(_ summary: COCOPoseDownload.Summary) {
    for fault in summary.failures.prefix(10) { Console.warning(fault.description) }
    if summary.failures.count > 10 { Console.warning("… and \(summary.failures.count - 10) more") }
    if json {
      let images = summary.images.map { ($0.split.rawValue, JSONText.int($0.count)) }
      Console.output(
        JSONText.object([
          ("folder", .string(summary.folder)), ("images", .object(images)),
          ("failed", .int(summary.failures.count)),
        ]).text)
    } else {
      let parts = summary.images.map { "\($0.count) of \($0.split.rawValue)" }
      Console.output("\(summary.folder): \(parts.joined(separator: ", "))")
    }
  }
}

/// A line that tells how far a download is; on a terminal it is rewritten.
private final class DownloadProgress: @unchecked Sendable {
  private let lock = NSLock()
  private var step = ""
  private var began = ContinuousClock.now
  /// Bytes on disk when the step began.
  private var first: Int?
  private var isOpen = false

  func show(_ event: COCOPoseDownload.Event) {
    lock.lock()
    defer { lock.unlock() }
    switch event {
    case .step(let name):
      endLine()
      (step, began, first) = (name, .now, nil)
      Console.plain(name)
    case .fetching(let progress): rewrite(text(progress))
    case .unpacking(let done, let count):
      if done == count || done.isMultiple(of: 50) { rewrite("\(done)/\(count) files") }
    case .note(let text):
      endLine()
      Console.note(text)
    }
  }

  func close() {
    lock.lock()
    defer { lock.unlock() }
    endLine()
  }

  private func text(_ progress: Downloader.Progress) -> String {
    let start = first ?? progress.bytes
    first = start
    let elapsed = began.duration(to: .now).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    let rate = seconds > 0.5 ? Double(progress.bytes - start) / seconds : 0
    var parts = [ByteCount(progress.bytes).description]
    if let all = progress.byteCount { parts[0] += " of \(ByteCount(all))" }
    if progress.fileCount > 1 { parts.append("\(progress.files)/\(progress.fileCount) files") }
    if rate > 0 {
      parts.append("\(ByteCount(Int(rate)))/s")
      let share =
        progress.byteCount.map { Double($0 - progress.bytes) / rate }
        ?? Double(progress.fileCount - progress.files) * seconds / Double(max(1, progress.files))
      if share.isFinite, share < 1e7 { parts.append("\(Self.clock(Int(share))) left") }
    }
    return parts.joined(separator: ", ")
  }

  private static func clock(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
  }

  private func rewrite(_ text: String) {
    guard Console.isTerminal else { return }
    isOpen = true
    Console.raw("\r  \(text)\u{1B}[K")
  }

  private func endLine() {
    if isOpen { Console.raw("\n") }
    isOpen = false
  }
}
