/// What is wrong with a COCO file, and where.
public struct COCOFileError: Error, Sendable, Equatable, CustomStringConvertible {
  public var path: String
  /// The place inside the file: `annotations[12].bbox`, `byte 4096`; empty for the file as a whole.
  public var place: String
  public var message: String

  public init(path: String, place: String = "", message: String) {
    self.path = path
    self.place = place
    self.message = message
  }

  public var description: String {
    place.isEmpty ? "\(path): error: \(message)" : "\(path): \(place): error: \(message)"
  }
}
