/// The ways in which the YOLO family names a model's file: `yolo11n-pose.yaml` is `yolo11-pose.yaml` at scale `n`.
public struct ModelName: Sendable, Equatable {
  /// The file's name as given, with an extension.
  public var file: String
  /// The name without the scale's letter, where it may have one.
  public var family: String?
  /// The letter after the number.
  public var scale: String?

  /// - Parameter text: a file name or path; `.yaml` is added where there is no extension.
  public init(_ text: String) {
    let slash = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let name = text[slash...]
    let isYAML = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    file = isYAML ? text : text + ".yaml"
    // A digit, one small letter, then the end of the word.
    let characters = Array(file[slash...])
    for index in characters.indices.dropFirst() where Self.isScale(index, in: characters) {
      scale = String(characters[index])
      family = file[..<slash] + String(characters[..<index]) + String(characters[(index + 1)...])
      return
    }
  }

  private static func isScale(_ index: Int, in characters: [Character]) -> Bool {
    guard characters[index].isASCII, characters[index].isLowercase, characters[index - 1].isWholeNumber,
      index + 1 < characters.count
    else { return false }
    return "-._".contains(characters[index + 1])
  }
}
