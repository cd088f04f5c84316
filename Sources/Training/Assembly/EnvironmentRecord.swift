internal import Foundation
internal import Tensor

/// What a run depends on besides its spec: `environment.json`.
struct EnvironmentRecord: Codable {
  var poselab: String
  var system: String
  var processor: String
  var cores: Int
  var memoryMB: Int
  var engine: String
  var threads: Int
  var seed: UInt64
  /// Of the training and the validation split; see `DatasetIndex.fingerprint`.
  var trainFingerprint: String
  var validationFingerprint: String
  var dataset: String
  var arguments: [String]

  init(engine: String, seed: UInt64, dataset: String, trainFingerprint: String, validationFingerprint: String)
  {
    let process = ProcessInfo.processInfo
    poselab = PoseLabVersion.current
    system = process.operatingSystemVersionString
    processor = Self.processorName
    cores = process.activeProcessorCount
    memoryMB = Int(process.physicalMemory / 1_048_576)
    self.engine = engine
    threads = Device.threads
    self.seed = seed
    self.trainFingerprint = trainFingerprint
    self.validationFingerprint = validationFingerprint
    self.dataset = dataset
    arguments = process.arguments
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  private static var processorName: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }
}

/// The version of this library.
public enum PoseLabVersion {
  public static let current = "0.1.0"
}
