internal import CImageCodecs
internal import FileSystem

extension Image {
  /// How much colour detail a JPEG keeps.
  public enum ChromaSubsampling: Sendable, CaseIterable {
    /// A colour sample for each pixel (4:4:4): for drawings and text.
    case none
    /// One for each 2×2 pixels (4:2:0): for photographs.
    case quarter
  }

  /// Encodes as JPEG; the same bytes for the same picture.
  ///
  /// - Parameter quality: 1 (smallest) to 100 (best).
  /// - Throws: `ImageError` with `.notEncodable` if a side is above 65,535 pixels.
  public func jpeg(
    quality: Int = 90, subsampling: ChromaSubsampling = .quarter
  ) throws(ImageError) -> [UInt8] {
    precondition((1...100).contains(quality), "Image.jpeg: quality \(quality) is not in 1...100")
    guard width <= 65_535, height <= 65_535 else {
      throw ImageError(.notEncodable("JPEG sides go up to 65535 pixels, not \(width)×\(height); use .png"))
    }
    guard let encoder = tjInitCompress() else { throw ImageError(.notEncodable("out of memory")) }
    defer { tjDestroy(encoder) }
    var bytes: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    let status = tjCompress2(
      encoder, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &bytes, &count,
      Int32((subsampling == .none ? TJSAMP_444 : TJSAMP_420).rawValue), Int32(quality), TJFLAG_ACCURATEDCT)
    defer { tjFree(bytes) }
    guard status == 0, let bytes else {
      throw ImageError(.notEncodable(String(cString: tjGetErrorStr2(encoder))))
    }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: Int(count)))
  }

  /// Encodes as PNG; the same bytes for the same picture and version of zlib.
  ///
  /// - Parameter compression: 0 (none) to 9 (smallest).
  public func png(compression: Int = 6) throws(ImageError) -> [UInt8] {
    precondition((0...9).contains(compression), "Image.png: compression \(compression) is not in 0...9")
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(PL_PNG_MESSAGE))
    let status = pl_png_encode(
      pixels, UInt32(width), UInt32(height), Int32(compression), &bytes, &count, &message)
    defer { pl_png_free(bytes) }
    guard status == PL_PNG_OK, let bytes else {
      throw ImageError(.notEncodable(status == PL_PNG_NO_MEMORY ? "out of memory" : Image.text(message)))
    }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Writes a file in the format its extension names; it appears whole or not at all.
  ///
  /// - Parameters:
  ///   - quality: of a JPEG.
  ///   - durable: wait until the disk has it; see `AtomicFile`.
  public func write(
    to path: String, quality: Int = 90, subsampling: ChromaSubsampling = .quarter, durable: Bool = true
  ) throws(ImageError) {
    do throws(ImageError) {
      let bytes =
        switch ImageFormat(pathExtensionOf: path) {
        case .jpeg: try jpeg(quality: quality, subsampling: subsampling)
        case .png: try png()
        case nil: throw ImageError(.unknownExtension)
        }
      do throws(FileError) {
        try AtomicFile.write(bytes, to: path, durable: durable)
      } catch {
        throw ImageError(.file(error))
      }
    } catch {
      throw error.at(path)
    }
  }
}
