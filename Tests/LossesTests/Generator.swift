import Foundation
import PoseCore

/// SplitMix64: the same numbers in every run.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func normal() -> Float {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
    return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self)))
  }

  /// People in a picture of some size, with about a quarter of the keypoints unlabelled.
  mutating func instances(
    _ count: Int, width: Float, height: Float, classes: Int, keypoints: Int
  ) -> [Instance] {
    (0..<count).map { _ in
      let size = (
        Float.random(in: 0.05...0.7, using: &self) * width, .random(in: 0.1...0.9, using: &self) * height
      )
      let x = Float.random(in: 0...(width - size.0), using: &self)
      let y = Float.random(in: 0...(height - size.1), using: &self)
      return Instance(
        classIndex: Int.random(in: 0..<classes, using: &self),
        box: Box(x1: x, y1: y, x2: x + size.0, y2: y + size.1),
        keypoints: (0..<keypoints).map { _ in
          Keypoint(
            x: x + size.0 * Float.random(in: 0...1, using: &self),
            y: y + size.1 * Float.random(in: 0...1, using: &self),
            visibility: [.unlabelled, .hidden, .visible, .visible].randomElement(using: &self) ?? .visible)
        })
    }
  }
}
