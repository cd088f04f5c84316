/// Which of a model's numbered layers keep their numbers.
public enum FreezeOptions: Codable, Sendable, Equatable {
  case none
  /// The first so many layers.
  case first(Int)
  /// These layers.
  case layers([Int])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let count = try? container.decode(Int.self) {
      self = .first(count)
    } else {
      self = .layers(try container.decode([Int].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encodeNil()
    case .first(let count): try container.encode(count)
    case .layers(let list): try container.encode(list)
    }
  }

  /// Numbers of the frozen layers.
  public var indices: [Int] {
    switch self {
    case .none: []
    case .first(let count): Array(0..<max(0, count))
    case .layers(let list): list
    }
  }
}
