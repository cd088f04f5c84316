public import FileSystem

/// Why a picture cannot be read or written, and which file it is.
public struct ImageError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Reason: Sendable, Equatable {
    case missing
    /// The system refused to open, read or write the file.
    case file(FileError)
    case empty
    /// The content is of no picture format.
    case notAnImage
    /// A picture in a format or variant that is not read here; the text names it.
    case unsupported(String)
    /// The file ends before the picture does.
    case truncated
    /// The content breaks its format's rules; the decoder's words.
    case corrupt(String)
    /// More pixels than the limit in force; stated by the header, nothing was decoded.
    case tooLarge(width: Int, height: Int, limit: Int)
    /// A path to write to whose extension names no format.
    case unknownExtension
    /// The encoder refused; its words.
    case notEncodable(String)
  }

  public var reason: Reason
  /// `nil` for bytes in memory.
  public var path: String?

  public init(_ reason: Reason, path: String? = nil) {
    self.reason = reason
    self.path = path
  }

  public var description: String {
    let text =
      switch reason {
      case .missing: "no such file"
      case .file(let error): "cannot \(error.operation.rawValue) this file: \(error.reason)"
      case .empty: "the file is empty (0 bytes)"
      case .notAnImage: "not a picture: the content is neither JPEG nor PNG"
      case .unsupported(let what): "\(what) is not supported; convert the picture to JPEG or PNG"
      case .truncated: "the picture is truncated: the file ends too early; fetch it again"
      case .corrupt(let why): "the picture is corrupt: \(why)"
      case .tooLarge(let width, let height, let limit):
        "\(width)×\(height) pixels are more than the limit of \(limit); shrink the picture or raise the limit"
      case .unknownExtension: "the extension names no picture format; use .jpg or .png"
      case .notEncodable(let why): "the picture cannot be encoded: \(why)"
      }
    return "\(path ?? "picture"): \(text)"
  }

  func at(_ path: String?) -> ImageError {
    var copy = self
    copy.path = self.path ?? path
    return copy
  }

  init(_ error: FileError) {
    self.init(error.isMissing ? .missing : .file(error), path: error.path)
  }
}
