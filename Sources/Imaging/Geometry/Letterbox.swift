/// How a picture fits into a network's input: scaled as a whole, the rest padded on both sides.
///
/// Holds the way there and the way back. Points are (x, y), boxes (x1, y1, x2, y2); *source* means pixels of the
/// original picture, *input* pixels of the network's input.
///
/// Rounding follows the reference implementation (Ultralytics 8.4), where prediction and validation differ.
public struct Letterbox: Sendable, Equatable {
  /// The original picture.
  public let source: ImageSize
  /// After the loader's own resize, with which validation begins; equals `source` in prediction.
  public let loaded: ImageSize
  /// The picture's part of the input.
  public let resized: ImageSize
  /// Padding around the picture, in pixels; an odd pixel goes to the bottom and to the right.
  public let left: Int
  public let top: Int
  public let right: Int
  public let bottom: Int

  /// Grey of the padding, in each channel.
  public static let padding: UInt8 = 114

  /// The network's input.
  public var output: ImageSize {
    ImageSize(width: left + resized.width + right, height: top + resized.height + bottom)
  }
  /// Input pixels for a source pixel, along x.
  public var gainX: Double { Double(resized.width) / Double(source.width) }
  /// Input pixels for a source pixel, along y; rounding makes it differ from `gainX`.
  public var gainY: Double { Double(resized.height) / Double(source.height) }

  /// For prediction: scaled up or down with sides rounded to the nearest pixel, half to even.
  ///
  /// - Parameter stride: if given, the input is not `network` but the smallest rectangle inside it around the
  ///   picture that is padded by less than a stride ("rect" or "auto" mode).
  public static func prediction(source: ImageSize, network: ImageSize, stride: Int? = nil) -> Letterbox {
    Letterbox(source: source, loaded: source, network: network, stride: stride, scalesUp: true)
  }

  /// For validation and training: the long side is first made `imageSize`, sides rounded up, then padded.
  ///
  /// - Parameter network: the batch's shape in rectangular validation; square if absent.
  public static func validation(
    source: ImageSize, imageSize: Int, network: ImageSize? = nil
  ) -> Letterbox {
    Letterbox(
      source: source, loaded: loadedSize(of: source, imageSize: imageSize),
      network: network ?? ImageSize(side: imageSize), stride: nil, scalesUp: false)
  }

  /// The size a data loader gives a picture before anything else: the long side becomes `imageSize`.
  public static func loadedSize(of source: ImageSize, imageSize: Int) -> ImageSize {
    let longest = max(source.width, source.height)
    if longest == imageSize { return source }
    let ratio = Double(imageSize) / Double(longest)
    func scaled(_ side: Int) -> Int {
      max(1, min(Int((Double(side) * ratio).rounded(.up)), imageSize))
    }
    return ImageSize(width: scaled(source.width), height: scaled(source.height))
  }

  private init(source: ImageSize, loaded: ImageSize, network: ImageSize, stride: Int?, scalesUp: Bool) {
    precondition(
      source.width > 0 && source.height > 0 && network.width > 0 && network.height > 0,
      "Letterbox: \(source) into \(network)")
    var ratio = min(
      Double(network.height) / Double(loaded.height), Double(network.width) / Double(loaded.width))
    if !scalesUp { ratio = min(ratio, 1) }
    func scaled(_ side: Int) -> Int { max(1, Int((Double(side) * ratio).rounded(.toNearestOrEven))) }
    self.source = source
    self.loaded = loaded
    resized = ImageSize(width: scaled(loaded.width), height: scaled(loaded.height))

    func split(_ padding: Int) -> (Int, Int) {
      let half = Double(stride.map { padding % $0 } ?? padding) / 2
      return (
        Int((half - 0.1).rounded(.toNearestOrEven)), Int((half + 0.1).rounded(.toNearestOrEven))
      )
    }
    (left, right) = split(network.width - resized.width)
    (top, bottom) = split(network.height - resized.height)
  }
}
