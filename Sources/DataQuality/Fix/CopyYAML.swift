internal import Config
internal import Data
internal import PoseCore

/// The dataset YAML of a corrected copy.
struct CopyYAML {
  let text: String

  init(_ spec: DatasetSpec, splits: [DatasetSplit]) {
    let skeleton = spec.skeleton
    func list(_ names: [String]) -> Node { Node(.sequence(names.map { Node(.string($0)) })) }
    func numbers(_ values: [Int]) -> Node { Node(.sequence(values.map { Node(.int($0)) })) }
    var entries: [(String, Node)] = splits.map { ($0.rawValue, Node(.string("images/\($0.rawValue)"))) }
    // A data set needs both.
    if splits.count == 1 { entries.append((splits[0] == .train ? "val" : "train", entries[0].1)) }
    entries.append(("names", list(spec.classNames)))
    entries.append(("kpt_shape", numbers([skeleton.keypointCount, skeleton.dimensions])))
    if skeleton.names.count == skeleton.keypointCount { entries.append(("kpt_names", list(skeleton.names))) }
    entries.append(("flip_idx", numbers(skeleton.flipIndices ?? [])))
    if !skeleton.limbs.isEmpty {
      entries.append(
        ("skeleton", Node(.sequence(skeleton.limbs.map { numbers([$0.0, $0.1]) }))))
    }
    if skeleton.sigmaSource == .dataset {
      entries.append(
        (
          "kpt_oks_sigmas",
          Node(.sequence(skeleton.sigmas.map { Node(.float(Double("\($0)") ?? Double($0))) }))
        ))
    }
    let root = Node(.mapping(entries.map { Node.Entry(key: $0.0, value: $0.1) }))
    text =
      "# A corrected copy of \(spec.file.split(separator: "\n").joined(separator: " ")).\n"
      + YAMLWriter().text(root)
  }
}
