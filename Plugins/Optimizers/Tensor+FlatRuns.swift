internal import Tensor

extension Tensor {
  /// A run of a flat tensor's numbers, as a view.
  func run(_ range: Range<Int>) -> Tensor { run(range, shape: [range.count]) }

  /// Takes saved numbers, or zeros where there are none.
  ///
  /// - Precondition: as many as the tensor holds.
  func assign(_ numbers: [Float]?) {
    if let numbers {
      numbers.withUnsafeBufferPointer { copyFromHost($0) }
    } else {
      device.engine.fill(self, 0)
    }
  }
}
