internal import CImageCodecs

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension Image {
  /// Decodes with the accurate integer DCT and smooth chroma upsampling, as OpenCV does.
  init(
    jpeg bytes: [UInt8], header: ImageHeader, details: ImageHeader.JPEGDetails, options: DecodeOptions
  ) throws(ImageError) {
    if details.isProgressive {
      let scans = JPEGStream.scans(in: bytes, from: details.scanStart, atMost: options.limits.scans + 1)
      if scans > options.limits.scans {
        throw ImageError(.corrupt("more than \(options.limits.scans) scans"))
      }
    }
    guard let decoder = tjInitDecompress() else { throw ImageError(.corrupt("out of memory")) }
    defer { tjDestroy(decoder) }
    let width = options.jpegScale.scaled(header.storedWidth)
    let height = options.jpegScale.scaled(header.storedHeight)

    func decode(to pixels: UnsafeMutablePointer<UInt8>?, _ format: TJPF) -> ImageError? {
      let status = tjDecompress2(
        decoder, bytes, UInt(bytes.count), pixels, Int32(width), 0, Int32(height), Int32(format.rawValue),
        TJFLAG_ACCURATEDCT)
      if status == 0 { return nil }
      let message = String(cString: tjGetErrorStr2(decoder))
      // A cut file can fail in many ways, and of several warnings only the first is known.
      if message.contains("remature end") || !JPEGStream.hasEnd(bytes, from: details.scanStart) {
        return ImageError(.truncated)
      }
      let isWarning = tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
      let isHarmless = isWarning && JPEGStream.harmlessWarnings.contains(where: message.contains)
      return isHarmless ? nil : ImageError(.corrupt(message))
    }

    var failure: ImageError?
    if details.components == 4 {
      let cmyk = [UInt8](unsafeUninitializedCapacity: width * height * 4) { buffer, initialized in
        failure = decode(to: buffer.baseAddress, TJPF_CMYK)
        initialized = failure == nil ? width * height * 4 : 0
      }
      if let failure { throw failure }
      self.init(width: width, height: height, cmyk: cmyk, inverted: details.hasAdobeMarker)
    } else {
      self.init(width: width, height: height) { failure = decode(to: $0.baseAddress, TJPF_RGB) }
      if let failure { throw failure }
    }
  }

  /// Converts inks to light as (1 - ink) × (1 - black), in 8-bit arithmetic.
  private init(width: Int, height: Int, cmyk: [UInt8], inverted: Bool) {
    let mask: UInt8 = inverted ? 0 : 255
    self.init(width: width, height: height) { pixels in
      cmyk.withUnsafeBufferPointer { cmyk in
        for pixel in 0..<width * height {
          let black = Int(cmyk[4 * pixel + 3] ^ mask)
          for channel in 0..<3 {
            let ink = Int(cmyk[4 * pixel + channel] ^ mask)
            pixels[3 * pixel + channel] = UInt8(black - ((255 - ink) * black) >> 8)
          }
        }
      }
    }
  }
}

/// Looks at a JPEG's entropy-coded data without decoding them.
enum JPEGStream {
  /// Warnings of libjpeg that leave the pixels whole.
  static let harmlessWarnings = ["extraneous bytes", "Adobe color transform", "Invalid SOS parameters"]

  /// Counts scan markers, but not beyond `limit`.
  static func scans(in bytes: [UInt8], from start: Int, atMost limit: Int) -> Int {
    var count = 0
    visitMarkers(in: bytes, from: start) { marker in
      if marker == 0xDA { count += 1 }
      return count < limit
    }
    return count
  }

  static func hasEnd(_ bytes: [UInt8], from start: Int) -> Bool {
    var found = false
    visitMarkers(in: bytes, from: start) { marker in
      found = marker == 0xD9
      return !found
    }
    return found
  }

  private static func visitMarkers(in bytes: [UInt8], from start: Int, _ visit: (UInt8) -> Bool) {
    bytes.withUnsafeBytes { buffer in
      var position = start
      while position + 1 < buffer.count, let base = buffer.baseAddress,
        let hit = memchr(base + position, 0xFF, buffer.count - 1 - position)
      {
        position = base.distance(to: UnsafeRawPointer(hit)) + 1
        if !visit(buffer[position]) { return }
      }
    }
  }
}
