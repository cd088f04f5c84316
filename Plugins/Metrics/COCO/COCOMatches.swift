/// Which detection was matched with which label.
///
/// Detections are those that count, in slots ordered by category, image and descending score; `detections` leads
/// back to the evaluation set. Bit `t` of a mask speaks of threshold `t`.
public struct COCOMatches: Sendable {
  /// Index of each slot's detection in the evaluation set.
  public internal(set) var detections: [Int32]
  /// `[area range][slot]`: the thresholds at which the detection was matched with a label.
  public internal(set) var matched: [[UInt16]]
  /// `[area range][slot]`: the thresholds at which the detection counts neither as right nor as wrong.
  public internal(set) var ignored: [[UInt16]]
  /// `[threshold][slot]`, all areas: index of the matched label in the evaluation set; -1 without one.
  public internal(set) var labels: [[Int32]]
  /// The highest similarity of each slot with a label of its image and category; 0 without labels.
  public internal(set) var bestSimilarities: [Double]
  /// `[area range][category]`: labels that count.
  public internal(set) var labelCounts: [[Int]]
  /// Detections of an image and category beyond the limit.
  public internal(set) var surplusDetections: Int
}
