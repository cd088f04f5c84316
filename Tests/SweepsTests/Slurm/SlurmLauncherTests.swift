import Config
import Foundation
import Launchers
import PoseCore
import PoseLab
import Sweeps
import Testing

/// Nil for the short version.
private let isThorough = ProcessInfo.processInfo.environment["POSELAB_SLURM"] != nil

/// With `POSELAB_SLURM=1` all of it, else one sweep: Slurm takes its time over each job.
@Suite(
  .serialized,
  .enabled(if: SlurmCluster.obstacle == nil, Comment(rawValue: SlurmCluster.obstacle ?? "")))
struct `The launcher for Slurm` {
  let cluster: SlurmCluster
  let scratch: Scratch

  init() throws {
    cluster = try SlurmCluster()
    scratch = try Scratch()
  }

  private func launcher(_ options: SlurmOptions = SlurmOptions(cpus: 1, poll: 1)) throws -> SlurmLauncher {
    try SlurmLauncher(
      options, directory: scratch.path,
      environment: ProcessInfo.processInfo.environment.merging(cluster.environment) { $1 })
  }

  private func request(_ name: String, _ script: String, minutes: Double? = nil) -> LaunchRequest {
    LaunchRequest(
      name: name, executable: "/bin/sh", arguments: ["-c", script], log: scratch.file("\(name).log"),
      minutes: minutes)
  }

  private func ending(_ job: any LaunchedJob) throws -> JobEnding? {
    var ending: JobEnding?
    try SlurmCluster.wait {
      ending = try job.poll()
      return ending != nil
    }
    return ending
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `runs a round as one array, and tells how each job ended`() throws {
    let launcher = try launcher()
    let jobs = [
      launcher.start(request("good", "echo 'it'\"'\"'s' $SLURM_CPUS_PER_TASK; pwd")),
      launcher.start(request("bad", "echo no >&2; exit 74")),
      launcher.start(request("dead", "kill -9 $$")),
    ]
    try launcher.submit()
    #expect(
      try cluster.ask("squeue", "--noheader", "--states=all", "--format=%F").split(separator: "\n").allSatisfy
      { $0 == "1" })
    #expect(try jobs.map(ending) == [.exited(0), .exited(74), .killed(signal: 9)])
    #expect(try scratch.text("good.log") == "it's 1\n\(FileManager.default.currentDirectoryPath)\n")
    #expect(try scratch.text("bad.log") == "no\n")
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `asks running jobs to end with one interrupt, and takes waiting ones out of the queue`() throws {
    let launcher = try launcher()
    let script = "trap 'echo heard; exit 130' INT; echo ready; while :; do sleep 0.05; done"
    let jobs = ["a", "b", "c"].map { launcher.start(request($0, script)) }
    try launcher.submit()
    // There are two cores.
    try SlurmCluster.wait {
      _ = try jobs.map { try $0.poll() }
      return scratch.exists("a.log") && scratch.exists("b.log") && jobs[0].isRunning && jobs[1].isRunning
    }
    #expect(!jobs[2].isRunning)
    try SlurmCluster.wait { try ["a", "b"].allSatisfy { try scratch.text("\($0).log") == "ready\n" } }
    for job in jobs { job.stop(atOnce: false) }
    #expect(try jobs.map(ending) == [.exited(130), .exited(130), .exited(130)])
    #expect(try scratch.text("a.log") == "ready\nheard\n" && !scratch.exists("c.log"))
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `ends by force what does not hear`() throws {
    let launcher = try launcher()
    let job = launcher.start(request("deaf", "trap '' INT TERM; echo ready; while :; do sleep 0.05; done"))
    try launcher.submit()
    try SlurmCluster.wait { try job.poll() == nil && job.isRunning && scratch.exists("deaf.log") }
    job.stop(atOnce: true)
    #expect(try ending(job) == .exited(130))
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `adopts the jobs of a runner that is gone, also where it died before it knew their number`()
    throws
  {
    let gate = scratch.file("gate")
    let script = "echo begun; while [ ! -e '\(gate)' ]; do sleep 0.05; done; exit 3"
    let requests = ["a", "b", "c"].map { request($0, script) }
    do {
      let first = try launcher()
      for request in requests { _ = first.start(request) }
      try first.submit()
    }
    // As if the runner had been killed between the submission and its note of it.
    let noted = try scratch.text("slurm/jobs.json")
    let unnoted = noted.replacing(#/"job" : \d+,\s*/#, with: "")
    #expect(unnoted != noted)
    try scratch.write(unnoted, to: "slurm/jobs.json")

    let second = try launcher()
    #expect(try scratch.text("slurm/jobs.json") == noted)
    let jobs = try requests.map { try #require(try second.adopt($0)) }
    #expect(try second.adopt(request("d", "")) == nil)
    try scratch.write("", to: "gate")
    #expect(try jobs.map(ending) == [.exited(3), .exited(3), .exited(3)])
    #expect(try ["a", "b", "c"].map { try scratch.text("\($0).log") } == ["begun\n", "begun\n", "begun\n"])
    // What has ended is not adopted.
    #expect(try launcher().adopt(requests[0]) == nil)
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `says what became of jobs that others cancelled`() throws {
    let launcher = try launcher()
    let jobs = ["a", "b", "c"].map { launcher.start(request($0, "sleep 60")) }
    try launcher.submit()
    try SlurmCluster.wait { try jobs.allSatisfy { try $0.poll() == nil } && jobs[0].isRunning }
    _ = try cluster.ask("scancel", "1_0", "1_2")
    #expect(try ending(jobs[0]) == .lost("cancelled in Slurm"))
    let lost = try #require(try ending(jobs[2]))
    guard case .lost(let reason) = lost else {
      Issue.record("\(lost)")
      return
    }
    // It depends on when the look is taken: one that never ran is soon forgotten.
    #expect(
      reason == "cancelled in Slurm" || reason.hasPrefix("Slurm no longer knows job 1_2; it was cancelled"))
    jobs[1].stop(atOnce: true)
    #expect(try ending(jobs[1]) == .exited(130))
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `asks Slurm for what its arguments say`() throws {
    let launcher = try launcher(
      SlurmOptions(
        partition: "side", time: "1-02:00:00", memory: "100M", cpus: 2, extra: ["--comment=two words"],
        poll: 1))
    #expect(launcher.threadsPerJob == 2)
    let job = launcher.start(request("a", "sleep 0.2", minutes: 7))
    try launcher.submit()
    let text = try cluster.ask("scontrol", "show", "job", "1", "-o")
    for part in [
      "Partition=side", "TimeLimit=1-02:00:00", "NumCPUs=2", "MinMemoryNode=100M", "Comment=two words",
      "Requeue=0",
    ] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(try ending(job) == .exited(0))
    let limited = try self.launcher()
    _ = limited.start(request("b", "true", minutes: 7.5))
    try limited.submit()
    #expect(try cluster.ask("scontrol", "show", "job", "2", "-o").contains("TimeLimit=00:13:00"))
  }

  @Test(.enabled(if: isThorough, "POSELAB_SLURM is not set"))
  func `tells what Slurm refuses, and forgets the jobs`() throws {
    let launcher = try launcher(SlurmOptions(partition: "nowhere", cpus: 1, poll: 1))
    let job = launcher.start(request("a", "true"))
    let error = #expect(throws: SlurmError.self) { try launcher.submit() }
    #expect(
      error?.description.contains("invalid partition specified: nowhere") == true,
      "\(String(describing: error))")
    #expect(try job.poll() == .exited(130))
    #expect(try launcher.adopt(request("a", "true")) == nil)
    try launcher.submit()
  }

  @Test func `carries a sweep of the program to its end, across a runner that is killed`() throws {
    let program = try TinySweep()
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let undisturbed = try program.finish(["--jobs", "\(cores)"])
    let other = try TinySweep()
    let launcher = ["--launcher", "{type: slurm, cpus: 1, poll: 1, extra: [--comment=tiny]}"]
    let runner = try other.start(launcher, environment: cluster.environment)
    try SlurmCluster.wait { try cluster.ask("squeue", "--noheader", "--states=running").contains("poselab-") }
    kill(runner.processIdentifier, SIGKILL)
    runner.waitUntilExit()
    // Its jobs go on without it.
    #expect(try cluster.ask("squeue", "--noheader").contains("poselab-"))
    let results = try other.finish(launcher, environment: cluster.environment)
    #expect(results == undisturbed)
    let numbers = try cluster.ask("squeue", "--noheader", "--states=all", "--format=%F").split(
      separator: "\n")
    #expect(Set(numbers) == ["1"], "every run is a task of the first array")
  }
}

@Suite struct `The launcher for Slurm, without Slurm` {
  @Test func `says which package has its commands`() throws {
    let scratch = try Scratch()
    let error = #expect(throws: SlurmError.self) {
      try SlurmLauncher(directory: scratch.path, environment: ["PATH": "/nowhere:" + scratch.path])
    }
    #expect(
      error?.description.contains(
        "needs Slurm's command 'sbatch', which is not in PATH; on Debian the package slurm-client has it")
        == true)
  }

  @Test func `declares what it takes`() throws {
    let launchers = try Registry.standard().launchers
    #expect(launchers.names == ["local", "slurm"])
    func fault(_ text: String) -> String {
      do {
        _ = try launchers.resolve(try ComponentSpec(text: text, named: "launcher"))
        return ""
      } catch { return "\(error)" }
    }
    #expect(fault("{type: slurm, partiton: gpu}").contains("did you mean 'partition'?"))
    #expect(fault("{type: slurm, cpus: 0}").contains("cpus"))
    #expect(fault("{type: slurm, partition: gpu, time: 1-12, memory: 8G, extra: [--gres=gpu:1]}") == "")
    #expect(fault("{type: slurm, time: '2:30:00'}") == "")
    #expect(fault("slrum").contains("did you mean 'slurm'?"))
  }
}
