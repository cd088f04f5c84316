internal import Foundation

/// What a benchmark measured.
public struct BenchmarkResult: Sendable {
  /// `train`, `predict`, `evaluate` or `data`.
  public var work: String
  /// Milliseconds an image, one for each measured run.
  public var millisecondsPerImage: [Double]
  /// Images of one run.
  public var images: Int
  /// Most memory the process has held so far, in MB of 2^20 bytes.
  public var peakMemory: Double
  /// What was measured, for the report: names and values.
  public var settings: [(name: String, value: String)]

  public var median: Double {
    let sorted = millisecondsPerImage.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
  public var minimum: Double { millisecondsPerImage.min() ?? .nan }
  public var maximum: Double { millisecondsPerImage.max() ?? .nan }

  init(_ work: String, images: Int, times: [Duration], settings: [(String, String)]) {
    self.work = work
    self.images = images
    millisecondsPerImage = times.map { $0 / .milliseconds(1) / Double(images) }
    self.settings = settings
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    // Linux counts in KB.
    peakMemory = Double(usage.ru_maxrss) / 1024
  }
}
