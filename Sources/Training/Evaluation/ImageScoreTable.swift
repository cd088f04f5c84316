internal import Foundation
public import PoseCore

/// How each image of a run's final validation did: `image_scores.jsonl` in the run's folder, a line of JSON an image
/// after a first line with the metric's name and thresholds.
public struct ImageScoreTable: Sendable, Codable, Equatable {
  public static let fileName = "image_scores.jsonl"

  public struct Row: Sendable, Codable, Equatable {
    /// The image's file.
    public var path: String
    public var score: ImageScore

    public init(path: String, score: ImageScore) {
      self.path = path
      self.score = score
    }
  }

  /// The metric whose matches these are.
  public var metric: String
  /// Similarities from which a detection counts as right.
  public var thresholds: [Double]
  public var rows: [Row]

  public init(metric: String, thresholds: [Double], rows: [Row]) {
    self.metric = metric
    self.thresholds = thresholds
    self.rows = rows
  }

  /// - Parameter paths: the images' files, by id.
  init(_ metric: any PerImageMetric, paths: [Int: String]) {
    self.init(
      metric: metric.name, thresholds: metric.thresholds,
      rows: metric.imageScores().map { Row(path: paths[$0.imageID] ?? "", score: $0) })
  }

  private struct Header: Codable {
    var metric: String
    var thresholds: [Double]
    var images: Int
  }

  /// The file's text.
  public var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let header = Header(metric: metric, thresholds: thresholds, images: rows.count)
      var lines = [String(decoding: try encoder.encode(header), as: UTF8.self)]
      for row in rows { lines.append(String(decoding: try encoder.encode(row), as: UTF8.self)) }
      return lines.joined(separator: "\n") + "\n"
    }
  }

  /// - Throws: where the text is not whole.
  public init(text: String) throws {
    let decoder = JSONDecoder()
    let lines = text.split(separator: "\n")
    guard let first = lines.first else { throw ImageScoreError.isEmpty }
    let header = try decoder.decode(Header.self, from: Data(first.utf8))
    let rows = try lines.dropFirst().map { try decoder.decode(Row.self, from: Data($0.utf8)) }
    guard rows.count == header.images else {
      throw ImageScoreError.isCutShort(images: header.images, found: rows.count)
    }
    self.init(metric: header.metric, thresholds: header.thresholds, rows: rows)
  }

  /// - Parameter path: an `image_scores.jsonl`.
  public init(contentsOf path: String) throws {
    try self.init(text: String(contentsOfFile: path, encoding: .utf8))
  }
}

/// Why a table of image scores cannot be used.
public enum ImageScoreError: Error, Sendable, Equatable, CustomStringConvertible {
  case isEmpty
  case isCutShort(images: Int, found: Int)

  public var description: String {
    switch self {
    case .isEmpty: "the table of image scores is empty"
    case .isCutShort(let images, let found):
      "the table of image scores should have \(images) images, but has \(found)"
    }
  }
}
