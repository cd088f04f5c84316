/// Notices that the fitness has not improved for a while.
public struct EarlyStopping: Sendable, Equatable, Codable {
  /// Epochs without a better fitness after which training stops; 0 never stops.
  public var patience: Int
  public private(set) var bestFitness = 0.0
  /// Counted from 1; 0 before the first.
  public private(set) var bestEpoch = 0

  public init(patience: Int) { self.patience = patience }

  /// - Parameters:
  ///   - fitness: nil if the epoch was not validated.
  ///   - epoch: counted from 1.
  /// - Returns: whether to stop now.
  public mutating func shouldStop(fitness: Double?, epoch: Int) -> Bool {
    guard let fitness else { return false }
    // While nothing has been found yet, every epoch counts as progress.
    if fitness > bestFitness || bestFitness == 0 {
      bestFitness = fitness
      bestEpoch = epoch
    }
    return patience > 0 && epoch - bestEpoch >= patience
  }
}
