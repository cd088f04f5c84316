internal import FileSystem
internal import Foundation

/// What a run's folder remembers of its log on a server: `mlflow.json`.
struct MLflowRecord: Codable {
  static let name = "mlflow.json"

  var server: String
  /// The run's own tag, by which it is found again where its id never arrived.
  var key: String
  var experimentID: String?
  var runID: String?
  /// Where the server keeps the run's files.
  var artifactURI: String?
  var hasParameters = false
  /// The last epoch that the server has.
  var lastEpoch = 0

  init(server: String) {
    self.server = server
    key = UUID().uuidString.lowercased()
  }

  /// That of a folder, if it speaks of this server.
  init?(folder: String, server: String) {
    guard let data = try? Data(contentsOf: URL(filePath: folder + "/" + Self.name)),
      let found = try? JSONDecoder().decode(MLflowRecord.self, from: data), found.server == server
    else { return nil }
    self = found
  }

  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    try AtomicFile.write(text, to: folder + "/" + Self.name, durable: false)
  }

  private enum CodingKeys: String, CodingKey {
    case server, key
    case experimentID = "experiment_id"
    case runID = "run_id"
    case artifactURI = "artifact_uri"
    case hasParameters = "has_parameters"
    case lastEpoch = "last_epoch"
  }
}
