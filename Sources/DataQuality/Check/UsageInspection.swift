internal import Config
internal import Data
internal import PoseCore

/// Looks at the data set as a whole: classes, visibilities, sigmas, and images without labels.
struct UsageInspection {
  let spec: DatasetSpec
  let splits: [ScannedSplit]

  func findings() -> FindingList {
    var list = FindingList()
    for warning in spec.warnings {
      let kind: FindingKind =
        warning.message.contains("sigma") ? .sigmaFallback : .specification
      let row = warning.location.map { Finding.Row.line($0.line) }
      list.append(Finding(kind, warning.location?.file ?? spec.file, row: row, warning.message))
    }
    classes(&list)
    keypoints(&list)
    for split in splits { sparseness(split, &list) }
    return list
  }

  private func classes(_ list: inout FindingList) {
    var counts = Array(repeating: 0, count: spec.classNames.count)
    for split in splits {
      for image in split.images {
        for object in image.objects where counts.indices.contains(object.instance.classIndex) {
          counts[object.instance.classIndex] += 1
        }
      }
    }
    for (index, name) in spec.classNames.enumerated() where counts[index] == 0 {
      list.append(Finding(.unusedClass, spec.file, "no object is of class \(index), '\(name)'"))
    }
  }

  private func keypoints(_ list: inout FindingList) {
    var counts = Array(repeating: [0, 0, 0], count: spec.skeleton.keypointCount)
    var objects = 0
    for split in splits {
      for image in split.images {
        for object in image.objects where !object.flags.contains(.crowd) {
          objects += 1
          for (index, point) in object.instance.keypoints.enumerated() {
            counts[index][Int(point.visibility.rawValue)] += 1
          }
        }
      }
    }
    if objects == 0 { return }
    for (index, count) in counts.enumerated() where count[1] + count[2] == 0 {
      let name =
        spec.skeleton.names.indices.contains(index) ? "'\(spec.skeleton.names[index])'" : "keypoint \(index)"
      list.append(Finding(.unusedKeypoint, spec.file, "\(name) is labelled in none of \(objects) objects"))
    }
    let (hidden, visible) = counts.reduce((0, 0)) { ($0.0 + $1[1], $0.1 + $1[2]) }
    if spec.skeleton.dimensions == 3 && visible == 0 && hidden > 0 {
      list.append(
        Finding(
          .neverVisible, spec.file,
          "all \(hidden) labelled keypoints are flagged 1 (hidden), none 2 (visible): 1 was likely meant as visible"
        ))
    }
  }

  private func sparseness(_ split: ScannedSplit, _ list: inout FindingList) {
    let usable = split.images.filter { $0.size != nil }
    let labelled = usable.filter { !$0.objects.isEmpty }
    guard !labelled.isEmpty else { return }
    let empty = usable.filter(\.objects.isEmpty)
    let missing = empty.count { $0.isMissingLabels }
    if 5 * empty.count > usable.count {
      var finding = Finding(
        .sparseLabels, empty[0].path,
        "\(empty.count) of \(usable.count) images of '\(split.split.rawValue)' have no label"
          + (missing > 0 ? ", \(missing) of them no label file" : "")
          + ": whoever is in them counts as background",
        image: empty[0].path)
      finding.objects = []
      list.append(finding)
    }
    // Crowded scenes with a single label are the ones that were not finished.
    let single = labelled.count { $0.objects.count == 1 }
    let small = labelled.filter { image in
      guard image.objects.count == 1, let size = image.size else { return false }
      let box = image.objects[0].instance.box
      return Double(box.width) * Double(box.height) < 0.03 * Double(size.width * size.height)
    }
    if labelled.count >= 20 && 20 * single > 19 * labelled.count && 4 * small.count > labelled.count {
      list.append(
        Finding(
          .sparseLabels, small[0].labelFile ?? small[0].path,
          "\(single) of \(labelled.count) images of '\(split.split.rawValue)' have exactly one label, and"
            + " \(small.count) of these are small in the image: are all objects labelled?",
          image: small[0].path))
    }
  }
}
