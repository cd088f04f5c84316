internal import Imaging
internal import PoseCore

/// Where a stream of batches gets its samples; called from several threads at once, in any order.
protocol SampleSource: Sendable {
  var batchCount: Int { get }
  /// Positions of a batch's samples; batches follow each other without gaps.
  func positions(of batch: Int) -> Range<Int>
  func inputSize(of batch: Int) -> ImageSize
  /// The sample at a position; nil leaves it out of its batch.
  func sample(at position: Int, of batch: Int) throws -> LoadedSample?
}

/// One sample on its way into a batch.
struct LoadedSample: Sendable {
  /// Of the batch's input size.
  var image: Image
  var instances: [Instance]
  var index: Int
  /// Nil in training.
  var letterbox: Letterbox?
}
