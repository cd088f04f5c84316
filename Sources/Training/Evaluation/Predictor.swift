public import Imaging
internal import Layers
public import PoseCore
internal import Tensor

/// Runs a model over pictures.
public final class Predictor {
  public let network: PoseNetwork
  public var decoder: DetectionDecoder
  /// Pictures are scaled to fit into a square of this side, in pixels; a model of one size alone goes by that.
  public let imageSize: Int
  /// Sides of the network's input are multiples of this.
  public let sizeMultiple: Int

  /// - Precondition: `imageSize` is a multiple of `sizeMultiple`.
  public init(network: PoseNetwork, decoder: DetectionDecoder, imageSize: Int, sizeMultiple: Int) {
    precondition(
      imageSize.isMultiple(of: sizeMultiple), "Predictor: \(imageSize) is no multiple of \(sizeMultiple)")
    self.network = network
    self.decoder = decoder
    self.imageSize = imageSize
    self.sizeMultiple = sizeMultiple
  }

  /// What was found in one picture, in its own pixels, best first.
  ///
  /// - Throws: what a foreign engine fails with.
  public func callAsFunction(_ image: Image) throws -> [Detection] {
    let fixed = network.model.head.inputLimits.size
    let letterbox = Letterbox.prediction(
      source: ImageSize(width: image.width, height: image.height),
      network: fixed ?? ImageSize(side: imageSize), stride: fixed == nil ? sizeMultiple : nil)
    let input = letterbox.apply(to: image)
    let tensor = input.pixels.withUnsafeBufferPointer {
      Tensor(
        unitRange: $0, shape: [1, input.height, input.width, 3], network.precision, on: network.store.device)
    }
    let output = try network.checked(tensor, network.pass(.inference))
    return decoder.detections(output, image: 0, network: network, letterbox: letterbox)
  }

  /// Predicts on files one after the other.
  ///
  /// - Parameter handle: gets each picture, upright, with what was found; what it throws ends the prediction.
  /// - Throws: `ImageError` for a picture that cannot be read.
  public func predict(
    _ paths: [String], cancellation: CancellationFlag? = nil,
    handle: (_ path: String, _ image: Image, _ detections: [Detection]) throws -> Void
  ) throws {
    var pictures = PictureReader(paths)
    while cancellation?.isSet != true, let (path, picture) = pictures.read() {
      let image = try picture.get()
      try handle(path, image, try self(image))
    }
  }
}
