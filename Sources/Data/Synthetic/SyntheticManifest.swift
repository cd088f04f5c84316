internal import FileSystem
internal import Foundation

/// What a synthetic data set was made with; written into its folder last of all.
struct SyntheticManifest: Codable, Equatable {
  /// Grows whenever the same options give other pictures.
  static let currentVersion = 1
  static let fileName = "synthetic-people.json"

  var version = currentVersion
  /// Nil for people.
  var figure: SyntheticFigure?
  var options: SyntheticPeople.Options
  var images: Int
  var size: Int
  var seed: UInt64
  var validationFraction: Double

  /// How many of the pictures are for validation: at least one if a fraction is asked for, never all.
  var validationImages: Int {
    guard validationFraction > 0, images > 1 else { return 0 }
    return min(images - 1, max(1, Int((Double(images) * validationFraction).rounded())))
  }

  var trainingImages: Int { images - validationImages }

  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(
      Array(encoder.encode(self)) + [0x0A], to: folder + "/" + Self.fileName, durable: false)
  }

  /// The manifest in a folder, or nil if there is none that can be read.
  static func read(from folder: String) -> SyntheticManifest? {
    guard let data = FileManager.default.contents(atPath: folder + "/" + fileName) else { return nil }
    return try? JSONDecoder().decode(SyntheticManifest.self, from: data)
  }

  /// How the data set asked for differs from this one, in words; nil if it does not.
  func difference(from wanted: SyntheticManifest) -> String? {
    if version != wanted.version { return "version \(version) of the generator, not \(wanted.version)" }
    if figure != wanted.figure {
      return "\((figure ?? .person).plural), not \((wanted.figure ?? .person).plural)"
    }
    if seed != wanted.seed { return "seed \(seed), not \(wanted.seed)" }
    if images != wanted.images { return "\(images) images, not \(wanted.images)" }
    if size != wanted.size { return "\(size) pixels a side, not \(wanted.size)" }
    if validationFraction != wanted.validationFraction {
      return "a validation fraction of \(validationFraction), not \(wanted.validationFraction)"
    }
    return options == wanted.options ? nil : "other options"
  }
}
