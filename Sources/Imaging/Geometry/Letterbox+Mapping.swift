extension Letterbox {
  /// Source to input pixels.
  public func toInput(_ point: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(
      Float(Double(point.x) * gainX + Double(left)),
      Float(Double(point.y) * gainY + Double(top)))
  }

  /// Source to input pixels.
  public func toInput(_ box: SIMD4<Float>) -> SIMD4<Float> {
    SIMD4(lowHalf: toInput(box.lowHalf), highHalf: toInput(box.highHalf))
  }

  /// Input to source pixels, moved onto the picture.
  public func toSource(_ point: SIMD2<Float>) -> SIMD2<Float> {
    source.clip(
      SIMD2(
        Float((Double(point.x) - Double(left)) / gainX),
        Float((Double(point.y) - Double(top)) / gainY)))
  }

  /// Input to source pixels, cut at the picture's edges.
  public func toSource(_ box: SIMD4<Float>) -> SIMD4<Float> {
    SIMD4(lowHalf: toSource(box.lowHalf), highHalf: toSource(box.highHalf))
  }
}
