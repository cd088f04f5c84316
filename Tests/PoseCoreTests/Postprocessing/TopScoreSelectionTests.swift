import PoseCore
import Testing

@Suite struct `Selection by score` {
  /// Centre, size and the scores of two classes; all boxes the same.
  private let scores: [[Float]] = [[0.2, 0.9], [0.6, 0.7], [0.1, 0.05], [0.8, 0.3], [0.5, 0.7]]

  private func columns(_ selection: TopScoreSelection) -> [String] {
    let rows: [Float] = scores.flatMap { row -> [Float] in [20, 10, 8, 4] + row }
    return rows.withUnsafeBufferPointer {
      selection(DecodedPredictions($0, count: 5, classCount: 2, columnStride: 6, channelStride: 1))
    }.map { "\($0.column)\($0.classIndex == 0 ? "a" : "b")" }
  }

  @Test func `keeps boxes however much they overlap, best first, equal ones in order`() {
    #expect(
      columns(TopScoreSelection(minimumScore: 0.25)) == ["0b", "3a", "1b", "4b", "1a", "4a", "3b"])
  }

  @Test func `takes the best anchors first, then the best of their classes`() {
    // Anchor 4 is not among the best three, so its class b does not come in.
    #expect(columns(TopScoreSelection(minimumScore: 0, maximumCount: 3)) == ["0b", "3a", "1b"])
    #expect(columns(TopScoreSelection(minimumScore: 0, maximumCount: 2)) == ["0b", "3a"])
  }

  @Test func `leaves out scores that do not exceed the least one`() {
    #expect(columns(TopScoreSelection(minimumScore: 0.7)) == ["0b", "3a"])
    #expect(columns(TopScoreSelection(minimumScore: 1)) == [])
  }

  @Test func `keeps the best class alone where it is asked to`() {
    #expect(
      columns(TopScoreSelection(minimumScore: 0.25, bestClassOnly: true)) == ["0b", "3a", "1b", "4b"])
  }

  @Test func `gives boxes by their corners`() throws {
    let row: [Float] = [20, 10, 8, 4, 0.5]
    let kept = row.withUnsafeBufferPointer {
      TopScoreSelection()(
        DecodedPredictions($0, count: 1, classCount: 1, columnStride: 5, channelStride: 1))
    }
    #expect(try #require(kept.first).box == Box(x1: 16, y1: 8, x2: 24, y2: 12))
  }
}
