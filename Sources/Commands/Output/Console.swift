internal import Foundation

/// The standard streams: results go to standard output, everything else to standard error.
enum Console {
  static func output(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// A line of the log.
  static func plain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  static func note(_ text: String) { plain(text.hasPrefix("note: ") ? text : "note: " + text) }

  static func warning(_ text: String) {
    plain(text.contains("warning: ") ? text : "warning: " + text)
  }

  /// Compiler-like messages say themselves that they are errors.
  static func error(_ text: String) {
    plain(text.hasPrefix("error: ") || text.contains(": error: ") ? text : "error: " + text)
  }

  /// Text without a line end, for progress bars.
  static func raw(_ text: String) { write(text, to: STDERR_FILENO) }

  /// Whether standard error is a terminal that understands cursor movements.
  static let isTerminal: Bool =
    isatty(STDERR_FILENO) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Columns of the terminal; 80 where there is none.
  static var width: Int {
    var size = winsize()
    if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 { return Int(size.ws_col) }
    return 80
  }

  private static func write(_ text: String, to file: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      // A reader that has gone away is no failure of the command.
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
