public import Foundation

/// A file on a server, and what is known of it beforehand.
public struct RemoteFile: Sendable, Hashable {
  public var url: URL
  /// Bytes; nil where only the server knows.
  public var size: Int?
  /// SHA-256 in hexadecimal digits; nil where nobody has said.
  public var sha256: String?

  public init(_ url: URL, size: Int? = nil, sha256: String? = nil) {
    self.url = url
    self.size = size
    self.sha256 = sha256?.lowercased()
  }

  /// The last part of the address, for messages and files.
  public var name: String { url.lastPathComponent }
}
