internal import Imaging
internal import PoseCore

/// A batch under construction.
///
/// `@unchecked Sendable`: each sample's part is written by the one thread that loads it; the queue's lock stands
/// between the last write and the first read.
final class BatchAssembly: @unchecked Sendable {
  let batch: Int
  /// Samples still to come; guarded by the queue's lock.
  var missing: Int
  /// The first error by position; guarded by the queue's lock.
  var failure: (position: Int, error: any Error)?
  private let positions: Range<Int>
  private let inputSize: ImageSize
  private let pixels: PixelBuffer
  private let slots: UnsafeMutableBufferPointer<Slot?>

  /// A sample without its pixels.
  private struct Slot {
    var instances: [Instance]
    var index: Int
    var letterbox: Letterbox?
  }

  init(_ batch: Int, of source: some SampleSource, pool: PixelPool) {
    self.batch = batch
    positions = source.positions(of: batch)
    inputSize = source.inputSize(of: batch)
    missing = positions.count
    pixels = PixelBuffer(count: positions.count * inputSize.width * inputSize.height * 3, from: pool)
    slots = .allocate(capacity: positions.count)
    slots.initialize(repeating: nil)
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
  }

  private var sampleLength: Int { inputSize.width * inputSize.height * 3 }

  /// Puts a sample in its place; nil leaves it empty.
  func place(_ sample: LoadedSample?, at position: Int) {
    guard let sample else { return }
    precondition(sample.image.size == inputSize, "Loader: a picture of \(sample.image.size) for \(inputSize)")
    let slot = position - positions.lowerBound
    let target = UnsafeMutableRawBufferPointer(
      rebasing: UnsafeMutableRawBufferPointer(pixels.bytes)[
        (slot * sampleLength)..<((slot + 1) * sampleLength)])
    sample.image.pixels.withUnsafeBytes { target.copyMemory(from: $0) }
    slots[slot] = Slot(instances: sample.instances, index: sample.index, letterbox: sample.letterbox)
  }

  /// The finished batch; empty places are closed.
  func finished() -> Batch {
    let bytes = UnsafeMutableRawBufferPointer(pixels.bytes)
    var filled: [Slot] = []
    for (place, slot) in slots.enumerated() {
      guard let slot else { continue }
      if filled.count < place {
        let target = UnsafeMutableRawBufferPointer(
          rebasing: bytes[(filled.count * sampleLength)..<((filled.count + 1) * sampleLength)])
        target.copyMemory(
          from: UnsafeRawBufferPointer(
            rebasing: bytes[(place * sampleLength)..<((place + 1) * sampleLength)]))
      }
      filled.append(slot)
    }
    return Batch(
      pixels: pixels, inputSize: inputSize, instances: filled.map(\.instances), indices: filled.map(\.index),
      letterboxes: filled.compactMap(\.letterbox))
  }
}
