import Interchange

/// PyTorch archives around a pickle, for tests and fuzzing.
enum HostileFiles {
  /// An archive with four storages of 64 bytes beside the pickle.
  static func archive(pickle: [UInt8]) throws -> [UInt8] {
    var writer = ZipWriter()
    writer.add("m/data.pkl", bytes: pickle)
    for index in 0..<4 { writer.add("m/data/\(index)", bytes: [UInt8](0..<64)) }
    return try writer.bytes()
  }
}
