import Foundation

/// Numbers of SciPy 1.17 and statsmodels, `Tests/Fixtures/sweeps/statistics.json`.
struct StatisticsFixture: Decodable {
  struct Permutation: Decodable {
    var first: [Double]
    var second: [Double]
    var difference: Double
    var p: Double
  }
  struct Holm: Decodable {
    var p: [Double]
    var adjusted: [Double]
  }
  struct Percentile: Decodable {
    var values: [Double]
    var low: Double
    var high: Double
  }
  struct Tail: Decodable {
    var value: Double
    var d1: Double
    var d2: Double
    var p: Double
  }
  struct Quantile: Decodable {
    var df: Double
    var q: Double
  }
  struct Variance: Decodable {
    struct Row: Decodable {
      var neck: String
      var mosaic: String
      var y: Double
    }
    struct Source: Decodable {
      var ss: Double
      var df: Double
      var f: Double
      var p: Double
    }
    var rows: [Row]
    var table: [String: Source]
  }
  struct Effect: Decodable {
    var difference: Double
    var low: Double
    var high: Double
  }
  struct Images: Decodable {
    struct Seen: Decodable {
      var score: Double
      var isRight: Bool

      init(from decoder: any Decoder) throws {
        var pair = try decoder.unkeyedContainer()
        score = try pair.decode(Double.self)
        isRight = try pair.decode(Bool.self)
      }
    }
    struct Row: Decodable {
      var labels: Int
      var a: [Seen]
      var b: [Seen]
    }
    struct Selection: Decodable {
      var indices: [Int]
      var a: Double
      var b: Double
    }
    var images: [Row]
    var a: Double
    var b: Double
    var low: Double
    var high: Double
    var selections: [Selection]
  }

  var permutation: [Permutation]
  var holm: [Holm]
  var percentile: Percentile
  var f: [Tail]
  var t: [Quantile]
  var anova: Variance
  var effect: Effect
  var images: Images

  static func read() throws -> StatisticsFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/sweeps/statistics.json").path
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
