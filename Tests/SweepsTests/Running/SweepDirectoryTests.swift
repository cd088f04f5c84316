import Foundation
import Launchers
import Sweeps
import Testing

@Suite struct `The folder of a sweep` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func `has one runner at a time`() throws {
    let folder = scratch.file("sweep")
    do {
      let first = try SweepDirectory(folder)
      let error = #expect(throws: SweepError.self) { try SweepDirectory(first.path) }
      #expect(error == .inUse(folder, process: Int(getpid())))
      #expect(
        error?.description
          == "\(folder): another process (\(getpid())) runs this sweep; wait for it, or take another name")
    }
    _ = try SweepDirectory(folder)
  }

  @Test func `is named where it cannot be made`() throws {
    try scratch.write("", to: "file")
    let error = #expect(throws: SweepError.self) { try SweepDirectory(scratch.file("file/sweep")) }
    #expect(error?.description.hasPrefix(scratch.file("file/sweep") + ": cannot keep a sweep here: ") == true)
  }

  @Test func `tells of a run that a killed runner left behind, which is waited for`() throws {
    let sweep = try FakeSweep("axes: {augment: {standard: {}, plain: {mosaic: 0}}}")
    let run = sweep.plan.runs[0]
    // It holds the run's log open, as every process does that the launcher has started.
    let left = try LocalLauncher().start(
      LaunchRequest(
        name: run.folder, executable: "/bin/sleep", arguments: ["0.4"],
        log: try logFile(sweep, run)))
    let start = ContinuousClock.now
    try sweep.run(FakeLauncher(sweep.folder))
    #expect(ContinuousClock.now - start > .seconds(0.3))
    #expect(try left.poll() == .exited(0))
    #expect(
      sweep.notes.contains(
        "baseline, seed 0: still being trained by a process left behind; waiting for it"))
    #expect(try sweep.runs().map(\.state) == [.finished, .finished])
  }

  @Test func `never has two processes on one log`() throws {
    let request = LaunchRequest(
      name: "a", executable: "/bin/sleep", arguments: ["0.3"], log: scratch.file("a.log"))
    let launcher = LocalLauncher(jobs: 2)
    let job = try launcher.start(request)
    #expect(throws: SweepError.runInUse(request.log)) { try launcher.start(request) }
    while try job.poll() == nil { Thread.sleep(forTimeInterval: 0.01) }
    _ = try launcher.start(request)
  }

  private func logFile(_ sweep: FakeSweep, _ run: SweepPlan.Run) throws -> String {
    let logs = sweep.folder + "/logs"
    try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
    return logs + "/" + run.folder + ".log"
  }
}

@Suite struct `A job of this machine` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func ending(_ script: String, then act: (any LaunchedJob) -> Void = { _ in }) throws -> JobEnding {
    let job = try LocalLauncher().start(
      LaunchRequest(
        name: "job", executable: "/bin/sh", arguments: ["-c", script], log: scratch.file("job.log")))
    act(job)
    while true {
      if let ending = try job.poll() { return ending }
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  @Test func `tells how it ended, and writes its log behind what is there`() throws {
    #expect(try ending("echo one; exit 7") == .exited(7))
    #expect(try ending("echo two >&2; kill -9 $$") == .killed(signal: 9))
    #expect(try scratch.text("job.log") == "one\ntwo\n")
  }

  @Test func `hears one interrupt, and is ended by force`() throws {
    let script = "trap 'echo heard; exit 130' INT; echo ready; while :; do sleep 0.02; done"
    let heard = try ending(script) { job in
      while (try? scratch.text("job.log")) != "ready\n" { Thread.sleep(forTimeInterval: 0.01) }
      job.stop(atOnce: false)
    }
    #expect(heard == .exited(130))
    #expect(try scratch.text("job.log") == "ready\nheard\n")
    #expect(
      try ending("exec sleep 60") { $0.stop(atOnce: true) } == .killed(signal: 9))
  }

  @Test func `shares out the cores`() {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    #expect(LocalLauncher(jobs: 1).threadsPerJob == cores)
    #expect(LocalLauncher(jobs: 10 * cores).threadsPerJob == 1)
    #expect(LocalLauncher(jobs: 3, threads: 5).threadsPerJob == 5)
    #expect(LocalLauncher(jobs: 0).capacity == 1)
  }

  @Test func `is an error where its program is missing`() throws {
    #expect(throws: (any Error).self) {
      try LocalLauncher().start(
        LaunchRequest(
          name: "job", executable: scratch.file("nothing"), arguments: [], log: scratch.file("job.log")))
    }
  }
}
