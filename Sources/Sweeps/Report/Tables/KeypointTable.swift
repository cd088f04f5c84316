internal import PoseCore

/// OKS of each keypoint by variant, from the figures `keypoint_oks/keypoints/NAME/OKS` of runs.
struct KeypointTable {
  let keypoints: [String]
  let rows: [(variant: String, values: [Double?])]

  static let limit = 100

  init(_ analysis: SweepAnalysis) {
    func name(_ figure: RunResult.Figure) -> String? {
      let parts = figure.name.split(separator: "/")
      guard figure.metric == "keypoint_oks", parts.count > 1, parts.last == "OKS" else { return nil }
      return String(parts[parts.count - 2])
    }
    var names: [String] = []
    for run in analysis.variants.flatMap(\.finished) {
      for figure in run.figures {
        if let name = name(figure), !names.contains(name) { names.append(name) }
      }
    }
    // Results come in the order of names; people are read from head to foot.
    let person = Skeleton.cocoPerson.names
    if Set(names).isSubset(of: person) { names = person.filter(names.contains) }
    keypoints = names
    rows = analysis.variants.prefix(Self.limit).filter { !$0.finished.isEmpty }.map { variant in
      let values = names.map { joint -> Double? in
        let summary = SampleSummary(
          variant.finished.compactMap { run in run.figures.first { name($0) == joint }?.value })
        return summary.count > 0 ? summary.mean : nil
      }
      return (variant.name, values)
    }
  }

  var range: (low: Double, high: Double) {
    let values = rows.flatMap { $0.values.compactMap { $0 } }
    return (values.min() ?? 0, values.max() ?? 1)
  }
}
