import Foundation
import Sweeps
import Training

/// Runs that only write what runs write: an epoch at each poll.
final class FakeLauncher: Launcher {
  /// What becomes of a run.
  enum Behaviour {
    /// Trains to its end, its epochs as good as `quality`.
    case trains(quality: Double)
    /// Ends with this code after so many epochs.
    case exits(Int32, after: Int)
    /// Never does anything more; hears no request to end if `isDeaf`.
    case hangs(isDeaf: Bool)
    /// Is killed this often before its first epoch, and then trains.
    case isKilled(times: Int)
    case isEvicted(times: Int)
  }

  let folder: String
  let capacity: Int
  let threadsPerJob = 1
  /// By the beginning of the run's folder.
  var behaviours: [(prefix: String, Behaviour)]
  /// Names of the jobs in the order of their starts, with the epochs that are done.
  var starts: [(name: String, epochs: Int)] = []
  var rounds: [Int] = []
  var mostAtOnce = 0
  var open: [FakeJob] = []
  /// Jobs of an earlier runner.
  var orphans: [String: FakeJob] = [:]
  /// Jobs of an earlier runner that come to their end when they are asked for.
  var lateJobs: [String: FakeJob] = [:]
  /// Set to have the runner break off as a kill would leave it: `start` throws from then on.
  var startsLeft = Int.max
  var onEpoch: (FakeJob) -> Void = { _ in }
  private var deaths: [String: Int] = [:]

  struct NoMoreStarts: Error {}

  init(_ folder: String, capacity: Int = 1, _ behaviours: [(prefix: String, Behaviour)] = []) {
    self.folder = folder
    self.capacity = capacity
    self.behaviours = behaviours
  }

  func behaviour(of name: String) -> Behaviour {
    behaviours.first { name.hasPrefix($0.prefix) }?.1 ?? .trains(quality: 0.5)
  }

  func start(_ request: LaunchRequest) throws -> any LaunchedJob {
    if startsLeft == 0 { throw NoMoreStarts() }
    startsLeft -= 1
    let job = FakeJob(self, request)
    starts.append((request.name, job.epochs.count))
    open.append(job)
    mostAtOnce = max(mostAtOnce, open.count { $0.ending == nil })
    return job
  }

  func adopt(_ request: LaunchRequest) throws -> (any LaunchedJob)? {
    if let job = lateJobs.removeValue(forKey: request.name) { while try job.poll() == nil {} }
    return orphans.removeValue(forKey: request.name)
  }

  func submit() throws { rounds.append(starts.count) }

  /// Whether it dies once more.
  func takeDeath(_ name: String, of times: Int) -> Bool {
    deaths[name, default: 0] += 1
    return deaths[name, default: 0] <= times
  }
}

final class FakeJob: LaunchedJob {
  let launcher: FakeLauncher
  let name: String
  let target: Int
  let arguments: [String]
  private(set) var epochs: [EpochRecord]
  private(set) var ending: JobEnding?
  private(set) var stops: [Bool] = []
  var isRunning = true

  private var folder: String { launcher.folder + "/" + name }

  init(_ launcher: FakeLauncher, _ request: LaunchRequest) {
    self.launcher = launcher
    name = request.name
    arguments = request.arguments
    target = request.arguments.last.flatMap { Int($0.split(separator: "=")[1]) } ?? 0
    let text = try? String(
      contentsOfFile: launcher.folder + "/" + request.name + "/metrics.jsonl", encoding: .utf8)
    epochs = text.flatMap { try? ResultsTable(jsonLines: $0).records } ?? []
    _ = FileManager.default.createFile(atPath: request.log, contents: Data("error: out of luck\n".utf8))
  }

  func poll() throws -> JobEnding? {
    if ending == nil && isRunning { try work() }
    return ending
  }

  private func work() throws {
    var quality = 0.5
    switch launcher.behaviour(of: name) {
    case .trains(let value): quality = value
    case .exits(let code, let count):
      if epochs.count >= count {
        ending = .exited(code)
        return
      }
    case .hangs: return
    case .isKilled(let times):
      if launcher.takeDeath(name, of: times) {
        ending = .killed(signal: 9)
        return
      }
    case .isEvicted(let times):
      if launcher.takeDeath(name, of: times) {
        ending = .evicted("its node failed")
        return
      }
    }
    try train(quality)
  }

  private func train(_ quality: Double) throws {
    let last = 4
    if epochs.count < min(target, last) {
      let value = quality * Double(epochs.count + 1)
      epochs.append(
        EpochRecord(
          epoch: epochs.count + 1, seconds: Double(epochs.count + 1) * 60, trainLosses: [],
          metrics: [.init("metrics/mAP50-95(P)", value)], learningRates: [], imagesPerSecond: 1))
      try write(ResultsTable(epochs).jsonLines, "metrics.jsonl")
      try write("weights", "weights/last.safetensors")
      launcher.onEpoch(self)
      return
    }
    ending = .exited(0)
    guard epochs.count == last else { return }
    try write(
      "{\"ending\":\"completed\",\"seconds\":240,\"metrics\":{\"coco_keypoints\":{\"AP\":\(quality)}}}",
      "summary.json")
  }

  private func write(_ text: String, _ file: String) throws {
    let url = URL(fileURLWithPath: folder + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func stop(atOnce: Bool) {
    stops.append(atOnce)
    if case .hangs(isDeaf: true) = launcher.behaviour(of: name), !atOnce { return }
    if ending == nil { ending = atOnce ? .killed(signal: 9) : .exited(130) }
  }
}
