internal import Config

extension SweepResults {
  /// Runs put together by hand, the first as the baseline.
  ///
  /// Runs whose specs differ in the seed alone are one variant, whatever they are called.
  ///
  /// - Parameters:
  ///   - runs: of one sweep or several, or of none; one that is there twice counts once.
  ///   - name: of the whole.
  ///   - figure: the figure that decides.
  public init(comparing runs: [RunResult], name: String = "runs", figure: String = "coco_keypoints/AP") {
    var folders: Set<String> = []
    var variants: [[String: String]: String] = [:]
    var taken: Set<String> = []
    let named = runs.filter { folders.insert($0.directory).inserted }.map { run in
      var run = run
      let settings = Self.settings(of: run)
      let name = variants[settings] ?? Self.free(run, taken)
      variants[settings] = name
      taken.insert(name)
      run.variant = name
      // Axes are of sweeps; here the settings themselves tell what is changed.
      run.choices = []
      return run
    }
    self.init(
      name: name, mode: "runs", baseline: named.first?.variant ?? "", figure: figure, runs: named)
  }

  /// What the numbers of a run depend on, but for its seed.
  private static func settings(of run: RunResult) -> [String: String] {
    guard !run.spec.isEmpty, let tree = try? Document(text: run.spec, name: "experiment.yaml").root else {
      return ["": run.directory]
    }
    let machine = ["seed", "threads", "workers", "cache", "pause_after", "resume"].map { "train." + $0 }
    return tree.flattened.filter { path, _ in
      !(path.hasPrefix("log.") || path.hasPrefix("predict.") || machine.contains(path))
    }
  }

  /// A name that no other variant has: its own, else with the folders it is in.
  private static func free(_ run: RunResult, _ taken: Set<String>) -> String {
    if !taken.contains(run.variant) { return run.variant }
    let parts = run.directory.split(separator: "/").map(String.init)
    for count in 1...max(1, parts.count) {
      let name = parts.suffix(count).joined(separator: "/")
      if !taken.contains(name) { return name }
    }
    return run.directory
  }
}
