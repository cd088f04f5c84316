internal import Foundation
import PoseCore

/// A number with its derivatives by the corners (x1, y1, x2, y2) of the predicted box: box losses are written as
/// their papers' formulas, and the gradient follows by the rules of differentiation.
///
/// Where two numbers are equal, the lesser and the greater of them share the derivative.
struct CornerDual {
  var value: Float
  var slope: SIMD4<Float>

  init(_ value: Float, slope: SIMD4<Float> = .zero) {
    self.value = value
    self.slope = slope
  }

  static func + (a: Self, b: Self) -> Self { .init(a.value + b.value, slope: a.slope + b.slope) }
  static func - (a: Self, b: Self) -> Self { .init(a.value - b.value, slope: a.slope - b.slope) }
  static func * (a: Self, b: Self) -> Self {
    .init(a.value * b.value, slope: a.slope * b.value + b.slope * a.value)
  }
  static func / (a: Self, b: Self) -> Self {
    let quotient = a.value / b.value
    return .init(quotient, slope: (a.slope - b.slope * quotient) / b.value)
  }

  static func + (a: Self, b: Float) -> Self { .init(a.value + b, slope: a.slope) }
  static func - (a: Float, b: Self) -> Self { .init(a - b.value, slope: -b.slope) }
  static func * (a: Float, b: Self) -> Self { .init(a * b.value, slope: a * b.slope) }

  var squared: Self { self * self }

  var magnitude: Self { value < 0 ? .init(-value, slope: -slope) : self }

  /// e to its power.
  var exponential: Self {
    let power = exp(value)
    return .init(power, slope: power * slope)
  }

  func raised(to exponent: Float) -> Self {
    if exponent == 1 { return self }
    return .init(pow(value, exponent), slope: exponent * pow(value, exponent - 1) * slope)
  }

  static func lesser(_ a: Self, _ b: Self) -> Self {
    a.value < b.value ? a : a.value > b.value ? b : mean(a, b)
  }
  static func greater(_ a: Self, _ b: Self) -> Self {
    a.value > b.value ? a : a.value < b.value ? b : mean(a, b)
  }

  /// Itself, but not below 0.
  var clampedAtZero: Self { value < 0 ? Self(0) : self }

  private static func mean(_ a: Self, _ b: Self) -> Self { .init(a.value, slope: (a.slope + b.slope) / 2) }
}

/// What the losses of the IoU family are made of, each with its derivatives by the predicted box's corners.
struct BoxPair {
  static let epsilon: Float = 1e-7

  /// Of the predicted box and the target, in the boxes' unit.
  let width: CornerDual
  let height: CornerDual
  let targetWidth: Float
  let targetHeight: Float
  let intersection: CornerDual
  let union: CornerDual
  /// The smallest box around both.
  let hullWidth: CornerDual
  let hullHeight: CornerDual
  /// From the predicted centre to the target's.
  let dx: CornerDual
  let dy: CornerDual

  init(predicted: Box, target: Box) {
    let x1 = CornerDual(predicted.x1, slope: .init(1, 0, 0, 0))
    let y1 = CornerDual(predicted.y1, slope: .init(0, 1, 0, 0))
    let x2 = CornerDual(predicted.x2, slope: .init(0, 0, 1, 0))
    let y2 = CornerDual(predicted.y2, slope: .init(0, 0, 0, 1))
    let (left, top) = (CornerDual(target.x1), CornerDual(target.y1))
    let (right, bottom) = (CornerDual(target.x2), CornerDual(target.y2))
    width = x2 - x1
    height = y2 - y1
    targetWidth = target.width
    targetHeight = target.height
    intersection =
      (CornerDual.lesser(x2, right) - .greater(x1, left)).clampedAtZero
      * (CornerDual.lesser(y2, bottom) - .greater(y1, top)).clampedAtZero
    union = width * height + target.area - intersection
    hullWidth = .greater(x2, right) - .lesser(x1, left)
    hullHeight = .greater(y2, bottom) - .lesser(y1, top)
    dx = 0.5 * (left + right - x1 - x2)
    dy = 0.5 * (top + bottom - y1 - y2)
  }

  /// Intersection over union.
  var overlap: CornerDual { intersection / (union + Self.epsilon) }
}

extension BoxLoss {
  /// A loss and its derivatives in the form of the protocol.
  static func value(_ loss: CornerDual) -> (loss: Float, gradient: Box) { (loss.value, Box(loss.slope)) }
}
