public import Config

/// A setting of other tools that has no effect here: accepted with a remark or refused with the reason, but never
/// passed over in silence.
public struct ForeignSetting: Sendable {
  public enum Verdict: Sendable, Equatable {
    /// The value asks for what happens anyway.
    case agrees
    /// Harmless; the text says what happens instead.
    case noted(String)
    case refused(String)
  }

  public let name: String
  /// Values that ask for what happens anyway.
  let neutral: [Node.Value]
  let otherwise: Verdict

  /// What is to be done about a value.
  public func verdict(_ value: Node.Value) -> Verdict {
    if neutral.contains(value) { return .agrees }
    // Python's words, and numbers that are equal.
    switch value {
    case .string("None"), .string("none"), .string(""): return neutral.contains(.null) ? .agrees : otherwise
    case .float(let number): return neutral.contains(.int(Int(exactly: number) ?? .min)) ? .agrees : otherwise
    default: return otherwise
    }
  }

  /// The finding about a value, for the user.
  func diagnostic(_ node: Node, at location: SourceLocation? = nil) -> Diagnostic? {
    switch verdict(node.value) {
    case .agrees: nil
    case .noted(let text): Diagnostic(.note, "'\(name)': \(text)", at: node.location ?? location)
    case .refused(let text): Diagnostic(.error, "'\(name)': \(text)", at: node.location ?? location)
    }
  }

  public static func named(_ name: String) -> ForeignSetting? { all.first { $0.name == name } }
}

extension ForeignSetting {
  private static func noted(_ name: String, _ neutral: [Node.Value], _ text: String) -> ForeignSetting {
    ForeignSetting(name: name, neutral: neutral, otherwise: .noted(text))
  }

  private static func refused(_ name: String, _ neutral: [Node.Value], _ text: String) -> ForeignSetting {
    ForeignSetting(name: name, neutral: neutral, otherwise: .refused(text))
  }

  static let all: [ForeignSetting] = [
    noted("amp", [false], "mixed precision has its own setting: precision=bf16; this one changes nothing"),
    noted(
      "verbose", [true], "progress goes to standard error; this one changes nothing"),
    noted("deterministic", [true], "runs are always deterministic; this cannot be turned off"),
    refused(
      "device", [.null, "cpu"], "there is no such device; leave it out, 'engine' says what computes"),
    refused("half", [false, .null], "half precision is not available; leave it out, or take precision=bf16"),
    refused("int8", [false, .null], "quantised models are not available; leave it out"),
    noted("compile", [false], "models are native code already; this changes nothing"),
    noted(
      "rect", [false, true], "training uses squares, validation the least rectangles; this changes nothing"),
    refused("augment", [false], "test-time augmentation is not available; leave it out"),
    refused("dropout", [0], "pose models have no dropout; leave it out"),
    refused("distill_model", [.null], "distillation is not available; leave it out"),
    noted("dis", [6], "distillation is not available; this changes nothing"),
    refused(
      "auto_augment", [.null, "randaugment"],
      "it is for classification: its policies move no keypoints; leave it out"),
    noted(
      "erasing", [0],
      "it concerns classification; this changes nothing, put 'erase' into the list under 'augment'"),
    noted("overlap_mask", [true], "it concerns segmentation; this changes nothing"),
    noted("mask_ratio", [4], "it concerns segmentation; this changes nothing"),
    noted("retina_masks", [false], "it concerns segmentation; this changes nothing"),
    noted("profile", [false], "see 'poselab benchmark'; this changes nothing"),
    noted("dnn", [false], "it chooses a library of another tool; this changes nothing"),
    refused("cfg", [.null], "give the file as the first argument: poselab train my.yaml"),
    refused("show", [false, .null], "there is no window; pictures are written into the run's folder"),
    refused("visualize", [false], "drawing of feature maps is not available; leave it out"),
    refused("embed", [.null], "embeddings are not available; leave it out"),
    refused("save_crop", [false], "cut-out pictures are not available; leave it out"),
    refused("save_frames", [false], "video is not available; leave it out"),
    refused("vid_stride", [1], "video is not available; leave it out"),
    refused("stream_buffer", [false], "video is not available; leave it out"),
    noted("stream", [false], "pictures are always taken one by one; this changes nothing"),
    refused("show_labels", [true], "scores are always drawn; leave it out"),
    refused("show_conf", [true], "scores are always drawn; leave it out"),
    refused("show_boxes", [true], "boxes are always drawn; leave it out"),
  ]
}
