public import Config
internal import Data
internal import Foundation
public import PoseCore
public import Sweeps
public import Training

/// An ablation sweep, from its YAML file to its report.
///
/// ```swift
/// let sweep = try Sweep(file: "Experiments/ablations/quickstart.yaml")
/// try sweep.run(try sweep.plan())
/// let files = try sweep.report()  // runs/sweeps/quickstart/report/report.html and others
/// ```
public struct Sweep: Sendable {
  public let spec: SweepSpec
  public let registry: Registry
  /// Laid over the base experiment.
  public let overrides: [Override]
  /// The folder of sweeps.
  public var project = "runs/sweeps"
  public var shippedSpecs = ShippedSpecs()

  /// - Parameters:
  ///   - file: an experiment with the section `ablation`, or the name of one that PoseLab brings.
  ///   - overrides: dotted paths or flat names; those that begin with `ablation` change the sweep.
  /// - Throws: every fault of the section `ablation`; `plan()` checks the runs.
  public init(file: String, overriding overrides: [Override] = [], registry: Registry? = nil) throws {
    self.registry = try registry ?? Registry.standard()
    let path = ShippedSpecs().find(file, kind: "ablations") ?? file
    spec = try SweepSpec(contentsOf: path, overriding: overrides, registry: self.registry)
    self.overrides = overrides.filter { $0.path.first != "ablation" }
  }

  /// The sweep's folder.
  public var directory: String { project + "/" + spec.name }

  /// The database of results, beside the folders of runs.
  public var store: String { Self.store(of: project) }

  /// The database that belongs to a folder of sweeps: `runs/results.sqlite` for `runs/sweeps`.
  public static func store(of project: String) -> String {
    let above = (project as NSString).deletingLastPathComponent
    return (above.isEmpty ? "." : above) + "/results.sqlite"
  }

  /// Resolves and checks every run; starts nothing.
  ///
  /// - Parameter measuresCost: whether to time a few steps of each model, to estimate how long everything takes.
  /// - Throws: a `DiagnosticList` with the faults of all runs.
  public func plan(measuresCost: Bool = false) throws -> SweepPlan {
    let gauge = CostGauge(registry: registry, specs: shippedSpecs, measures: measuresCost)
    return try SweepPlanner(registry: registry, inspect: gauge.cost).plan(spec, overriding: overrides)
  }

  /// Carries the plan out, or goes on with it.
  ///
  /// - Parameters:
  ///   - launcher: a registered launcher.
  ///   - jobs: runs at once; nil leaves it to the launcher.
  ///   - executable: the program whose `train` command trains; by default `poselab` beside this program or in PATH.
  ///   - retriesFailed: try runs again that failed or timed out.
  ///   - cancellation: set to end with checkpoints.
  /// - Returns: false if it was cancelled.
  /// - Throws: `SweepError`, `StoreError`, what the launcher throws, and where no program trains.
  @discardableResult public func run(
    _ plan: SweepPlan, launcher: ComponentSpec = ComponentSpec(name: "local"), jobs: Int? = nil,
    executable: String? = nil, retriesFailed: Bool = false,
    cancellation: CancellationFlag = CancellationFlag(), observe: @escaping (SweepEvent) -> Void = { _ in }
  ) throws -> Bool {
    let folder = try SweepDirectory(Self.absolute(directory))
    let context = LauncherContext(jobs: jobs, directory: folder.path)
    let starter = try registry.launchers.make(launcher, in: context)
    // Two runs that find no data set would both make it.
    for run in plan.runs.prefix(1) {
      _ = try run.spec.data?.resolve(specs: shippedSpecs) { observe(.note($0)) }
    }
    var options = SweepRunner.Options(executable: try executable.map(Self.absolute) ?? Self.trainer())
    options.retriesFailed = retriesFailed
    let gauge = CostGauge(registry: registry, specs: shippedSpecs, measures: false)
    options.latency = gauge.latency
    let runner = SweepRunner(
      plan, in: folder, store: try ResultStore(Self.absolute(store)),
      launcher: starter, registry: registry, options: options, observe: observe)
    return try runner.run(cancellation: cancellation)
  }

  /// What is known so far; nil before the first `run`.
  public func results() throws -> SweepResults? {
    try ResultStore(Self.absolute(store)).results(of: Self.absolute(directory))
  }

  /// Writes the report of what is known so far.
  ///
  /// - Parameters:
  ///   - folder: of the report; by default `report` in the sweep's folder.
  ///   - options: what is to be in it.
  /// - Returns: the paths of the files, the page first.
  /// - Throws: where the sweep has not been run, or the files cannot be written.
  @discardableResult public func report(
    to folder: String? = nil, options: ReportOptions = ReportOptions()
  ) throws -> [String] {
    guard let results = try results() else {
      throw Diagnostic(.error, "\(directory): this sweep has not been run yet")
    }
    return try SweepReport.write(results, to: folder ?? directory + "/report", options: options)
  }

  static func absolute(_ path: String) -> String {
    path.hasPrefix("/")
      ? path : SpecPath.normalized(FileManager.default.currentDirectoryPath + "/" + path)
  }

  /// The file of this program.
  package static func thisProgram() -> String {
    if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
    return absolute(CommandLine.arguments.first ?? "poselab")
  }

  /// A program that calls this function is not one that knows the command `train`.
  private static func trainer() throws -> String {
    let own = (thisProgram() as NSString).deletingLastPathComponent
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in [own] + folders {
      let path = folder + "/poselab"
      if FileManager.default.isExecutableFile(atPath: path) { return absolute(path) }
    }
    throw Diagnostic(
      .error,
      "no program 'poselab' beside this one or in PATH to train the runs with; name one as 'executable'")
  }
}
