internal import Tensor

/// How much a figure would vary with other validation images: the bootstrap over images, paired between runs.
///
/// Each sample draws as many images as there are, with replacement, and measures every run on the same draw. The
/// difference of two variants is, in each sample, the mean over the seeds of one less the mean over the seeds of the
/// other. Its 95 % percentile interval tells what the choice of images leaves open for *these trained models*; what
/// another seed would have given is for the permutation test over seeds to say.
///
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993; Koehn, Statistical significance tests for
/// machine translation evaluation, EMNLP 2004, for the pairing.
public struct ImageBootstrap: Sendable {
  /// `[run][sample]`.
  public let values: [[Double]]
  /// Each run's figure over all images.
  public let estimates: [Double]
  public let imageCount: Int

  /// - Parameters:
  ///   - runs: of the same images in the same order.
  ///   - figure: what to measure.
  ///   - samples: how many draws.
  ///   - seed: of the draws; the same draws whatever the runs and the number of threads.
  /// - Precondition: all runs have the same images.
  public init(
    _ runs: [PrecisionSampler], figure: PrecisionSampler.Figure, samples: Int = 2000, seed: UInt64 = 0
  ) {
    let imageCount = runs.first?.imageIDs.count ?? 0
    precondition(runs.allSatisfy { $0.imageIDs.count == imageCount }, "ImageBootstrap: images differ")
    self.imageCount = imageCount
    estimates = runs.map { $0.value(figure) }
    guard imageCount > 0, samples > 0 else {
      values = Array(repeating: [], count: runs.count)
      return
    }
    let results = Results(count: samples * runs.count)
    let width = ImageDraws.width
    ThreadTeam.forEach((samples + width - 1) / width) { batch in
      let first = batch * width
      let draws = ImageDraws(
        (first..<min(samples, first + width)).map { Self.draw(imageCount, sample: $0, seed: seed) })
      for (index, run) in runs.enumerated() {
        for (lane, value) in run.values(figure, draws).enumerated() {
          results[index * samples + first + lane] = value
        }
      }
    }
    values = runs.indices.map { run in (0..<samples).map { results[run * samples + $0] } }
  }

  /// How often a sample takes each image.
  static func draw(_ imageCount: Int, sample: Int, seed: UInt64) -> [Int32] {
    var stream = RandomStream(seed: seed, purpose: .resampling, index: sample)
    var counts = [Int32](repeating: 0, count: imageCount)
    for _ in 0..<imageCount {
      // The upper half of a 64 × 64-bit product: uniform but for parts in 2⁶⁴.
      counts[Int(stream.next().multipliedFullWidth(by: UInt64(imageCount)).high)] += 1
    }
    return counts
  }

  /// In each sample, the mean over runs.
  public func means(_ runs: [Int]) -> [Double] {
    guard let first = runs.first else { return [] }
    return values[first].indices.map { sample in
      runs.reduce(0) { $0 + values[$1][sample] } / Double(runs.count)
    }
  }

  /// The interval of the difference between two groups of runs; nil if one is empty.
  public func interval(_ runs: [Int], minus others: [Int], confidence: Double = 0.95) -> Interval? {
    guard !runs.isEmpty, !others.isEmpty else { return nil }
    return .percentile(of: zip(means(runs), means(others)).map { $0 - $1 }, confidence: confidence)
  }

  /// What threads fill in. Unchecked: each place is written by one thread, and read after all have ended.
  private final class Results: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Double>

    init(count: Int) {
      storage = .allocate(capacity: count)
      storage.initialize(repeating: 0, count: count)
    }

    deinit { storage.deallocate() }

    subscript(index: Int) -> Double {
      get { storage[index] }
      set { storage[index] = newValue }
    }
  }
}
