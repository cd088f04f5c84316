public import PoseCore

/// One thing that is wrong with a data set, and where.
public struct Finding: Sendable, Equatable {
  public var kind: FindingKind
  /// The file to look at.
  public var path: String
  /// The line in a text file, from 1; in a COCO file the place in `annotations`, from 0.
  public var row: Row?
  public var message: String
  /// The picture that shows it.
  public var image: String?
  /// The objects in question, in pixels of the upright picture.
  public var objects: [Instance] = []
  /// Their keypoints in question.
  public var keypoints: [Int] = []

  public enum Row: Sendable, Equatable {
    case line(Int)
    case annotation(Int)
  }

  public init(_ kind: FindingKind, _ path: String, row: Row? = nil, _ message: String, image: String? = nil) {
    self.kind = kind
    self.path = path
    self.row = row
    self.message = message
    self.image = image
  }

  /// `path:line`, as editors take it.
  public var place: String {
    switch row {
    case .line(let line): "\(path):\(line)"
    case .annotation(let index): "\(path): annotations[\(index)]"
    case nil: path
    }
  }
}

extension Finding: CustomStringConvertible {
  public var description: String { "\(place): \(kind.severity.rawValue): \(message)" }
}
