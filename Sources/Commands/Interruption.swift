internal import Foundation
internal import Synchronization
internal import Training

/// Ctrl-C and SIGTERM: the first asks to stop after the step at hand, the second stops at once.
enum Interruption {
  private static let flag = CancellationFlag()
  private static let count = Atomic<Int>(0)

  /// Begins to listen.
  ///
  /// - Returns: set by the first signal.
  static func listen() -> CancellationFlag {
    // Made before any signal can come: the handler must not be the first to touch them.
    _ = count.load(ordering: .relaxed)
    let shared = flag
    // Whoever started the program may have blocked them.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in Interruption.handle() }
      sigaddset(&signals, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    return shared
  }

  private static func handle() {
    flag.set()
    if count.add(1, ordering: .relaxed).oldValue > 0 { _exit(CommandOutcome.interrupted.rawValue) }
    let message: StaticString = "\nstopping after this step; once more stops at once\n"
    _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
  }
}
