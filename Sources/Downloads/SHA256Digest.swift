internal import CCrypto
internal import FileSystem

/// SHA-256 of files.
enum SHA256Digest {
  /// The digest in hexadecimal digits.
  ///
  /// - Throws: `FileError`.
  static func of(file path: String) throws -> String {
    let file = try RandomAccessFile(path)
    guard let context = EVP_MD_CTX_new() else { throw FileError(.read, path: path, code: 12) }
    defer { EVP_MD_CTX_free(context) }
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while offset < file.size {
      let count = try buffer.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
      if count == 0 { break }
      EVP_DigestUpdate(context, buffer, count)
      offset += count
    }
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
