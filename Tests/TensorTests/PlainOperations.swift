import Foundation

// Double-precision versions of the operations, written for clarity alone.

enum Plain {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Channels-last convolution; weight `[out, in / groups, kernel, kernel]`.
  static func convolution(
    _ x: [Double], _ shape: [Int], _ weight: [Double], _ weightShape: [Int], stride: Int, padding: Int,
    dilation: Int = 1, groups: Int = 1
  ) -> [Double] {
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let (outs, ins, kernel) = (weightShape[0], weightShape[1], weightShape[2])
    let outHeight = (height + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    let outWidth = (width + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    var result = [Double](repeating: 0, count: batch * outHeight * outWidth * outs)
    for b in 0..<batch {
      for y in 0..<outHeight {
        for x0 in 0..<outWidth {
          for o in 0..<outs {
            var sum = 0.0
            let firstIn = o / (outs / groups) * ins
            for ky in 0..<kernel {
              let iy = y * stride + ky * dilation - padding
              if iy < 0 || iy >= height { continue }
              for kx in 0..<kernel {
                let ix = x0 * stride + kx * dilation - padding
                if ix < 0 || ix >= width { continue }
                for i in 0..<ins {
                  sum +=
                    x[((b * height + iy) * width + ix) * channels + firstIn + i]
                    * weight[((o * ins + i) * kernel + ky) * kernel + kx]
                }
              }
            }
            result[((b * outHeight + y) * outWidth + x0) * outs + o] = sum
          }
        }
      }
    }
    return result
  }

  static func batchNorm(
    _ x: [Double], channels: Int, scale: [Double], shift: [Double], epsilon: Double,
    activation: (Double) -> Double
  ) -> [Double] {
    let rows = Double(x.count / channels)
    var (mean, variance) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for (i, value) in x.enumerated() { mean[i % channels] += value / rows }
    for (i, value) in x.enumerated() { variance[i % channels] += pow(value - mean[i % channels], 2) / rows }
    return x.enumerated().map { i, value in
      let c = i % channels
      return activation((value - mean[c]) / (variance[c] + epsilon).squareRoot() * scale[c] + shift[c])
    }
  }

  static func maxPool(_ x: [Double], _ shape: [Int], kernel: Int, stride: Int, padding: Int) -> [Double] {
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let outHeight = (height + 2 * padding - kernel) / stride + 1
    let outWidth = (width + 2 * padding - kernel) / stride + 1
    var result: [Double] = []
    for b in 0..<batch {
      for y in 0..<outHeight {
        for x0 in 0..<outWidth {
          for c in 0..<channels {
            var best = -Double.infinity
            for iy in (y * stride - padding)..<(y * stride - padding + kernel) where iy >= 0 && iy < height {
              for ix in (x0 * stride - padding)..<(x0 * stride - padding + kernel) where ix >= 0 && ix < width
              {
                best = max(best, x[((b * height + iy) * width + ix) * channels + c])
              }
            }
            result.append(best)
          }
        }
      }
    }
    return result
  }

  static func softmax(_ x: [Double], length: Int) -> [Double] {
    stride(from: 0, to: x.count, by: length).flatMap { start in
      let row = x[start..<(start + length)].map(exp)
      let sum = row.reduce(0, +)
      return row.map { $0 / sum }
    }
  }

  /// `[batch, rows, inner] · [batch, inner, columns]`.
  static func product(
    _ a: [Double], _ b: [Double], batch: Int, rows: Int, inner: Int, columns: Int, shared: Bool = false
  ) -> [Double] {
    var result: [Double] = []
    for n in 0..<batch {
      for r in 0..<rows {
        for c in 0..<columns {
          var sum = 0.0
          for i in 0..<inner {
            sum += a[(n * rows + r) * inner + i] * b[((shared ? 0 : n) * inner + i) * columns + c]
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  static func transposed(_ a: [Double], batch: Int, rows: Int, columns: Int) -> [Double] {
    var result: [Double] = []
    for n in 0..<batch {
      for c in 0..<columns { for r in 0..<rows { result.append(a[(n * rows + r) * columns + c]) } }
    }
    return result
  }

  static func attention(
    _ x: [Double], batch: Int, positions: Int, heads: Int, key: Int, value: Int
  ) -> [Double] {
    let headWidth = 2 * key + value
    let row = heads * headWidth
    var result = [Double](repeating: 0, count: batch * positions * heads * value)
    for b in 0..<batch {
      for h in 0..<heads {
        func at(_ n: Int, _ c: Int) -> Double { x[(b * positions + n) * row + h * headWidth + c] }
        for i in 0..<positions {
          let scores = (0..<positions).map { j in
            (0..<key).reduce(0) { $0 + at(i, $1) * at(j, key + $1) } / Double(key).squareRoot()
          }
          let weights = softmax(scores, length: positions)
          for c in 0..<value {
            result[((b * positions + i) * heads + h) * value + c] =
              (0..<positions).reduce(0) { $0 + weights[$1] * at($1, 2 * key + c) }
          }
        }
      }
    }
    return result
  }
}
