/// How a tensor keeps its numbers. Arithmetic is always that of 32-bit floats.
public enum Precision: String, Hashable, Codable, Sendable, CaseIterable {
  case float32 = "f32"
  /// The upper half of a 32-bit float, rounded to the nearest even: 8 bits of exponent, 7 of fraction.
  case bfloat16 = "bf16"

  public var byteCount: Int { self == .float32 ? 4 : 2 }
}
