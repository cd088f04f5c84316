internal import Tensor

/// The random numbers of one attempt at a picture, with the draws that scenes need.
struct SceneRandom {
  private var stream: RandomStream

  init(seed: UInt64, index: Int, attempt: Int) {
    stream = RandomStream(seed: seed, purpose: .synthesis, epoch: attempt, index: index)
  }

  mutating func bits() -> UInt64 { stream.next() }

  /// Evenly from 0 up to, not including, 1.
  mutating func unit() -> Double { stream.uniform() }

  mutating func number(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// An angle in radians from a range in degrees.
  mutating func angle(_ degrees: ClosedRange<Double>) -> Double { number(degrees) * Double.pi / 180 }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(unit() * Double(range.upperBound - range.lowerBound + 1))
  }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// One of the values; with `weights`, in their proportion.
  mutating func pick<Value>(_ values: [Value], weights: [Double]? = nil) -> Value {
    guard let weights else { return values[integer(0...values.count - 1)] }
    var rest = unit() * weights.reduce(0, +)
    for (value, weight) in zip(values, weights) {
      rest -= weight
      if rest < 0 { return value }
    }
    return values[values.count - 1]
  }

  /// A colour with channels 0…255: any hue, `saturation` and `value` in 0…1.
  mutating func color(saturation: ClosedRange<Double>, value: ClosedRange<Double>) -> SIMD3<Float> {
    let hue = number(0...6)
    let chroma = number(saturation)
    let brightness = number(value)
    func channel(_ offset: Double) -> Float {
      let k = (offset + hue).truncatingRemainder(dividingBy: 6)
      return Float(255 * brightness * (1 - chroma * max(0, min(k, 4 - k, 1))))
    }
    return SIMD3(channel(5), channel(3), channel(1))
  }
}
