public import Imaging
public import PoseCore
public import Tensor

/// Samples in the form in which the network takes them.
public struct Batch: Sendable {
  /// `[count, inputSize.height, inputSize.width, 3]`, RGB.
  public let pixels: PixelBuffer
  /// Of every picture of the batch.
  public let inputSize: ImageSize
  /// Objects of each sample to be trained on, in pixels of the network's input.
  public let instances: [[Instance]]
  /// Which image of the index each sample is; of a mosaic, its first.
  public let indices: [Int]
  /// How each original picture lies in the input; empty in training.
  public let letterboxes: [Letterbox]

  public var count: Int { indices.count }

  /// The pixels as numbers from 0 to 1, `[count, height, width, 3]`.
  public func inputs(_ precision: Precision = .float32, on device: Device) -> Tensor {
    let shape = [count, inputSize.height, inputSize.width, 3]
    return pixels.withUnsafeBytes { bytes in
      Tensor(
        unitRange: UnsafeBufferPointer(rebasing: bytes[..<shape.reduce(1, *)]), shape: shape, precision,
        on: device)
    }
  }

  /// One sample's picture, for drawing.
  public func image(at sample: Int) -> Image {
    let length = inputSize.width * inputSize.height * 3
    return pixels.withUnsafeBytes { bytes in
      Image(
        width: inputSize.width, height: inputSize.height,
        pixels: Array(bytes[(sample * length)..<((sample + 1) * length)]))
    }
  }
}
