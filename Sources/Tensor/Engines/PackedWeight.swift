/// A weight `[out, in, kernelHeight, kernelWidth]` in the orders the portable kernels read.
struct PackedWeight {
  let weight: Tensor
  let geometry: ConvolutionGeometry

  init(_ weight: Tensor, _ geometry: ConvolutionGeometry) {
    self.weight = weight
    self.geometry = geometry
  }

  private var taps: Int { geometry.kernelHeight * geometry.kernelWidth }

  /// `[out, kernelHeight, kernelWidth, in]`: one row per output channel, input channels fastest.
  func withRows(_ body: (UnsafePointer<Float>) -> Void) {
    if taps == 1 { return body(weight.cpu) }
    let inGroup = geometry.inChannels / geometry.groups
    withScratch(weight.count) { rows in
      for out in 0..<geometry.outChannels {
        let (from, to) = (weight.cpu + out * inGroup * taps, rows + out * inGroup * taps)
        for channel in 0..<inGroup {
          for tap in 0..<taps { to[tap * inGroup + channel] = from[channel * taps + tap] }
        }
      }
      body(rows)
    }
  }

  static func unpackRows(
    _ rows: UnsafePointer<Float>, _ geometry: ConvolutionGeometry, to weight: Tensor
  ) {
    let taps = geometry.kernelHeight * geometry.kernelWidth
    let inGroup = geometry.inChannels / geometry.groups
    for out in 0..<geometry.outChannels {
      let (from, to) = (rows + out * inGroup * taps, weight.cpu + out * inGroup * taps)
      for channel in 0..<inGroup {
        for tap in 0..<taps { to[channel * taps + tap] = from[tap * inGroup + channel] }
      }
    }
  }

  /// Depthwise: `[kernelHeight, kernelWidth, channel]`.
  func withTaps(_ body: (UnsafePointer<Float>) -> Void) {
    withScratch(weight.count) { result in
      for channel in 0..<geometry.inChannels {
        for tap in 0..<taps { result[tap * geometry.inChannels + channel] = weight.cpu[channel * taps + tap] }
      }
      body(result)
    }
  }

  static func unpackTaps(
    _ values: UnsafePointer<Float>, _ geometry: ConvolutionGeometry, to weight: Tensor
  ) {
    let taps = geometry.kernelHeight * geometry.kernelWidth
    for channel in 0..<geometry.inChannels {
      for tap in 0..<taps { weight.cpu[channel * taps + tap] = values[tap * geometry.inChannels + channel] }
    }
  }
}
