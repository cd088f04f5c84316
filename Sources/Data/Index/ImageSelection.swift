/// Which of a split's images a measurement counts; figures over different ones must not be compared.
public struct ImageSelection: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Those with a labelled keypoint, as the YOLO tools do: 2,346 of COCO's val2017.
    case labelled
    /// All that the split lists, as papers do: 5,000.
    case all
  }

  public var kind: Kind
  public var counted: Int
  /// Images that the split lists.
  public var listed: Int
  /// Those of them with a labelled keypoint.
  public var labelled: Int

  public init(kind: Kind, counted: Int, listed: Int, labelled: Int) {
    self.kind = kind
    self.counted = counted
    self.listed = listed
    self.labelled = labelled
  }
}

extension ImageSelection: CustomStringConvertible {
  public var description: String {
    switch kind {
    case .labelled: "images=labelled: \(counted) of \(listed) images, those with labelled keypoints, count"
    case .all: "images=all: all \(counted) images count, \(labelled) of them with labelled keypoints"
    }
  }
}

extension DatasetIndex {
  /// The images that count.
  ///
  /// - Returns: their index, and what to say about it.
  public func selecting(_ kind: ImageSelection.Kind) -> (index: DatasetIndex, selection: ImageSelection) {
    let labelled = labelledImageCount
    let index = kind == .labelled && labelled < count ? withLabelledKeypoints : self
    return (index, ImageSelection(kind: kind, counted: index.count, listed: count, labelled: labelled))
  }
}
