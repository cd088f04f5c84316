public import Config
public import Imaging

/// What indexing a split found.
public struct IndexReport: Sendable {
  /// Images that are used.
  public var images = 0
  /// Used images without an object; label files may be missing or empty for them.
  public var backgrounds = 0
  /// Labelled objects of used images, and how many of them training takes.
  public var objects = 0
  public var trainableObjects = 0
  /// Images without a label file (text labels only).
  public var missingLabelFiles = 0
  /// Rows that were left out because something in them cannot be right.
  public var badRows = 0
  /// Rows that repeat another one of their file; each object counts once.
  public var duplicateRows = 0
  /// Images that cannot be used, each with the reason.
  public var skipped: [ImageError] = []
  /// Files whose content is of another format than their extension says; they are used.
  public var mislabelledExtensions: [String] = []
  /// What the user should know besides the counts.
  public var warnings: [Diagnostic] = []

  public init() {}
}

extension IndexReport: CustomStringConvertible {
  /// The counts on one line: `34 images, 86 people, 6 backgrounds`.
  public var description: String {
    func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
    var parts = [count(images, "image"), count(objects, "object"), count(backgrounds, "background")]
    if !skipped.isEmpty { parts.append(count(skipped.count, "unusable image")) }
    if badRows > 0 { parts.append("\(count(badRows, "bad label row")) left out") }
    if duplicateRows > 0 { parts.append("\(count(duplicateRows, "repeated label row")) left out") }
    return parts.joined(separator: ", ")
  }
}
