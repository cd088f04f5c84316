internal import CImageCodecs
internal import FileSystem

extension Image {
  /// Reads a JPEG or PNG file, recognised by its content.
  ///
  /// Pixels equal those of OpenCV's `imread` in colour mode: grey is repeated, alpha dropped, 16 bits cut to the
  /// high 8, Exif orientation honoured. Unlike there a truncated file is an error, and CMYK is inverted only
  /// where an Adobe marker says so.
  ///
  /// - Throws: `ImageError` with the path and the reason.
  public init(contentsOf path: String, options: DecodeOptions = DecodeOptions()) throws(ImageError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try RandomAccessFile.contents(of: path)
    } catch {
      throw ImageError(error)
    }
    do throws(ImageError) {
      self = try Image(decoding: bytes, options: options)
    } catch {
      throw error.at(path)
    }
  }

  /// Decodes a JPEG or PNG in memory; see `init(contentsOf:options:)`.
  public init(decoding bytes: [UInt8], options: DecodeOptions = DecodeOptions()) throws(ImageError) {
    let header = try ImageHeader(decoding: bytes, limits: options.limits)
    var image: Image
    if let jpeg = header.jpeg {
      image = try Image(jpeg: bytes, header: header, details: jpeg, options: options)
    } else {
      image = try Image(png: bytes, header: header)
    }
    if options.appliesOrientation { image = image.upright(from: header.orientation) }
    self = image
  }

  private init(png bytes: [UInt8], header: ImageHeader) throws(ImageError) {
    var message = [CChar](repeating: 0, count: Int(PL_PNG_MESSAGE))
    var status = PL_PNG_OK
    self.init(width: header.storedWidth, height: header.storedHeight) { pixels in
      status = pl_png_decode(
        bytes, bytes.count, UInt32(header.storedWidth), UInt32(header.storedHeight), pixels.baseAddress,
        &message)
    }
    switch status {
    case PL_PNG_OK: return
    case PL_PNG_TRUNCATED: throw ImageError(.truncated)
    case PL_PNG_NO_MEMORY: throw ImageError(.corrupt("out of memory"))
    default: throw ImageError(.corrupt(Image.text(message)))
    }
  }

  /// A picture whose pixels `fill` writes, all of them: they start undefined.
  init(width: Int, height: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    let count = width * height * 3
    self.init(
      width: width, height: height,
      pixels: [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      })
  }

  static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
