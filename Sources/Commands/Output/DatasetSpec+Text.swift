internal import Data
internal import PoseCore

/// What `describe` tells of a data set.
extension DatasetSpec {
  var table: String {
    var lines = TextTable(["", ""])
    lines.add("file", file)
    lines.add("root", root)
    for split in DatasetSplit.allCases {
      guard let source = splits[split] else { continue }
      let labels = source.annotations.map { ", labels in \($0.path)" } ?? ""
      lines.add(split.rawValue, source.images.map(\.path).joined(separator: ", ") + labels)
    }
    let shown = classNames.prefix(20).joined(separator: ", ") + (classNames.count > 20 ? ", …" : "")
    lines.add("classes", "\(classNames.count): \(shown)")
    let shape = "\(skeleton.keypointCount), of \(skeleton.dimensions) numbers each"
    lines.add("keypoints", shape)
    lines.add("sigmas", sigmaOrigin)
    lines.add("flip_idx", skeleton.flipIndices.map { "\($0)" } ?? "none: pictures are not mirrored")
    lines.add("limbs", "\(skeleton.limbs.count)")
    var points = TextTable([">", "keypoint", "mirrored", ">sigma"])
    for (index, name) in skeleton.names.enumerated() {
      let mirror = skeleton.flipIndices?[index] ?? index
      points.add(
        "\(index)", name, mirror == index ? "" : skeleton.names[mirror],
        index < skeleton.sigmas.count ? Figures.four(Double(skeleton.sigmas[index])) : "")
    }
    return lines.text + (skeleton.names.isEmpty ? "" : "\n\n" + points.text)
  }

  private var sigmaOrigin: String {
    switch skeleton.sigmaSource {
    case .coco: "those of COCO"
    case .dataset: "from the file"
    case .uniform: "1/K for each keypoint, as a fallback"
    }
  }

  var document: JSONText {
    let places = DatasetSplit.allCases.compactMap { split -> (String, JSONText)? in
      splits[split].map { (split.rawValue, .array($0.images.map { .string($0.path) })) }
    }
    return .object([
      (
        "dataset",
        .object([
          ("file", .string(file)), ("root", .string(root)), ("splits", .object(places)),
          ("classes", .array(classNames.map { .string($0) })),
          ("keypoints", .array(skeleton.names.map { .string($0) })),
          ("dimensions", .int(skeleton.dimensions)),
          ("flip_idx", skeleton.flipIndices.map { .array($0.map { .int($0) }) } ?? .null),
          ("sigmas", .array(skeleton.sigmas.map { .number(Double($0)) })),
          ("sigma_source", .string("\(skeleton.sigmaSource)")),
          ("limbs", .array(skeleton.limbs.map { .array([.int($0.0), .int($0.1)]) })),
        ])
      )
    ])
  }
}
