internal import Foundation

/// Where a training loop stands, apart from tensors: with them, all that is needed to go on to the same bits.
public struct LoopState: Sendable, Codable, Equatable {
  /// Epochs that are done.
  public var epoch = 0
  /// Batches of the next epoch that are done; all of them if only its validation is missing.
  public var batch = 0
  /// Iteration of the optimiser's last step, counted over the run; -1 before the first.
  public var lastStep = -1
  /// Sums of the loss's items over the batches of the next epoch that are done.
  public var lossSums: [Double] = []
  public var averageUpdates = 0
  public var optimizer = ""
  public var optimizerSteps = 0
  public var stopping: EarlyStopping
  public var bestFitness: Double?
  public var bestEpoch: Int?
  /// Seconds of training so far.
  public var seconds = 0.0
  /// Seconds of it in the epoch that is not finished.
  public var epochSeconds = 0.0
  /// Set when no epoch is to follow.
  public var isComplete = false
  public var ending: String?
  public var history: [EpochRecord] = []
  /// What the run began with.
  public var identity: RunIdentity?

  public init(stopping: EarlyStopping) { self.stopping = stopping }
}

extension LoopState {
  /// As text, numbers exact.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  init(json: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    self = try decoder.decode(LoopState.self, from: Data(json.utf8))
  }
}
