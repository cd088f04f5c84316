internal import Imaging
public import PoseCore

/// Pastes objects, with what their boxes hold, where they cover little of those that are there.
///
/// The objects come from the picture's own mirror image or from another picture, and stay at their places. Keypoints
/// that a pasted box covers become hidden.
///
/// Source: Ghiasi et al., Simple Copy-Paste, arXiv:2012.07177, which cuts along outlines. Pose labels have none, so
/// boxes are pasted whole; the choice of objects is that of the reference.
public struct CopyPaste: Augmentation {
  /// Where pasted objects come from.
  public enum Source: String, Sendable, CaseIterable {
    /// The picture itself, mirrored; nothing happens where keypoints have no known mirror pairs.
    case flip
    /// Another picture.
    case mixup
  }

  /// Share of the objects that could be pasted.
  public var share: Double
  public var source: Source

  /// No object that is there may lose as much of its box.
  static let mostCovered: Float = 0.3

  public init(share: Double = 0.5, source: Source = .flip) {
    self.share = share
    self.source = source
  }

  public var joinsImages: Bool { true }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    switch source {
    case .flip:
      guard let flips = context.skeleton.flipIndices, share > 0 else { return sample }
      return CopyPaste.apply(
        to: sample, from: Flip.apply(to: sample, .leftRight, flipIndices: flips), share: share)
    case .mixup:
      if share == 0 { return sample }
      let partner = try context.processedPartner()
      return CopyPaste.apply(to: sample.letterboxed(to: context.imageSize), from: partner, share: share)
    }
  }

  /// - Parameters:
  ///   - other: a picture of the same size.
  ///   - share: 0…1, of the objects of `other` that fit; those that cover least come first.
  public static func apply(
    to sample: TrainingSample, from other: TrainingSample, share: Double
  ) -> TrainingSample {
    precondition(sample.image.size == other.image.size, "CopyPaste: pictures of two sizes")
    let fitting = other.instances.enumerated().compactMap { place, instance -> (Int, Float)? in
      let covered = sample.instances.map { overlap($0.box, instance.box) / ($0.box.area + 1e-7) }
      let most = covered.max() ?? 0
      return most < mostCovered ? (place, most) : nil
    }
    let chosen = fitting.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      .prefix(Int((share * Double(fitting.count)).rounded(.toNearestOrEven)))
    var result = sample
    for (place, _) in chosen {
      let instance = other.instances[place]
      let area = PixelArea(around: instance.box, in: sample.image.size)
      if area.isEmpty { continue }
      result.image.copy(area, from: other.image)
      result.instances = result.instances.map { $0.occluded(by: area) } + [instance.clipped(to: area)]
    }
    return result
  }

  private static func overlap(_ a: Box, _ b: Box) -> Float {
    max(0, min(a.x2, b.x2) - max(a.x1, b.x1)) * max(0, min(a.y2, b.y2) - max(a.y1, b.y1))
  }
}

extension CopyPaste {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "copy_paste", summary: "Pastes boxes with their objects where they cover little of the others.",
    reference: "Ghiasi et al., Simple Copy-Paste, arXiv:2012.07177",
    parameters: [
      .init("p", .float(0...1), default: 0.5, help: "share of the objects that could be pasted"),
      .init(
        "source", .choice(of: Source.self), default: "flip",
        help: "flip: the picture's mirror image; mixup: another picture", aliases: ["mode"]),
    ]
  ) { arguments, _ in
    CopyPaste(share: try arguments.double("p"), source: try arguments.choice("source"))
  }
}
