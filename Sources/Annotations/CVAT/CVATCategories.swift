internal import Foundation

/// A label of a task.
struct CVATLabel {
  var name = ""
  var type = ""
  /// The skeleton that it is a keypoint of.
  var parent = ""
  /// Of a skeleton: its keypoints and limbs as a drawing.
  var drawing = ""
}

/// The classes that a task's labels make.
struct CVATCategories {
  private(set) var all: [AnnotationCategory] = []
  /// Skeletons whose keypoints the task does not list: they are learnt in the order in which they come.
  private var isOpen: Set<String> = []

  init() {}

  init(_ labels: [CVATLabel]) {
    let skeletons = Set(labels.filter { $0.type == "skeleton" }.map(\.name))
    for label in labels where label.parent.isEmpty && !label.name.isEmpty {
      // Boxes of a skeleton's class.
      let suffix = CVATFile.boxSuffix
      if label.name.hasSuffix(suffix), skeletons.contains(String(label.name.dropLast(suffix.count))) {
        continue
      }
      let names = labels.filter { $0.parent == label.name }.map(\.name)
      all.append(
        AnnotationCategory(
          name: label.name, keypointNames: names, limbs: Self.limbs(label.drawing, names)))
      if label.type == "skeleton" && names.isEmpty { isOpen.insert(label.name) }
    }
  }

  /// The edges of a drawing, whose nodes say which keypoint they are.
  private static func limbs(_ drawing: String, _ names: [String]) -> [AnnotationCategory.Limb] {
    func value(_ key: String, _ tag: Substring) -> String? {
      tag.range(of: key + "=\"").flatMap { start in
        tag[start.upperBound...].firstIndex(of: "\"").map { String(tag[start.upperBound..<$0]) }
      }
    }
    let tags = drawing.split(separator: "<").prefix(10_000)
    var nodes: [String: Int] = [:]
    for tag in tags {
      guard let id = value("data-node-id", tag) else { continue }
      let name = value("data-label-name", tag).map { CVATCategories.plain($0) }
      // Tasks number the labels, and files name them.
      nodes[id] = name.flatMap(names.firstIndex) ?? Int(id).map { $0 - 1 }
    }
    return tags.compactMap { tag in
      guard let from = value("data-node-from", tag).flatMap({ nodes[$0] }),
        let to = value("data-node-to", tag).flatMap({ nodes[$0] }), names.indices.contains(from),
        names.indices.contains(to)
      else { return nil }
      return AnnotationCategory.Limb(from, to)
    }
  }

  private static func plain(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&amp;", with: "&")
  }

  /// The class of a label, new ones included.
  mutating func place(of label: String, hasKeypoints: Bool) -> Int {
    let suffix = CVATFile.boxSuffix
    let base = label.hasSuffix(suffix) ? String(label.dropLast(suffix.count)) : label
    if let place = all.firstIndex(where: { $0.name == label }) { return place }
    if let place = all.firstIndex(where: { $0.name == base && !$0.keypointNames.isEmpty }) { return place }
    all.append(AnnotationCategory(name: label))
    if hasKeypoints { isOpen.insert(label) }
    return all.count - 1
  }

  /// A keypoint's place in its class.
  mutating func keypoint(_ name: String, of category: Int) -> Int? {
    if let place = all[category].keypointNames.firstIndex(of: name) { return place }
    guard isOpen.contains(all[category].name) else { return nil }
    all[category].keypointNames.append(name)
    return all[category].keypointNames.count - 1
  }
}
