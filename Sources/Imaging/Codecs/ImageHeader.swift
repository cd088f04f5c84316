internal import FileSystem

/// What a picture's first bytes say about it; nothing is decoded.
public struct ImageHeader: Sendable, Equatable {
  /// By content, whatever the file is called.
  public var format: ImageFormat
  /// Columns as stored, before the orientation is applied.
  public var storedWidth: Int
  /// Rows as stored, before the orientation is applied.
  public var storedHeight: Int
  public var orientation: ImageOrientation
  var jpeg: JPEGDetails?

  /// Columns of the upright picture.
  public var width: Int { orientation.swapsAxes ? storedHeight : storedWidth }
  /// Rows of the upright picture.
  public var height: Int { orientation.swapsAxes ? storedWidth : storedHeight }

  /// What only the JPEG decoder needs to know.
  struct JPEGDetails: Sendable, Equatable {
    var components: Int
    var isProgressive: Bool
    /// An Adobe marker is present; its writers store CMYK inverted.
    var hasAdobeMarker: Bool
    /// Offset of the first scan.
    var scanStart: Int
  }

  /// Reads the header of a file: a few kilobytes, wherever in the file they are.
  ///
  /// - Throws: `ImageError` if there is no picture, or its header breaks off, or it is above the limits.
  public init(contentsOf path: String, limits: ImageLimits = ImageLimits()) throws(ImageError) {
    let file: RandomAccessFile
    do throws(FileError) {
      file = try RandomAccessFile(path)
    } catch {
      throw ImageError(error)
    }
    var source = HeaderSource(file: file)
    do throws(ImageError) {
      self = try ImageHeader(&source, limits: limits)
    } catch {
      throw error.at(path)
    }
  }

  /// Reads the header of a picture in memory.
  public init(decoding bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws(ImageError) {
    var source = HeaderSource(bytes: bytes)
    self = try ImageHeader(&source, limits: limits)
  }

  private init(_ source: inout HeaderSource, limits: ImageLimits) throws(ImageError) {
    switch try ImageFormat.sniff(source.bytes(at: 0, atMost: 16)) {
    case .jpeg: self = try ImageHeader(jpeg: &source)
    case .png: self = try ImageHeader(png: &source)
    }
    if storedWidth <= 0 || storedHeight <= 0 {
      throw ImageError(.corrupt("its header says \(storedWidth)×\(storedHeight) pixels"))
    }
    let (pixels, overflow) = storedWidth.multipliedReportingOverflow(by: storedHeight)
    if overflow || pixels > limits.pixels {
      throw ImageError(.tooLarge(width: storedWidth, height: storedHeight, limit: limits.pixels))
    }
  }

  init(
    format: ImageFormat, storedWidth: Int, storedHeight: Int, orientation: ImageOrientation,
    jpeg: JPEGDetails? = nil
  ) {
    self.format = format
    self.storedWidth = storedWidth
    self.storedHeight = storedHeight
    self.orientation = orientation
    self.jpeg = jpeg
  }

  /// Whether the extension of `path` promises this format; no extension promises nothing.
  public func matchesExtension(of path: String) -> Bool {
    ImageFormat(pathExtensionOf: path) == format
  }
}
