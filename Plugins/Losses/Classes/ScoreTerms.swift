/// What losses of sigmoid scores are made of, sixteen at a time.
struct ScoreTerms {
  typealias Lanes = SIMD16<Float>

  let target: Lanes
  /// p, the sigmoid of the logit.
  let score: Lanes
  /// -t ln p - (1 - t) ln(1 - p).
  let crossEntropy: Lanes

  @inline(__always)
  init(logit: Lanes, target: Lanes) {
    let isNegative = logit .< 0
    let magnitude = logit.replacing(with: -logit, where: isNegative)
    let decay = exponential(-magnitude)
    let positivePart = logit.replacing(with: 0, where: isNegative)
    let one = Lanes(repeating: 1)
    self.target = target
    crossEntropy = positivePart - logit * target + logarithmOfOnePlus(decay)
    score = one.replacing(with: decay, where: isNegative) / (one + decay)
  }

  /// The derivative of the cross-entropy by the logit.
  @inline(__always) var crossEntropySlope: Lanes { score - target }

  /// The derivative of the score by the logit.
  @inline(__always) var scoreSlope: Lanes { score * (Lanes(repeating: 1) - score) }

  /// Applies a loss to all scores.
  ///
  /// - Parameters:
  ///   - gradient: the derivative by the logits is written here.
  ///   - terms: losses and their derivatives by the logits, lane by lane.
  /// - Returns: the sum.
  @inline(__always)
  static func sum(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>, _ terms: (ScoreTerms) -> (loss: Lanes, slope: Lanes)
  ) -> Double {
    var sum = 0.0
    var start = 0
    while start < logits.count {
      // Few enough terms for single precision, many enough to make the sum in double precision cheap.
      let end = min(start + 256, logits.count)
      sum += Double(
        block(
          .init(rebasing: logits[start..<end]), .init(rebasing: targets[start..<end]),
          .init(rebasing: gradient[start..<end]), terms))
      start = end
    }
    return sum
  }

  @inline(__always)
  private static func block(
    _ logits: UnsafeBufferPointer<Float>, _ targets: UnsafeBufferPointer<Float>,
    _ gradient: UnsafeMutableBufferPointer<Float>, _ terms: (ScoreTerms) -> (loss: Lanes, slope: Lanes)
  ) -> Float {
    let logitBytes = UnsafeRawBufferPointer(logits)
    let targetBytes = UnsafeRawBufferPointer(targets)
    let gradientBytes = UnsafeMutableRawBufferPointer(gradient)
    let width = MemoryLayout<Lanes>.size
    let whole = logits.count / 16 * 16
    var sum = Lanes()
    for offset in stride(from: 0, to: whole * 4, by: width) {
      let (loss, slope) = terms(
        ScoreTerms(
          logit: logitBytes.loadUnaligned(fromByteOffset: offset, as: Lanes.self),
          target: targetBytes.loadUnaligned(fromByteOffset: offset, as: Lanes.self)))
      sum += loss
      gradientBytes.storeBytes(of: slope, toByteOffset: offset, as: Lanes.self)
    }
    guard whole < logits.count else { return sum.sum() }
    var tail = (logits: Lanes(), targets: Lanes())
    for lane in 0..<(logits.count - whole) {
      tail.logits[lane] = logits[whole + lane]
      tail.targets[lane] = targets[whole + lane]
    }
    let (loss, slope) = terms(ScoreTerms(logit: tail.logits, target: tail.targets))
    var total = sum.sum()
    for lane in 0..<(logits.count - whole) {
      total += loss[lane]
      gradient[whole + lane] = slope[lane]
    }
    return total
  }
}
