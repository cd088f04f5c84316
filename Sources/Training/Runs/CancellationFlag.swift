internal import Synchronization

/// Asks a run to stop after its current step, as from a signal handler: setting it takes no lock and no memory.
public final class CancellationFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public var isSet: Bool { flag.load(ordering: .acquiring) }

  public func set() { flag.store(true, ordering: .releasing) }
}
