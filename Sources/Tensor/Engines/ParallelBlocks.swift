import Kernels

/// Runs `body` for each of `blocks` blocks of work, spread over the thread team. Blocks must not depend on each other.
package func parallelBlocks(_ blocks: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { escapable in
    var boxed = escapable
    withUnsafeMutablePointer(to: &boxed) { pointer in
      pl_for_blocks(
        blocks,
        { context, block in context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(block) },
        pointer)
    }
  }
}

/// Lends uninitialised floats, aligned to 64 bytes.
package func withScratch<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
  let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
  defer { raw.deallocate() }
  return body(raw.assumingMemoryBound(to: Float.self))
}
