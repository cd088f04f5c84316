internal import Foundation

/// Work on a thread of its own, for which another thread waits later.
///
/// `@unchecked Sendable`: `condition` guards all state.
final class BackgroundWork: @unchecked Sendable {
  private let condition = NSCondition()
  private var result: Result<Void, any Error>?

  /// Begins at once.
  ///
  /// - Parameter body: on the other thread. What it reads must not change until `wait()` has returned.
  init(named name: String, _ body: @escaping () throws -> Void) {
    let work = Work(body: body)
    let thread = Thread { [self] in
      let result = Result { try work.body() }
      condition.withLock {
        self.result = result
        condition.broadcast()
      }
    }
    thread.name = name
    thread.start()
  }

  /// Returns once the work is done.
  ///
  /// - Throws: what the work threw.
  func wait() throws {
    condition.lock()
    defer { condition.unlock() }
    while result == nil { condition.wait() }
    try result?.get()
  }

  /// Unchecked: whoever begins the work keeps what it reads as it is.
  private struct Work: @unchecked Sendable {
    let body: () throws -> Void
  }
}
