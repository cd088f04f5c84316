import OneDNN
import Tensor
import Testing

/// The devices that every test of numbers runs on.
enum TestDevice: String, CaseIterable, CustomTestStringConvertible {
  case openblas
  case onednn

  var testDescription: String { rawValue }

  func make() -> Device { Device(engine: self == .openblas ? OpenBLASEngine() : OneDNNEngine()) }
}

/// Seeded numbers in −1…1.
func numbers(_ count: Int, seed: Int) -> [Double] {
  var stream = RandomStream(seed: UInt64(seed), purpose: .test)
  return (0..<count).map { _ in Double(Float(stream.uniform(-1, 1))) }
}

/// The largest difference relative to the largest number.
func relativeError(_ actual: [Float], _ expected: [Double]) -> Double {
  let size = expected.reduce(0) { max($0, abs($1)) }
  let difference = zip(actual, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
  return size == 0 ? difference : difference / size
}

/// Compares a tensor function and its gradients with a plain double-precision version of it.
///
/// The gradient of Σ weight · result is taken on the tape, and by central differences of `plain`.
func checkGradients(
  _ shapes: [[Int]], on device: Device, seed: Int = 1, tolerance: Double = 2e-4, probes: Int = 24,
  tensors function: ([Tensor]) -> Tensor, plain: ([[Double]]) -> [Double],
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  let inputs = shapes.enumerated().map { numbers($1.reduce(1, *), seed: seed + 10 * $0) }
  let buffers = shapes.map { GradientBuffer(Tensor(zeros: $0, on: device)) }
  let leaves = zip(zip(inputs, shapes), buffers).map {
    Tensor($0.0.map(Float.init), shape: $0.1, on: device).asLeaf($1)
  }
  let result = function(leaves)
  let expected = plain(inputs)
  let forwardError = relativeError(result.copyToHost(), expected)
  #expect(forwardError < tolerance, "forward", sourceLocation: sourceLocation)

  let weights = numbers(expected.count, seed: seed + 1000)
  result.backward(seed: Tensor(weights.map(Float.init), shape: result.shape, on: device))
  func objective(_ values: [[Double]]) -> Double {
    zip(plain(values), weights).reduce(0) { $0 + $1.0 * $1.1 }
  }
  var stream = RandomStream(seed: UInt64(seed), purpose: .test, index: 7)
  for (index, buffer) in buffers.enumerated() {
    let actual = buffer.tensor.copyToHost()
    let places =
      actual.count <= probes
      ? Array(actual.indices) : (0..<probes).map { _ in stream.integer(below: actual.count) }
    let numeric = places.map { place in
      var (above, below) = (inputs, inputs)
      above[index][place] += 1e-5
      below[index][place] -= 1e-5
      return (objective(above) - objective(below)) / 2e-5
    }
    let size = max(1e-3, actual.reduce(0) { max($0, abs(Double($1))) })
    let error = zip(places, numeric).reduce(0) { max($0, abs(Double(actual[$1.0]) - $1.1)) } / size
    #expect(error < tolerance, "gradient of input \(index)", sourceLocation: sourceLocation)
  }
}
