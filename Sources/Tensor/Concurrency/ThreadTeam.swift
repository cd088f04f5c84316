import Kernels

/// Runs work on the process's one thread team (the team that kernels and oneDNN use).
///
/// Which member does what depends on the team's size, so results must not depend on it.
package enum ThreadTeam {
  /// Calls `body` once on each member of the team and waits for all.
  package static func run(_ body: @Sendable (_ part: Int, _ parts: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let work = Work(body)
      withExtendedLifetime(work) {
        pl_parallel(
          { context, part, parts in
            guard let context else { return }
            Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().body(Int(part), Int(parts))
          }, Unmanaged.passUnretained(work).toOpaque())
      }
    }
  }

  /// Calls `body` for every index below `count`; a member takes each `parts`-th block of `block` indices.
  package static func forEach(_ count: Int, block: Int = 1, _ body: @Sendable (Int) -> Void) {
    if count <= block {
      for index in 0..<count { body(index) }
      return
    }
    run { part, parts in
      var first = part * block
      while first < count {
        for index in first..<min(first + block, count) { body(index) }
        first += parts * block
      }
    }
  }

  /// Calls `body` for each of `count` blocks of work on memory; a member takes neighbouring blocks. They must not write to
  /// the same places.
  package static func forEachBlock(_ count: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { escapable in
      var boxed = escapable
      withUnsafeMutablePointer(to: &boxed) { pointer in
        pl_for_blocks(
          count,
          { context, block in context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(block) },
          pointer)
      }
    }
  }

  private final class Work: Sendable {
    let body: @Sendable (Int, Int) -> Void

    init(_ body: @escaping @Sendable (Int, Int) -> Void) { self.body = body }
  }
}
