internal import PoseCore

/// Puts the shapes of one image together to objects: by group, and skeletons without one by the box around them.
struct CVATAssembly {
  private(set) var objects: [AnnotationObject] = []

  private struct Draft {
    var box: CVATShape?
    var skeleton: CVATShape?
    /// Single points of a group.
    var points: [CVATShape] = []
  }

  init(
    _ shapes: [CVATShape], _ categories: inout CVATCategories, _ losses: inout ConversionLosses
  ) throws(CVATShapeFault) {
    var drafts: [Draft] = []
    var groups: [Int: Int] = [:]
    for shape in shapes {
      let known = shape.group.flatMap { groups[$0] }
      let index = known ?? drafts.count
      if known == nil {
        drafts.append(Draft())
        if let group = shape.group { groups[group] = index }
      }
      let group = shape.group ?? 0
      switch shape.kind {
      case "box":
        if drafts[index].box != nil { throw CVATShapeFault(message: "the group \(group) has two boxes") }
        drafts[index].box = shape
      case "skeleton":
        if drafts[index].skeleton != nil {
          throw CVATShapeFault(message: "the group \(group) has two skeletons")
        }
        drafts[index].skeleton = shape
      default: drafts[index].points.append(shape)
      }
    }
    Self.join(&drafts, &losses)
    for draft in drafts {
      if let object = try Self.object(draft, &categories, &losses) { objects.append(object) }
    }
  }

  private static func box(_ shape: CVATShape) -> AnnotationBox {
    let edges = shape.numbers
    let (left, top) = (min(edges[0], edges[2]), min(edges[1], edges[3]))
    return AnnotationBox(
      left: left, top: top, width: abs(edges[2] - edges[0]), height: abs(edges[3] - edges[1]))
  }

  /// Gives skeletons that stand alone the smallest box around them that stands alone, too.
  private static func join(_ drafts: inout [Draft], _ losses: inout ConversionLosses) {
    for index in drafts.indices {
      guard let skeleton = drafts[index].skeleton, drafts[index].box == nil, skeleton.group == nil else {
        continue
      }
      let points = skeleton.elements.filter { !$0.isOutside && $0.numbers.count == 2 }.map {
        AnnotationPoint(x: $0.numbers[0], y: $0.numbers[1], visibility: .visible)
      }
      let fitting = drafts.indices.filter { other in
        guard let box = drafts[other].box, drafts[other].skeleton == nil, box.group == nil,
          box.label == skeleton.label || box.label == skeleton.label + CVATFile.boxSuffix, !points.isEmpty
        else { return false }
        return points.allSatisfy(Self.box(box).contains)
      }
      let smallest = fitting.min { a, b in
        func area(_ place: Int) -> Double { drafts[place].box.map { Self.box($0).area } ?? .infinity }
        return area(a) < area(b)
      }
      guard let smallest else { continue }
      drafts[smallest].skeleton = skeleton
      drafts[index].skeleton = nil
      losses.add("skeletons without a group, which went to the smallest box around them")
    }
  }

  private static func object(
    _ draft: Draft, _ categories: inout CVATCategories, _ losses: inout ConversionLosses
  ) throws(CVATShapeFault) -> AnnotationObject? {
    guard let first = draft.box ?? draft.skeleton ?? draft.points.first else { return nil }
    let hasKeypoints = draft.skeleton != nil || !draft.points.isEmpty
    // A box may be of another label than its skeleton.
    let label = draft.skeleton?.label ?? first.label
    let category = categories.place(of: label, hasKeypoints: hasKeypoints)
    var object = AnnotationObject(
      category: category, box: draft.box.map(box), area: first.area, isCrowd: first.isCrowd, id: first.id)
    guard hasKeypoints else { return object }

    var keypoints: [Int: AnnotationPoint] = [:]
    for element in draft.skeleton?.elements ?? [] {
      guard element.numbers.count == 2 else {
        throw CVATShapeFault(message: "the keypoint '\(element.label)' has several places")
      }
      try set(element, element.label, element.numbers[...])
    }
    for shape in draft.points {
      if shape.numbers.count == 2 && draft.points.count > 1 || draft.skeleton != nil
        || draft.box != nil && shape.numbers.count == 2
      {
        try set(shape, shape.label, shape.numbers.prefix(2))
      } else {
        // All keypoints in one shape, in their order.
        for place in 0..<(shape.numbers.count / 2) {
          let known = categories.all[category].keypointNames
          let name = known.indices.contains(place) ? known[place] : "keypoint_\(place)"
          try set(shape, name, shape.numbers[(2 * place)..<(2 * place + 2)])
        }
      }
    }
    func set(
      _ shape: CVATShape, _ name: String, _ place: ArraySlice<Double>
    ) throws(CVATShapeFault) {
      guard let index = categories.keypoint(name, of: category) else {
        let known = categories.all[category].keypointNames.joined(separator: ", ")
        throw CVATShapeFault(
          message: "'\(categories.all[category].name)' has no keypoint '\(name)'"
            + (known.isEmpty ? "" : "; it has \(known)"))
      }
      let visibility: Visibility = shape.isOutside ? .unlabelled : shape.isOccluded ? .hidden : .visible
      let point = AnnotationPoint(
        x: place[place.startIndex], y: place[place.startIndex + 1], visibility: visibility)
      guard keypoints.updateValue(point, forKey: index) == nil else {
        throw CVATShapeFault(message: "an object has the keypoint '\(name)' twice")
      }
    }
    let count = categories.all[category].keypointNames.count
    object.keypoints = (0..<count).map { keypoints[$0] ?? .unlabelled }
    return object
  }
}
