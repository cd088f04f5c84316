internal import Foundation

/// What the path of a figure, such as `coco_keypoints/AP50`, tells.
public enum FigurePath {
  private static let usual = [
    "coco_keypoints/AP", "coco_keypoints/AP50", "coco_keypoints/AP75", "coco_keypoints/AR",
    "keypoint_oks/OKS",
    "pck/PCK@0.05", "pckh/PCKh@0.5", "yolo_map/metrics/mAP50-95(P)", "coco_bbox/AP",
  ]

  /// The deciding figure, then those usually reported that any run has; six at most.
  static func columns(of results: SweepResults) -> [String] {
    let known = Set(results.runs.flatMap { $0.figures.map { "\($0.metric)/\($0.name)" } })
    return [results.figure] + usual.filter { known.contains($0) && $0 != results.figure }.prefix(5)
  }

  /// Errors and distances, which are better the smaller they are.
  public static func isLowerBetter(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return ["EPE", "NME", "MPJPE", "pixels", "error", "miss", "swap", "inversion", "jitter"]
      .contains { name == $0 || name.hasPrefix($0 + "@") }
  }

  /// For a plot's axis: `AP (coco_keypoints)`.
  public static func label(_ path: String) -> String {
    guard let slash = path.firstIndex(of: "/") else { return path }
    return "\(path[path.index(after: slash)...]) (\(path[..<slash]))"
  }
}
