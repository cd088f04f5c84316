internal import PoseCore
internal import Training

/// Which images tell most about two models: where the second loses or gains most, and where both are worst.
struct PictureRanking {
  struct Entry {
    var path: String
    var imageID: Int
    var baseline: Double
    var variant: Double
  }

  let losses: [Entry]
  let gains: [Entry]
  let worst: [Entry]

  /// By AP of each image alone; images without labels are left out, and none is shown twice.
  init(_ baseline: ImageScoreTable, _ variant: ImageScoreTable, count: Int) {
    let others = Dictionary(variant.rows.map { ($0.score.imageID, $0.score) }) { first, _ in first }
    let entries: [Entry] = baseline.rows.compactMap { row in
      guard let other = others[row.score.imageID] else { return nil }
      let scores = [(row.score, baseline.thresholds), (other, variant.thresholds)].map {
        PrecisionSampler([$0.0], thresholds: $0.1).value(.init(.precision))
      }
      guard scores[0] >= 0, scores[1] >= 0 else { return nil }
      return Entry(path: row.path, imageID: row.score.imageID, baseline: scores[0], variant: scores[1])
    }
    func ranked(_ key: (Entry) -> Double) -> [Entry] {
      entries.sorted { (key($0), $0.imageID) < (key($1), $1.imageID) }
    }
    losses = Array(ranked { $0.variant - $0.baseline }.prefix(count).filter { $0.variant < $0.baseline })
    gains = Array(ranked { $0.baseline - $0.variant }.prefix(count).filter { $0.variant > $0.baseline })
    let shown = Set((losses + gains).map(\.imageID))
    worst = Array(
      ranked { $0.baseline + $0.variant }.lazy.filter { !shown.contains($0.imageID) }
        .filter { $0.baseline + $0.variant < 1.8 }.prefix(count))
  }
}
