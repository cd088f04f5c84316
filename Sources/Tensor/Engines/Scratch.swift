/// Lends uninitialised floats, aligned to 64 bytes.
package func withScratch<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
  let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
  defer { raw.deallocate() }
  return body(raw.assumingMemoryBound(to: Float.self))
}
