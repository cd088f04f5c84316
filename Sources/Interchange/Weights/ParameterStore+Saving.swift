public import Layers
public import Tensor

extension SafetensorsWriter {
  /// Adds a tensor, whose numbers are read while the file is written.
  public mutating func add(_ name: String, _ tensor: Tensor) {
    add(name, type: .f32, shape: tensor.shape) { sink in
      try tensor.withHostValues { try sink(UnsafeRawBufferPointer($0)) }
    }
  }
}

extension ParameterStore {
  /// Adds all parameters and buffers to a file, under their names; they are read while it is written.
  ///
  /// - Parameters:
  ///   - values: numbers in the order of the store; nil takes its own. For averages of weights.
  ///   - prefix: what the file's names get before the model's.
  public func add(to writer: inout SafetensorsWriter, values: Tensor? = nil, prefix: String = "") {
    let numbers = values ?? self.values
    precondition(numbers.count == self.values.count, "\(numbers.count) values for \(self.values.count)")
    for state in states {
      guard let offset = offset(of: state.path) else { continue }
      let count = state.shape.reduce(1, *)
      writer.add(prefix + state.path, numbers.run(offset..<(offset + count), shape: state.shape))
    }
  }

  /// Saves all parameters and buffers as a safetensors file, under their names.
  ///
  /// - Parameters:
  ///   - metadata: free text entries of the file.
  ///   - values: numbers in the order of the store; nil takes its own.
  /// - Throws: `SafetensorsError`; a file that was there is then as before.
  public func save(to path: String, metadata: [String: String] = [:], values: Tensor? = nil) throws {
    var writer = SafetensorsWriter(metadata: metadata)
    add(to: &writer, values: values)
    try writer.write(to: path)
  }
}
