extension [UInt8] {
  /// Appends a finite number with at most `digits` decimals (up to 9), without trailing zeros; whole numbers keep
  /// one: `3.0`.
  package mutating func append(decimal value: Double, digits: Int) {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded(.toNearestOrEven)
    guard scaled.magnitude < 9e15 else {
      self += "\(value)".utf8
      return
    }
    var rest = UInt64(scaled.magnitude)
    if scaled < 0 { append(UInt8(ascii: "-")) }
    let unit = UInt64(scale)
    self += "\(rest / unit)".utf8
    append(UInt8(ascii: "."))
    rest %= unit
    var place = unit / 10
    repeat {
      append(UInt8(ascii: "0") + UInt8(place == 0 ? 0 : rest / place))
      if place == 0 { break }
      rest %= place
      place /= 10
    } while rest > 0
  }
}
