public import PoseCore

/// Binary cross-entropy of sigmoid scores against soft targets.
public struct BinaryCrossEntropyLoss: ClassificationLoss {
  public init() {}

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    var sum = 0.0
    var start = 0
    while start < logits.count {
      // Few enough terms for single precision, many enough to make the sum in double precision cheap.
      let end = min(start + 256, logits.count)
      sum += Double(
        Self.evaluateBlock(
          .init(rebasing: logits[start..<end]), .init(rebasing: targets[start..<end]),
          .init(rebasing: gradient[start..<end])))
      start = end
    }
    return sum
  }

  private static func evaluateBlock(
    _ logits: UnsafeBufferPointer<Float>, _ targets: UnsafeBufferPointer<Float>,
    _ gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let logitBytes = UnsafeRawBufferPointer(logits)
    let targetBytes = UnsafeRawBufferPointer(targets)
    let gradientBytes = UnsafeMutableRawBufferPointer(gradient)
    let width = MemoryLayout<SIMD16<Float>>.size
    let whole = logits.count / 16 * 16
    var sum = SIMD16<Float>()
    for offset in stride(from: 0, to: whole * 4, by: width) {
      let (loss, slope) = terms(
        logitBytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self),
        targetBytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self))
      sum += loss
      gradientBytes.storeBytes(of: slope, toByteOffset: offset, as: SIMD16<Float>.self)
    }
    guard whole < logits.count else { return sum.sum() }
    var tail = (logits: SIMD16<Float>(), targets: SIMD16<Float>())
    for lane in 0..<(logits.count - whole) {
      tail.logits[lane] = logits[whole + lane]
      tail.targets[lane] = targets[whole + lane]
    }
    let (loss, slope) = terms(tail.logits, tail.targets)
    var total = sum.sum()
    for lane in 0..<(logits.count - whole) {
      total += loss[lane]
      gradient[whole + lane] = slope[lane]
    }
    return total
  }

  /// Losses and their derivatives.
  @inline(__always)
  private static func terms(
    _ logit: SIMD16<Float>, _ target: SIMD16<Float>
  ) -> (loss: SIMD16<Float>, slope: SIMD16<Float>) {
    let isNegative = logit .< 0
    let magnitude = logit.replacing(with: -logit, where: isNegative)
    let decay = exponential(-magnitude)
    let positivePart = logit.replacing(with: 0, where: isNegative)
    let loss = positivePart - logit * target + logarithmOfOnePlus(decay)
    let one = SIMD16<Float>(repeating: 1)
    let score = one.replacing(with: decay, where: isNegative) / (one + decay)
    return (loss, score - target)
  }
}

extension BinaryCrossEntropyLoss {
  /// `bce`.
  public static let component = Component<LossContext, any ClassificationLoss>(
    "bce", summary: "binary cross-entropy of each class against the target score"
  ) { _, _ in BinaryCrossEntropyLoss() }
}
